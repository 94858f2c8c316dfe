"""Fitting: the same posts give the same bytes, what was shown is learnt, and too little is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from models.post import TAGS, Post
from models.tagging.corpus import LabelledPost, checksum
from models.tagging.ngrams import Shape
from models.tagging.tagger import tagger_from_bytes
from models.tagging.training import Settings, TrainingError, best_temperature, prior_shift, train

SMALL = Settings(shape=Shape(bits=12, longest=3))
WORDS = {"cover": "zupla", "edit": "krando", "challenge": "milfet", "reaction": "ovisha", "other": "teddun"}


def post(text: str) -> Post:
    """A post of no particular time."""
    return Post("x", "1", datetime(2026, 11, 1, tzinfo=UTC), text=text)


@pytest.fixture(scope="module")
def labelled() -> list[LabelledPost]:
    """Twelve posts a tag, told apart by one made-up word each."""
    return [
        LabelledPost(post(f"{word} number {number} of many {'la ' * (number % 4)}"), tag, number)
        for tag, word in WORDS.items()
        for number in range(12)
    ]


@pytest.fixture(scope="module")
def fitted(labelled: list[LabelledPost]) -> bytes:
    """Weights of these posts."""
    return train(labelled, settings=SMALL)


def test_the_same_posts_give_the_same_bytes(labelled: list[LabelledPost], fitted: bytes) -> None:
    assert train(labelled, settings=SMALL) == fitted


def test_what_was_shown_is_learnt(fitted: bytes) -> None:
    tagger = tagger_from_bytes(fitted)
    for tag, word in WORDS.items():
        assert tagger.tag_all([post(f"a new post with {word}")])[0].tag == tag


def test_the_shift_makes_the_kinds_as_common_as_expected() -> None:
    tags = np.repeat(np.arange(5), [30, 20, 15, 15, 20])
    shares = np.bincount(tags) / len(tags)
    expected = np.exp(prior_shift(tags, 0.5)) * shares
    assert expected.sum() == pytest.approx(1)
    assert expected[4] == pytest.approx(0.5)
    assert expected[0] / expected[1] == pytest.approx(1.5)


def test_metadata_tell_where_the_weights_come_from(labelled: list[LabelledPost], fitted: bytes) -> None:
    metadata = tagger_from_bytes(fitted).metadata
    assert metadata["corpus"] == checksum(labelled)
    assert metadata["posts"] == len(labelled)
    assert metadata["bits"] == 12
    assert metadata["held_out_accuracy"] > 0.9
    assert metadata["scikit-learn"]


def test_titles_are_masked_before_they_are_learnt(labelled: list[LabelledPost], fitted: bytes) -> None:
    def mask(one: Post) -> Post:
        return replace(one, text=(one.text or "").replace("zupla", "♪"))

    masked = tagger_from_bytes(train(labelled, mask=mask, settings=SMALL))
    assert masked.metadata["corpus"] == tagger_from_bytes(fitted).metadata["corpus"]
    assert masked.tag_all([post("♪")])[0].tag == "cover"
    assert masked.tag_all([post("zupla")])[0].tag != "cover"


def test_too_few_posts_of_a_tag_are_refused(labelled: list[LabelledPost]) -> None:
    with pytest.raises(TrainingError, match="too few posts labelled reaction: 0, at least 10"):
        train([one for one in labelled if one.tag != "reaction"], settings=SMALL)


def test_temperature_recovers_how_much_too_certain_scores_are() -> None:
    random = np.random.default_rng(3)
    honest = random.normal(0, 1.5, (4000, len(TAGS)))
    chances = np.exp(honest) / np.exp(honest).sum(axis=1, keepdims=True)
    tags = np.array([random.choice(len(TAGS), p=row) for row in chances])
    assert best_temperature(honest * 3, tags) == pytest.approx(3, rel=0.1)
