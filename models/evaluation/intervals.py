"""Shares with their 95 % interval: how far a figure from so few posts could lie from the truth.

Wilson's interval (1927) holds for a share of independent posts. F1 is no such share, but grows steadily with one: with
J = right / (right + wrong + missed), F1 = 2 J / (1 + J), so the ends of J's interval give those of F1's. Macro-F1 gets
the variance of Takahashi, Yamamoto, Kuchiba and Koyama (2022) and Wilson's interval for the number of posts at which a
plain share would vary as much, at most as many as there are. Drawn again and again from the table of posts_dev, 95 % of
macro-F1's intervals hold the truth at 300 posts, 93 % at 100, 90 % at 60 and 86 % at 30: rare tags are hard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

Z = 1.959964
"""95 % of a normal distribution lie within so many standard deviations."""

DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Rate:
    """A share from 0 to 1 and the ends of its 95 % interval."""

    value: float
    low: float
    high: float


def share(part: float, whole: float) -> Rate | None:
    """`part` of `whole` independent posts; None where `whole` is 0: nothing was measured."""
    if not whole:
        return None
    low, high = _wilson(part / whole, whole)
    return Rate(_rounded(part / whole), _rounded(low), _rounded(high))


def f1(right: int, wrong: int, missed: int) -> Rate | None:
    """Harmonic mean of precision and recall; None where there was nothing to say and nothing was said."""
    union = right + wrong + missed
    if not union:
        return None
    value, low, high = (2 * j / (1 + j) for j in (right / union, *_wilson(right / union, union)))
    return Rate(_rounded(value), _rounded(low), _rounded(high))


def macro_f1(confusion: NDArray[np.int64], among: Sequence[bool]) -> Rate | None:
    """Mean F1 of the kinds that are `among`; confusion[i, j] counts posts meant as i and said to be j.

    None where no kind is among, or one of them never came up.
    """
    kinds = np.flatnonzero(among)
    either = confusion.sum(axis=0) + confusion.sum(axis=1)
    if not len(kinds) or not either[kinds].all():
        return None
    posts = int(confusion.sum())
    scores = 2 * confusion.diagonal()[kinds] / either[kinds]
    value = float(scores.mean())
    variance = _variance(confusion / posts, kinds) / posts
    as_many = value * (1 - value) / variance if variance > 0 else posts
    low, high = _wilson(value, min(as_many or posts, posts))
    return Rate(_rounded(value), _rounded(low), _rounded(high))


def _variance(probability: NDArray[np.float64], kinds: NDArray[np.intp]) -> float:
    """The variance of macro-F1 at one post, by the delta method over the cells of the table."""
    slope = np.zeros_like(probability)
    for kind in kinds:
        either = probability[kind].sum() + probability[:, kind].sum()
        loss = 2 * probability[kind, kind] / either**2
        slope[kind] -= loss
        slope[:, kind] -= loss
        slope[kind, kind] += 2 / either
    slope /= len(kinds)
    return float((probability * slope**2).sum() - (probability * slope).sum() ** 2)


def _wilson(value: float, posts: float) -> tuple[float, float]:
    centre = value + Z**2 / (2 * posts)
    reach = Z * sqrt(value * (1 - value) / posts + Z**2 / (4 * posts**2))
    below = 1 + Z**2 / posts
    return max((centre - reach) / below, 0.0), min((centre + reach) / below, 1.0)


def _rounded(value: float) -> float:
    return round(value, DECIMALS)


def as_json(**rates: Rate | None) -> dict[str, Any]:
    """Each rate as two entries, its value and `<name>_interval` ([low, high]); both None where nothing was measured."""
    return {
        key: value
        for name, rate in rates.items()
        for key, value in (
            (name, rate.value if rate else None),
            (f"{name}_interval", [rate.low, rate.high] if rate else None),
        )
    }
