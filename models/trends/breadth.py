"""How widely a rise is spread: over platforms, over kinds of posts, over people who are new to the song."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PLATFORM_POINTS, KIND_POINTS, NEW_POINTS = 8.0, 4.0, 3.0
FULL_SPREAD = 3.0
"""Four equal platforms (effective number 4, so 3 beyond the first) earn the whole of their points; kinds alike."""


def effective_number(amounts: Array) -> Array:
    """exp(entropy) of each row's shares: 1 when all lies in one place, k when evenly in k; 1 for an empty row."""
    total = amounts.sum(axis=1, keepdims=True)
    shares = np.divide(amounts, total, out=np.zeros_like(amounts), where=total > 0)
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    return np.asarray(np.exp(-(shares * logs).sum(axis=1)))


def excess(people: Array, expected: Array) -> Array:
    """What goes beyond the expectation in each place, never below 0."""
    return np.maximum(people - expected, 0.0)


def breadth(platforms: Array, kinds: Array, new: Array, beyond: Array) -> Array:
    """Points of 15, before confidence.

    `platforms` and `kinds` are effective numbers of the excess, `new` the share of people new to the song, `beyond`
    the share of all people who go beyond the expectation: a song as busy as ever is not "broad".
    """
    spread = [np.minimum(np.maximum((number - 1) / FULL_SPREAD, 0), 1) for number in (platforms, kinds)]
    return beyond * (PLATFORM_POINTS * spread[0] + KIND_POINTS * spread[1] + NEW_POINTS * new)
