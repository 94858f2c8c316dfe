"""The corpus: what a line may hold, and that the packaged one is whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from models.post import TAGS
from models.tagging.corpus import CorpusError, checksum, packaged_corpus, read_corpus

GOOD = '{"platform": "x", "text": "sang it in the lift", "language": "en", "tag": "cover"}'


def test_a_line_becomes_a_labelled_post() -> None:
    line = '{"platform": "youtube", "title": "T", "text": "x", "hashtags": ["a", "b"], "language": "ko", "tag": "edit"}'
    (one,) = read_corpus("a.jsonl", [line, "", "  "])
    assert (one.post.platform, one.post.title, one.post.text, one.post.hashtags) == ("youtube", "T", "x", ("a", "b"))
    assert (one.post.language, one.tag) == ("ko", "edit")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 2: not JSON"),
        ("[]", "line 2: expected an object"),
        ('{"platform": "x", "text": "a", "tag": "remix"}', "line 2: tag: 'remix' is none of cover, edit"),
        ('{"platform": "x", "text": "a"}', "line 2: tag: is missing"),
        ('{"text": "a", "tag": "edit"}', "line 2: platform: is missing"),
        ('{"platform": "x", "text": 4, "tag": "edit"}', "line 2: text: expected text, found 4"),
        ('{"platform": "x", "tag": "edit"}', "line 2: text: neither title, text nor hashtags"),
        ('{"platform": "x", "text": "a", "hashtags": "b", "tag": "edit"}', "line 2: hashtags: expected a list"),
        ('{"platform": "x", "text": "a", "tag": "edit", "titel": "b"}', "line 2: titel: unknown key"),
        (GOOD, "line 2: the same post as line 1"),
    ],
)
def test_a_bad_line_is_named(line: str, problem: str) -> None:
    with pytest.raises(CorpusError, match=r"a\.jsonl: " + problem):
        read_corpus("a.jsonl", [GOOD, line])


def test_lines_at_one_place_of_two_files_share_a_group() -> None:
    lines = [GOOD.replace("lift", f"lift {number}") for number in range(30)]
    one, other = read_corpus("es.jsonl", lines), read_corpus("pt.jsonl", lines)
    assert [entry.group for entry in one] == [entry.group for entry in other]
    assert len({entry.group for entry in one}) > 1


def test_the_packaged_corpus_has_every_tag_and_many_languages() -> None:
    corpus = packaged_corpus()
    tags = Counter(one.tag for one in corpus)
    assert set(tags) == set(TAGS)
    assert min(tags.values()) > 200
    assert len({one.post.language for one in corpus}) >= 15


def test_checksum_follows_text_label_and_order() -> None:
    two = read_corpus("a.jsonl", [GOOD, GOOD.replace("lift", "car")])
    assert checksum(two) == checksum(list(two))
    assert checksum(two) != checksum(two[::-1])
    assert checksum(two) != checksum([replace(two[0], tag="other"), two[1]])
    assert checksum(two) != checksum([replace(two[0], post=replace(two[0].post, text="b")), two[1]])
