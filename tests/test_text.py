"""Folding and squashing: what counts as the same spelling, where a name may begin, what any text survives."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.linking.romanisation import romanise, sounds_like
from models.text import MAX_CHARS, fold, shape, squash, squashed


@pytest.mark.parametrize(
    "spelling",
    [
        "Stay With Me",
        "STAY WITH ME",
        "#staywithme",
        "stay_with_me",
        "ＳＴＡＹ ｗｉｔｈ me",
        "𝓢𝓽𝓪𝔂 𝔀𝓲𝓽𝓱 𝓶𝓮",
        "st\u200bay with\u00ad me",
        "ꜱᴛᴀʏ ᴡɪᴛʜ ᴍᴇ",
        "Ѕtау wіth mе",
        "ⓢⓣⓐⓨ 🅦🅘🅣🅗 me",
        "s-t-a-y w.i.t.h m.e",
        "Stáy Wïth Mę",
        "<b>Stay</b>&nbsp;With <i>Me</i>",
        "\u202eStay\u202c With Me",
    ],
)
def test_one_title_in_many_dresses(spelling: str) -> None:
    assert squashed(spelling) == "staywithme"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("그대를 위한", "그대를위한"),
        ("첫눈", "첫눈"),  # conjoining jamo
        ("ｴﾌﾞﾘﾀｲﾑ", "エブリタイム"),
        ("إيتايون", "ايتايون"),
        ("Đêm nay", "dem nay"),
        ("STRASSE", "straße"),
        ("İstanbul", "istanbul"),
    ],
)
def test_spellings_that_only_look_different(one: str, other: str) -> None:
    assert squashed(one) == squashed(other)


@pytest.mark.parametrize("word", ["पहला प्यार", "ซอนแจแบกวิ่ง", "Дорама о любви"])
def test_scripts_with_marks_keep_their_letters(word: str) -> None:
    assert squashed(word) == word.replace(" ", "").lower()


def test_russian_words_are_not_taken_for_disguised_latin_ones() -> None:
    assert fold("сосна and OST") == "сосна and ost"


def test_laughter_behind_a_korean_name_does_not_grow_into_it() -> None:
    assert squashed("소나기ㅠㅠ ㄳ") == "소나기"


def test_a_flag_is_no_word() -> None:
    assert squashed("🇰🇷") == ""


def test_boundaries_of_words_scripts_and_possessives() -> None:
    flat = squash(fold("V's OST도깨비 don't"))
    assert flat.text == "vsost도깨비dont"
    begin = [i for i in range(len(flat.text)) if flat.starts[i]]
    assert begin == [0, 2, 5, 8]  # v, ost, 도깨비, don; never the s or the t behind an apostrophe
    assert flat.ends[1]
    assert flat.ends[5]


def test_a_squashed_span_leads_back_to_the_folded_text() -> None:
    folded = fold("~ Stay, With: Me!")
    flat = squash(folded)
    start, end = flat.folded(0, len(flat.text))
    assert folded[start:end] == "stay, with: me"


def test_no_name_reaches_across_a_line() -> None:
    assert "\n" in squash(fold("stay\nwith me")).text


@given(st.text(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_text_folds_once_and_for_all(text: str) -> None:
    cased = shape(text)
    assert len(cased) == len(cased.lower()), "capitals must keep their places"
    once = squashed(text)
    assert squashed(once) == once
    once.encode()  # what the scanner gets holds no lone surrogate


@pytest.mark.parametrize(
    "hostile",
    [
        "a" + "\u0301\u0316" * 50_000,
        "\ufdfa" * 100_000,
        "x" * 1_000_000,
        "\ud800" * 1_000,
        "<" * 100_000,
        "&#x" * 50_000,
    ],
    ids=["marks", "expanding", "long", "surrogates", "brackets", "entities"],
)
def test_hostile_text_is_cut_before_it_costs_anything(hostile: str) -> None:
    start = time.perf_counter()
    assert len(fold(hostile)) <= MAX_CHARS
    squashed(hostile)
    assert time.perf_counter() - start < 0.5


def test_romanised_korean_is_told_from_english() -> None:
    assert romanise("소나기") == "sonagi"
    assert sounds_like("bogoshipda", "보고싶다")
    assert sounds_like("cheotnuncheoreomneoegegagetda", "첫눈처럼너에게가겠다")
    assert not sounds_like("firstsnow", "첫눈")
    assert not sounds_like("mingle", "둥글게둥글게")
