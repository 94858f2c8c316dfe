"""The demo's hand-written phrases: enough of them, not all giving the tag away, and well-formed when filled."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from models.post import TAGS
from tracker.demo import generate, wording

GIVEN_AWAY = {
    "cover": "cover|커버|カバー|歌ってみた|翻唱|คัฟเวอร์|reprise|كوفر|कवर|불러봤",
    "edit": "edit|편집|fmv|slowed|混剪|编|編|mad|montage|مونتاج|ตัดเอง|배속|자른",
    "challenge": "challenge|챌린지|チャレンジ|挑战|ชาเลนจ์|thử thách|tantangan|reto|desafio|défi|تحدي|चैलेंज",
    "reaction": "reac|react|리액션|반응|リアクション|反応|反应|รีแอค|phản ứng|reaksi|réaction|ردة",
}


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_phrases_are_many_and_do_not_all_give_the_tag_away(language: str) -> None:
    lists = wording.phrases(language)
    least = 12 if language in ("ko", "en") else 6
    for tag in TAGS:
        patterns = [pattern for kind in lists[tag].values() for pattern in kind]
        assert len(set(patterns)) == len(patterns) >= least
        if tag in GIVEN_AWAY:
            silent = [pattern for pattern in patterns if not re.search(GIVEN_AWAY[tag], pattern, re.IGNORECASE)]
            assert 3 * len(silent) >= len(patterns), tag


def test_over_150_written_texts_must_not_link() -> None:
    texts = [text for language in wording.LANGUAGES for text in _unlinked(language)]
    assert len(set(texts)) >= 150
    assert not [text for text in texts if "{song" in text]


def _unlinked(language: str) -> Iterator[str]:
    for kinds in wording.phrases(language)["unlinked"].values():
        for texts in kinds.values():
            yield from texts


@pytest.mark.parametrize(
    ("form", "written"),
    [("소나기", "소나기를"), ("첫눈", "첫눈을"), ("Everytime", "Everytime를"), ("{n}", "{n}를")],
)
def test_the_korean_particle_follows_the_last_syllable(form: str, written: str) -> None:
    assert f"{wording.Name(form):을/를}" == written


def test_hashtags_keep_the_marks_of_their_script() -> None:
    assert wording.run_together("It's You ไม่รู้ कवर") == "ItsYouไม่รู้कवर"
    made = next(post for post in generate.posts() if any("ซีรีส์เกาหลี" in tag for tag in post.fields["hashtags"]))
    assert made.fields["language"] in ("th", None)
