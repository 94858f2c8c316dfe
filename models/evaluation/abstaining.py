"""What is gained by leaving the least sure posts open: error among the answered against the share answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.evaluation.groups import too_few
from models.evaluation.intervals import DECIMALS, Rate, as_json, share

STEPS = 10
SURE_ACCURACY = 0.95


@dataclass(frozen=True, slots=True)
class Answered:
    """The posts of at least some confidence: how many, which share of all, and how many of them are wrong."""

    confidence: float
    posts: int
    coverage: float
    error: Rate | None

    def as_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "coverage": self.coverage,
            "posts": self.posts,
            "too_few": too_few(self.posts),
            "confidence": self.confidence,
            **as_json(error=self.error),
        }


def risk_coverage(confidence: NDArray[np.float64], correct: NDArray[np.bool_]) -> tuple[Answered, ...]:
    """The risk-coverage curve (El-Yaniv and Wiener 2010) at 10 %, 20 % ... 100 % answered, the surest posts first.

    Posts of one confidence are answered together, so a step may answer more than its share; two steps that answer the
    same posts are given once.
    """
    posts = len(confidence)
    ranked = np.sort(confidence)[::-1]
    thresholds = [float(ranked[-(-posts * step // STEPS) - 1]) for step in range(1, STEPS + 1)] if posts else []
    curve = []
    for threshold in dict.fromkeys(thresholds):
        answered = confidence >= threshold
        count = int(answered.sum())
        wrong = share(int((answered & ~correct).sum()), count)
        curve.append(Answered(round(threshold, DECIMALS), count, round(count / posts, DECIMALS), wrong))
    return tuple(curve)


def sure_coverage(confidence: NDArray[np.float64], correct: NDArray[np.bool_]) -> float | None:
    """Largest share of posts above some confidence of which SURE_ACCURACY are right; ties stand or fall together."""
    if not len(confidence):
        return None
    order = np.argsort(-confidence, kind="stable")
    accuracy = np.cumsum(correct[order]) / np.arange(1, len(order) + 1)
    last_of_its_confidence = np.append(np.diff(confidence[order]) != 0, True)
    sure = np.flatnonzero(last_of_its_confidence & (accuracy >= SURE_ACCURACY))
    return round(float((sure[-1] + 1) / len(order)), DECIMALS) if len(sure) else 0.0
