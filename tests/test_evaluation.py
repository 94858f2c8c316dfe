"""Measures of tags and links, against figures worked out by hand."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation import LabelledLinks, measure_links, measure_tags
from models.post import TAGS
from models.tagging.tagger import Tagged


def tagged(tag: str, confidence: float = 0.6) -> Tagged:
    """A tag whose other four share the rest."""
    rest = (1 - confidence) / 4
    return Tagged(tag, confidence, tuple(confidence if one == tag else rest for one in TAGS))


def test_counts_and_shares_of_tags() -> None:
    truth = ["cover", "cover", "cover", "other"]
    said = [tagged("cover"), tagged("cover"), tagged("other"), tagged("cover")]
    measure = measure_tags(truth, said, ["ko", "ko", "en", None])
    cover = measure.tags["cover"]
    assert (cover.right, cover.wrong, cover.missed) == (2, 1, 1)
    assert (cover.precision, cover.recall, cover.f1) == (0.6667, 0.6667, 0.6667)
    assert measure.accuracy == 0.5
    assert measure.macro_f1 == 0.3333  # cover .6667, other 0; edit, challenge, reaction never came up
    assert measure.tags["edit"].f1 is None
    assert measure.confusion[TAGS.index("cover")][TAGS.index("other")] == 1
    assert {language: part.posts for language, part in measure.languages.items()} == {"ko": 2, "en": 1, "unknown": 1}
    assert measure.languages["ko"].accuracy == 1.0


def test_calibration_error_is_the_gap_of_the_bins() -> None:
    said = [tagged("edit", 0.9)] * 10
    measure = measure_tags(["edit"] * 7 + ["other"] * 3, said, [None] * 10)
    assert measure.ece == 0.2
    assert measure_tags(["edit"] * 9 + ["other"], said, [None] * 10).ece == 0.0


def test_brier_is_nought_for_certain_truth_and_two_for_certain_error() -> None:
    assert measure_tags(["edit"], [tagged("edit", 1.0)], [None]).brier == 0.0
    assert measure_tags(["cover"], [tagged("edit", 1.0)], [None]).brier == 2.0


def test_coverage_is_the_share_that_can_be_answered_at_95_percent() -> None:
    said = [tagged("edit", 0.9)] * 19 + [tagged("edit", 0.8)] + [tagged("edit", 0.5)] * 20
    truth = ["edit"] * 19 + ["other"] + ["other"] * 20
    assert measure_tags(truth, said, [None] * 40).sure_coverage == 0.5
    assert measure_tags(["other"] * 3, said[:3], [None] * 3).sure_coverage == 0.0


def test_posts_of_one_confidence_are_answered_together() -> None:
    said = [tagged("edit", 0.7)] * 4
    assert measure_tags(["edit", "edit", "edit", "other"], said, [None] * 4).sure_coverage == 0.0


def test_acceptable_songs_are_neither_right_nor_wrong() -> None:
    truth = [
        LabelledLinks(frozenset({"a"}), frozenset({"b"})),
        LabelledLinks(frozenset()),
        LabelledLinks(frozenset("c")),
    ]
    measure = measure_links(truth, [["a", "b"], ["d"], []], ["ko", "ko", "en"])
    assert (measure.links.right, measure.links.wrong, measure.links.missed) == (1, 1, 1)
    assert (measure.links.precision, measure.links.recall, measure.links.f1) == (0.5, 0.5, 0.5)
    assert measure.posts_wrong == 1
    assert measure.languages["en"].links.recall == 0.0
    assert measure.languages["en"].links.precision is None


def test_nothing_measured_is_not_zero() -> None:
    tags, links = measure_tags([], [], []), measure_links([], [], [])
    assert (tags.accuracy, tags.macro_f1, tags.ece, tags.brier, tags.sure_coverage) == (None,) * 5
    assert links.links.f1 is None


def test_both_can_be_written_as_json() -> None:
    tags = measure_tags(["edit"], [tagged("edit")], ["ko"]).as_dict()
    links = measure_links([LabelledLinks(frozenset("a"))], [["a"]], ["ko"]).as_dict()
    assert json.loads(json.dumps(tags)) == tags
    assert json.loads(json.dumps(links)) == links
    assert tags["languages"]["ko"]["too_few"] is True
    assert links["f1"] == 1.0


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        measure_tags(["edit"], [], [])
    with pytest.raises(ValueError, match="differ in length"):
        measure_links([], [["a"]], [])


def test_an_unknown_label_is_refused() -> None:
    with pytest.raises(ValueError, match="post 1: tag: 'remix'"):
        measure_tags(["remix"], [tagged("edit")], [None])


@given(st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(TAGS), st.floats(0.2, 1)), min_size=1, max_size=40))
def test_every_figure_stays_in_its_range(rows: list[tuple[str, str, float]]) -> None:
    measure = measure_tags([row[0] for row in rows], [tagged(row[1], row[2]) for row in rows], [None] * len(rows))
    shares = (measure.accuracy, measure.macro_f1, measure.ece, measure.sure_coverage)
    assert all(share is not None and 0 <= share <= 1 for share in shares)
    assert measure.brier is not None
    assert 0 <= measure.brier <= 2
    assert sum(map(sum, measure.confusion)) == len(rows)
