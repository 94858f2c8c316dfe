"""Measures of tags and links, against figures worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest
from fakes import post
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import Catalogue
from models.evaluation.abstaining import risk_coverage
from models.evaluation.calibration import bins
from models.evaluation.confusion import compare
from models.evaluation.groups import Origin
from models.evaluation.intervals import Rate, f1, macro_f1, share
from models.evaluation.keyword_rule import LinkByKeyword
from models.evaluation.links import LabelledLinks, SaidLinks, measure_links
from models.evaluation.tags import TagMeasure, measure_tags
from models.post import TAGS
from models.tagging.plain_words import plain_tag
from models.tagging.tagger import Tagged


def tagged(tag: str, confidence: float = 0.6) -> Tagged:
    """A tag whose other four share the rest."""
    rest = (1 - confidence) / 4
    return Tagged(tag, confidence, tuple(confidence if one == tag else rest for one in TAGS))


def whole(meant: Sequence[str], said: Sequence[Tagged]) -> TagMeasure:
    return measure_tags(meant, said, [Origin("x")] * len(meant)).whole


def value(rate: Rate | None) -> float | None:
    return rate.value if rate else None


def test_counts_and_shares_of_tags() -> None:
    meant = ["cover", "cover", "cover", "other"]
    said = [tagged("cover"), tagged("cover"), tagged("other"), tagged("cover")]
    origins = [Origin("x", "ko"), Origin("x", "ko"), Origin("tiktok", "en"), Origin("x")]
    measure = measure_tags(meant, said, origins)
    confusion = measure.whole.confusion
    cover = confusion.tags["cover"]
    assert (cover.right, cover.wrong, cover.missed) == (2, 1, 1)
    assert (value(cover.precision), value(cover.recall), value(cover.f1)) == (0.6667, 0.6667, 0.6667)
    assert value(confusion.accuracy) == 0.5
    assert value(confusion.macro_f1) == 0.3333  # cover .6667, other 0; edit, challenge, reaction never came up
    assert confusion.tags["edit"].f1 is None
    assert confusion.table[TAGS.index("cover"), TAGS.index("other")] == 1
    posts = {name: part.confusion.posts for name, part in measure.languages.items()}
    assert posts == {"ko": 2, "en": 1, "unknown": 1}
    assert list(posts) == ["ko", "en", "unknown"]
    assert {name: part.confusion.posts for name, part in measure.platforms.items()} == {"x": 3, "tiktok": 1}
    assert value(measure.languages["ko"].confusion.accuracy) == 1.0


def test_macro_f1_of_common_tags_leaves_out_those_of_fewer_than_10_posts() -> None:
    meant = ["cover"] * 10 + ["edit"] * 9
    confusion = compare(meant, ["cover"] * 19)
    assert value(confusion.macro_f1_common) == round(20 / 29, 4)
    assert value(confusion.macro_f1) == round(10 / 29, 4)
    assert compare(meant[1:], meant[1:]).macro_f1_common is None


def test_wilson_interval_is_the_textbook_s() -> None:
    assert share(8, 10) == Rate(0.8, 0.4902, 0.9433)
    assert share(0, 274) == Rate(0.0, 0.0, 0.0138)
    assert share(13, 13) == Rate(1.0, 0.7719, 1.0)
    assert share(0, 0) is None


def test_interval_of_f1_follows_from_the_share_of_the_union() -> None:
    rate, union = f1(8, 1, 1), share(8, 10)
    assert rate is not None
    assert union is not None
    assert rate.value == round(16 / 18, 4)
    for end, of_union in ((rate.low, union.low), (rate.high, union.high)):
        assert end == pytest.approx(2 * of_union / (1 + of_union), abs=1e-4)
    assert f1(0, 0, 0) is None


def test_interval_of_macro_f1_holds_the_truth_about_as_often_as_it_says() -> None:
    table = np.array([[30, 2, 3], [4, 20, 6], [10, 5, 70]])
    shares = table / table.sum()
    truth = float((2 * shares.diagonal() / (shares.sum(0) + shares.sum(1))).mean())
    drawn = np.random.default_rng(7).multinomial(300, shares.ravel(), 600).reshape(-1, 3, 3)
    held = [rate.low <= truth <= rate.high for one in drawn if (rate := macro_f1(one, [True] * 3))]
    assert len(held) == 600
    assert 0.92 <= sum(held) / len(held) <= 0.98


def test_macro_f1_of_the_spotless_is_no_more_certain_than_their_accuracy() -> None:
    confusion = compare(["cover", "other"] * 5, ["cover", "other"] * 5)
    assert confusion.macro_f1 == confusion.accuracy == share(10, 10)


def test_calibration_error_is_the_gap_of_the_bins() -> None:
    said = [tagged("edit", 0.9)] * 10
    assert whole(["edit"] * 7 + ["other"] * 3, said).ece == 0.2
    assert whole(["edit"] * 9 + ["other"], said).ece == 0.0


def test_bins_are_a_tenth_wide_and_the_empty_ones_left_out() -> None:
    found = bins(np.array([0.5, 0.51, 0.6, 0.61, 1.0]), np.array([True, True, False, False, True]))
    assert [(one.low, one.high, one.posts) for one in found] == [
        (0.4, 0.5, 1),
        (0.5, 0.6, 2),
        (0.6, 0.7, 1),
        (0.9, 1.0, 1),
    ]
    assert found[1].confidence == 0.555
    assert value(found[1].accuracy) == 0.5


def test_brier_is_nought_for_certain_truth_and_two_for_certain_error() -> None:
    assert whole(["edit"], [tagged("edit", 1.0)]).brier == 0.0
    assert whole(["cover"], [tagged("edit", 1.0)]).brier == 2.0


def test_sure_coverage_is_the_share_that_can_be_answered_at_95_percent() -> None:
    said = [tagged("edit", 0.9)] * 19 + [tagged("edit", 0.8)] + [tagged("edit", 0.5)] * 20
    meant = ["edit"] * 19 + ["other"] + ["other"] * 20
    assert whole(meant, said).sure_coverage == 0.5
    assert whole(["other"] * 3, said[:3]).sure_coverage == 0.0


def test_posts_of_one_confidence_are_answered_together() -> None:
    said = [tagged("edit", 0.7)] * 4
    measure = whole(["edit", "edit", "edit", "other"], said)
    assert measure.sure_coverage == 0.0
    assert [(one.coverage, one.posts, value(one.error)) for one in measure.risk_coverage] == [(1.0, 4, 0.25)]


def test_risk_coverage_goes_from_the_surest_tenth_to_all() -> None:
    confidence = np.linspace(0.99, 0.5, 20)
    curve = risk_coverage(confidence, np.arange(20) < 15)
    assert [one.coverage for one in curve] == [step / 10 for step in range(1, 11)]
    assert [value(one.error) for one in curve[6:]] == [0.0, 0.0625, 0.1667, 0.25]
    assert curve[0].confidence == round(float(confidence[1]), 4)


def test_acceptable_songs_are_neither_right_nor_wrong_and_possible_ones_stand_apart() -> None:
    meant = [
        LabelledLinks(frozenset({"a"}), frozenset({"b"})),
        LabelledLinks(frozenset(), frozenset({"e"})),
        LabelledLinks(frozenset("c")),
    ]
    said = [SaidLinks(["a", "b"]), SaidLinks(["d"], ["e", "f"]), SaidLinks([], ["c"])]
    measure = measure_links(meant, said, [Origin("x", "ko"), Origin("x", "ko"), Origin("youtube", "en")])
    links = measure.whole.links
    assert (links.right, links.wrong, links.missed) == (1, 1, 1)
    assert (value(links.precision), value(links.recall), value(links.f1)) == (0.5, 0.5, 0.5)
    assert measure.whole.posts_wrong == 1
    assert measure.whole.wrong_share == share(1, 3)
    assert (measure.whole.possible_right, measure.whole.possible_wrong) == (1, 1)
    assert value(measure.languages["en"].links.recall) == 0.0
    assert measure.platforms["youtube"].links.precision is None


def test_nothing_measured_is_not_zero() -> None:
    tags, links = measure_tags([], [], []).whole, measure_links([], [], []).whole
    assert (tags.confusion.accuracy, tags.confusion.macro_f1, tags.ece, tags.brier, tags.sure_coverage) == (None,) * 5
    assert tags.bins == tags.risk_coverage == ()
    assert links.links.f1 is None
    assert links.as_dict()["f1_interval"] is None


def test_both_can_be_written_as_json() -> None:
    tags = measure_tags(["edit"] * 30, [tagged("edit")] * 30, [Origin("x", "ko")] * 29 + [Origin("x", "en")]).as_dict()
    links = measure_links([LabelledLinks(frozenset("a"))], [SaidLinks("a")], [Origin("x", "ko")]).as_dict()
    assert json.loads(json.dumps(tags)) == tags
    assert json.loads(json.dumps(links)) == links
    assert (tags["too_few"], tags["languages"]["ko"]["too_few"], tags["tags"]["cover"]["too_few"]) == (
        False,
        True,
        True,
    )
    assert tags["tags"]["edit"]["recall_interval"] == [0.8865, 1.0]
    assert [(one["above"], one["posts"], one["accuracy"]) for one in tags["calibration"]] == [(0.5, 30, 1.0)]
    assert [(one["coverage"], one["posts"], one["error"]) for one in tags["risk_coverage"]] == [(1.0, 30, 0.0)]
    assert (links["f1"], links["too_few"], links["possible"]) == (1.0, True, {"right": 0, "wrong": 0})


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        measure_tags(["edit"], [], [])
    with pytest.raises(ValueError, match="differ in length"):
        measure_links([], [SaidLinks("a")], [])


def test_an_unknown_label_is_refused() -> None:
    with pytest.raises(ValueError, match="post 1: tag: 'remix'"):
        whole(["remix"], [tagged("edit")])


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("My REACTION to the cover challenge", "reaction"),
        ("커버 챌린지", "challenge"),
        ("불러보았다", "cover"),
        ("goblin fmv", "edit"),
        ("the official audio", "other"),
        ("an album cover", "cover"),  # it knows no better
    ],
)
def test_the_keyword_rule_for_tags_takes_the_first_tag_of_which_a_word_stands_there(text: str, tag: str) -> None:
    assert plain_tag(post("1", text)) == tag


def test_the_keyword_rule_for_links_wants_a_title_and_a_word_beside_it(catalogue: Catalogue) -> None:
    link = LinkByKeyword(catalogue)
    assert "sudden-shower" in link(post("1", "SUDDEN SHOWER by Eclipse"))
    assert "sudden-shower" in link(post("1", "소나기 OST"))
    assert "sudden-shower" in link(post("1", "most of us met a sudden shower"))  # it knows no better
    assert link(post("1", "a sudden shower on the way home")) == frozenset()
    assert link(post("1", "the Lovely Runner OST")) == frozenset()


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_every_interval_holds_its_value(right: int, wrong: int, missed: int) -> None:
    for rate in (share(right, right + wrong), f1(right, wrong, missed)):
        assert rate is None or 0 <= rate.low <= rate.value <= rate.high <= 1


@given(st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(TAGS), st.floats(0.2, 1)), min_size=1, max_size=40))
def test_every_figure_stays_in_its_range(rows: list[tuple[str, str, float]]) -> None:
    measure = whole([row[0] for row in rows], [tagged(row[1], row[2]) for row in rows])
    for rate in (measure.confusion.accuracy, measure.confusion.macro_f1):
        assert rate is not None
        assert 0 <= rate.low <= rate.value <= rate.high <= 1
    assert measure.ece is not None
    assert 0 <= measure.ece <= 1
    assert measure.brier is not None
    assert 0 <= measure.brier <= 2
    assert measure.confusion.posts == sum(one.posts for one in measure.bins) == len(rows)
    coverage = [one.coverage for one in measure.risk_coverage]
    assert coverage == sorted(coverage)
    assert coverage[-1] == 1
