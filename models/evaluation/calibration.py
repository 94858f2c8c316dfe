"""Whether a probability of .8 is right eight times in ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.evaluation.groups import too_few
from models.evaluation.intervals import DECIMALS, Rate, as_json, share
from models.post import TAGS

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The posts whose top probability lies above `low` and not above `high`: how sure and how right on average."""

    low: float
    high: float
    posts: int
    confidence: float
    accuracy: Rate | None

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "above": self.low,
            "to": self.high,
            "posts": self.posts,
            "too_few": too_few(self.posts),
            "confidence": self.confidence,
            **as_json(accuracy=self.accuracy),
        }


def bins(confidence: NDArray[np.float64], correct: NDArray[np.bool_]) -> tuple[Bin, ...]:
    """BINS bins of equal width over the top probability; those that hold no post are left out."""
    place = _place(confidence)
    found = []
    for number in np.unique(place).tolist():
        inside = place == number
        posts = int(inside.sum())
        mean = round(float(confidence[inside].mean()), DECIMALS)
        right = share(int(correct[inside].sum()), posts)
        found.append(Bin(number / BINS, (number + 1) / BINS, posts, mean, right))
    return tuple(found)


def calibration_error(confidence: NDArray[np.float64], correct: NDArray[np.bool_]) -> float | None:
    """Mean distance between confidence and accuracy over the bins, weighted by their posts (Guo et al. 2017)."""
    if not len(confidence):
        return None
    gaps = np.bincount(_place(confidence), confidence - correct, minlength=BINS)
    return round(float(np.abs(gaps).sum() / len(confidence)), DECIMALS)


def brier(meant: Sequence[str], probabilities: Sequence[Sequence[float]]) -> float | None:
    """Mean squared distance of the five probabilities from the truth, 0 to 2 (Brier 1950)."""
    if not meant:
        return None
    truth = np.eye(len(TAGS))[[TAGS.index(label) for label in meant]]
    distance = ((np.array(probabilities) - truth) ** 2).sum(axis=1)
    return round(float(distance.mean()), DECIMALS)


def _place(confidence: NDArray[np.float64]) -> NDArray[np.intp]:
    return np.clip(np.ceil(confidence * BINS).astype(np.intp) - 1, 0, BINS - 1)
