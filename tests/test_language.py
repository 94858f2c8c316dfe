"""The guess of a language: scripts, everyday words, and silence where nothing speaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.language import guess


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("이 노래만 들으면 눈물이 나요", "ko"),
        ("도깨비 OST Stay With Me cover by 소담", "ko"),
        ("この曲を聴くと泣いてしまう", "ja"),
        ("鬼怪的主題曲太好聽了", "zh"),
        ("เพลงนี้เพราะมาก", "th"),
        ("هذه الأغنية تبكيني", "ar"),
        ("این آهنگ گریه‌ام می‌گیرد، چه زیبا", "fa"),
        ("यह गाना बहुत अच्छा है", "hi"),
        ("yeh gaana sunke maine ro diya yaar", "hi"),
        ("эта песня разбивает мне сердце", "ru"),
        ("ця пісня розбиває мені серце, її співають усі", "uk"),
        ("I cry every time this song comes on", "en"),
        ("lloro cada vez que escucho esta canción en la calle", "es"),
        ("chorei muito quando essa música tocou, gente", "pt"),
        ("aku nangis tiap denger lagu ini di drakor itu", "id"),
        ("mỗi lần nghe bài này mình lại khóc", "vi"),
        ("je pleure à chaque fois que cette chanson passe", "fr"),
        ("ich muss bei diesem Lied immer heulen", "de"),
        ("piango ogni volta che sento questa canzone", "it"),
        ("ik moet altijd huilen bij dit liedje", "nl"),
        ("płaczę zawsze, kiedy leci ta piosenka", "pl"),
        ("bu şarkı her çaldığında ağlıyorum", "tr"),
        ("naiyak na naman ako sa kanta na ito, grabe talaga", "tl"),
    ],
)
def test_plain_sentences(text: str, language: str) -> None:
    assert guess(text) == language


def test_hashtags_handles_and_addresses_do_not_speak() -> None:
    text = "naiyak ako dito #thebestdrama @theofficialaccount https://example.org/the/and/of #도깨비"
    assert guess(text) == "tl"


@pytest.mark.parametrize("text", [None, "", "   ", "12345 !!!", "🔥🔥", "#fyp #viral", "Goblin"])
def test_nothing_said_where_nothing_speaks(text: str | None) -> None:
    assert guess(text) is None


def test_hashtags_decide_by_script_only_when_nothing_else_does() -> None:
    assert guess("", ["도깨비", "ost"]) == "ko"
    assert guess("the best scene of the week", ["도깨비"]) == "en"
    assert guess("", ["도깨비", "トッケビ"]) is None
    assert guess("", ["theofand"]) is None


@given(st.text(max_size=80), st.lists(st.text(max_size=12), max_size=4))
def test_any_text_is_survived(text: str, hashtags: list[str]) -> None:
    found = guess(text, hashtags)
    assert found is None or len(found) == 2
