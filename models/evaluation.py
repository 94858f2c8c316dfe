"""How good tags and links are, against labels: precision, recall, calibration, and what could be answered surely."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.post import TAGS
from models.tagging.tagger import Tagged

BINS = 15
SURE_ACCURACY = 0.95
FEWEST = 50
"""Below this many posts of a language its figures say little."""

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Measure:
    """Right, wrong and missed decisions of one kind. A share whose denominator is 0 is None: nothing was measured."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        """Share of what was said that is right."""
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float | None:
        """Share of what is true that was said."""
        return _share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall."""
        return _share(2 * self.right, 2 * self.right + self.wrong + self.missed)

    def as_dict(self) -> dict[str, Any]:
        """Counts and shares, for JSON."""
        return {**asdict(self), "precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(frozen=True, slots=True)
class TagMeasure:
    """How good tags are.

    `confusion[i][j]` counts posts labelled TAGS[i] and tagged TAGS[j]. `macro_f1` is the mean over the tags that were
    labelled or said. `ece` is the expected calibration error in BINS bins of equal width (Guo et al. 2017), `brier` the
    mean squared distance of the five probabilities (Brier 1950, 0 to 2). `sure_coverage` is the largest share of posts,
    the most confident first, of which SURE_ACCURACY are right.
    """

    posts: int
    accuracy: float | None
    macro_f1: float | None
    tags: Mapping[str, Measure]
    confusion: tuple[tuple[int, ...], ...]
    ece: float | None
    brier: float | None
    sure_coverage: float | None
    languages: Mapping[str, TagMeasure]

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON; a language with fewer than FEWEST posts says `"too_few": true`."""
        return {
            "posts": self.posts,
            "too_few": self.posts < FEWEST,
            "accuracy": self.accuracy,
            "macro_f1": self.macro_f1,
            "tags": {tag: measure.as_dict() for tag, measure in self.tags.items()},
            "confusion": [list(row) for row in self.confusion],
            "ece": self.ece,
            "brier": self.brier,
            "sure_coverage": self.sure_coverage,
            "languages": {language: measure.as_dict() for language, measure in self.languages.items()},
        }


@dataclass(frozen=True, slots=True)
class LinkMeasure:
    """How good sure links are; `posts_wrong` counts posts with at least one wrong link."""

    posts: int
    links: Measure
    posts_wrong: int
    languages: Mapping[str, LinkMeasure]

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "posts": self.posts,
            "too_few": self.posts < FEWEST,
            **self.links.as_dict(),
            "posts_wrong": self.posts_wrong,
            "languages": {language: measure.as_dict() for language, measure in self.languages.items()},
        }


@dataclass(frozen=True, slots=True)
class LabelledLinks:
    """What one post names: `songs` must be linked, `acceptable` may be."""

    songs: frozenset[str]
    acceptable: frozenset[str] = frozenset()


def measure_tags(truth: Sequence[str], said: Sequence[Tagged], languages: Sequence[str | None]) -> TagMeasure:
    """Compare `said` with the labels `truth`, post by post, as a whole and for each language.

    Raises ValueError where the three differ in length or a label is none of TAGS.
    """
    _same_length(truth, said, languages)
    for position, label in enumerate(truth):
        if label not in TAGS:
            raise ValueError(f"post {position + 1}: tag: {label!r} is none of {', '.join(TAGS)}")
    by_language = {
        language: _measure_tags([truth[i] for i in chosen], [said[i] for i in chosen], {})
        for language, chosen in _by_language(languages).items()
    }
    return _measure_tags(truth, said, by_language)


def _measure_tags(truth: Sequence[str], said: Sequence[Tagged], languages: Mapping[str, TagMeasure]) -> TagMeasure:
    confusion = np.zeros((len(TAGS), len(TAGS)), np.int64)
    for label, tagged in zip(truth, said, strict=True):
        confusion[TAGS.index(label), TAGS.index(tagged.tag)] += 1
    right = confusion.diagonal()
    tags = {
        tag: Measure(int(right[i]), int(confusion[:, i].sum() - right[i]), int(confusion[i].sum() - right[i]))
        for i, tag in enumerate(TAGS)
    }
    scores = [measure.f1 for measure in tags.values() if measure.f1 is not None]
    confidence = np.array([tagged.confidence for tagged in said])
    correct = np.array([label == tagged.tag for label, tagged in zip(truth, said, strict=True)], np.bool_)
    return TagMeasure(
        posts=len(truth),
        accuracy=_share(int(right.sum()), len(truth)),
        macro_f1=_rounded(sum(scores) / len(scores)) if scores else None,
        tags=tags,
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        ece=calibration_error(confidence, correct),
        brier=_brier(truth, said),
        sure_coverage=sure_coverage(confidence, correct),
        languages=languages,
    )


def measure_links(
    truth: Sequence[LabelledLinks], said: Sequence[Collection[str]], languages: Sequence[str | None]
) -> LinkMeasure:
    """Compare the song ids linked surely with the labels, post by post, as a whole and for each language.

    An acceptable song is neither right nor wrong. Raises ValueError where the three differ in length.
    """
    _same_length(truth, said, languages)
    by_language = {
        language: _measure_links([truth[i] for i in chosen], [said[i] for i in chosen], {})
        for language, chosen in _by_language(languages).items()
    }
    return _measure_links(truth, said, by_language)


def _measure_links(
    truth: Sequence[LabelledLinks], said: Sequence[Collection[str]], languages: Mapping[str, LinkMeasure]
) -> LinkMeasure:
    right = wrong = missed = posts_wrong = 0
    for label, songs in zip(truth, said, strict=True):
        linked = frozenset(songs)
        mistaken = linked - label.songs - label.acceptable
        right += len(linked & label.songs)
        wrong += len(mistaken)
        missed += len(label.songs - linked)
        posts_wrong += bool(mistaken)
    return LinkMeasure(len(truth), Measure(right, wrong, missed), posts_wrong, languages)


def calibration_error(confidence: NDArray[np.float64], correct: NDArray[np.bool_]) -> float | None:
    """Mean distance between confidence and accuracy over BINS bins of equal width, weighted by their posts."""
    if not len(confidence):
        return None
    bins = np.clip(np.ceil(confidence * BINS).astype(np.intp) - 1, 0, BINS - 1)
    gaps = np.bincount(bins, confidence - correct, minlength=BINS)
    return _rounded(float(np.abs(gaps).sum() / len(confidence)))


def sure_coverage(confidence: NDArray[np.float64], correct: NDArray[np.bool_]) -> float | None:
    """Largest share of posts above some confidence of which SURE_ACCURACY are right; ties stand or fall together."""
    if not len(confidence):
        return None
    order = np.argsort(-confidence, kind="stable")
    accuracy = np.cumsum(correct[order]) / np.arange(1, len(order) + 1)
    last_of_its_confidence = np.append(np.diff(confidence[order]) != 0, True)
    sure = np.flatnonzero(last_of_its_confidence & (accuracy >= SURE_ACCURACY))
    return _rounded(float((sure[-1] + 1) / len(order))) if len(sure) else 0.0


def _brier(truth: Sequence[str], said: Sequence[Tagged]) -> float | None:
    if not truth:
        return None
    probabilities = np.array([tagged.probabilities for tagged in said])
    labels = np.eye(len(TAGS))[[TAGS.index(label) for label in truth]]
    return _rounded(float(((probabilities - labels) ** 2).sum(axis=1).mean()))


def _by_language(languages: Iterable[str | None]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for position, language in enumerate(languages):
        found.setdefault(language or UNKNOWN, []).append(position)
    return dict(sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0])))


def _same_length(*columns: Sequence[Any]) -> None:
    if len({len(column) for column in columns}) > 1:
        raise ValueError(f"labels, answers and languages differ in length: {[len(column) for column in columns]}")


def _share(part: int, whole: int) -> float | None:
    return _rounded(part / whole) if whole else None


def _rounded(value: float) -> float:
    return round(value, 4)
