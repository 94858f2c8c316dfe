"""Tag words: where an entry matches, and what the longest entry hides."""

from __future__ import annotations

import numpy as np
import pytest

from models.tagging.ngrams import lay_out
from models.tagging.words import TagWordsError, build, packaged

SENSES = build(
    {
        "edit": {"en": ["edit", "*gif*"], "ko": ["편집"]},
        "cover": {"en": ["cover*"], "vi": ["hát lại"]},
        "not_cover": {"en": ["album cover"]},
        "only_tag": {"en": ["#mv"]},
    }
)


def senses(text: str, *, tags: bool = False) -> set[str]:
    """The senses found in one text."""
    held = SENSES.found(lay_out([text]), np.array([tags]))[0]
    return {name for name, found in zip(SENSES.names, held, strict=True) if found}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("my edit", {"edit"}),
        ("Credit to her", set()),
        ("edition", set()),
        ("covers!", {"cover"}),
        ("discover", set()),
        ("이 영상편집은", {"edit"}),
        ("드라마edit영상", {"edit"}),
        ("animegifs", {"edit"}),
        ("Hát Lại nhạc phim", {"cover"}),
        ("hat lai", set()),
        ("the album cover", {"not_cover"}),
        ("album cover and a cover", {"not_cover", "cover"}),
        ("mv", set()),
        ("", set()),
    ],
)
def test_in_a_text(text: str, found: set[str]) -> None:
    assert senses(text) == found


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ("goblinedit", {"edit"}),
        ("editgoblin", {"edit"}),
        ("theeditors", set()),
        ("hatlai", {"cover"}),
        ("mv", {"only_tag"}),
        ("kpopmv", set()),
        ("albumcover", {"not_cover"}),
    ],
)
def test_in_hashtags(tags: str, found: set[str]) -> None:
    assert senses(tags, tags=True) == found


def test_each_text_is_judged_alone() -> None:
    held = SENSES.found(lay_out(["album", "cover", "", "edit"]), np.zeros(4, np.bool_))
    assert held.sum(axis=1).tolist() == [0, 1, 0, 1]


@pytest.mark.parametrize("entry", ["", "*", "#", 3])
def test_an_entry_that_says_nothing_is_refused(entry: object) -> None:
    with pytest.raises(TagWordsError, match=r"tag_words\.toml: edit: en: not an entry"):
        build({"edit": {"en": [entry]}})  # type: ignore[list-item]


def test_a_sense_without_languages_is_refused() -> None:
    with pytest.raises(TagWordsError, match="edit: expected lists by language"):
        build({"edit": ["edit"]})  # type: ignore[dict-item]


def test_the_packaged_list_knows_every_tag() -> None:
    assert {"cover", "edit", "challenge", "reaction"} <= set(packaged().names)


def test_another_list_has_another_fingerprint() -> None:
    assert build({"a": {"en": ["b"]}}).fingerprint != build({"a": {"en": ["c"]}}).fingerprint
