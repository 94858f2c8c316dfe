"""Chance that falls the same everywhere: only `Random.random()` is used, whose stream Python keeps stable."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

_T = TypeVar("_T")

SEED = "ostpulse demo 1"


class Chance:
    """A stream of draws named by what it decides, so that a change in one place moves nothing elsewhere."""

    def __init__(self, *name: object) -> None:
        self._stream = random.Random(":".join(map(str, (SEED, *name))))  # noqa: S311 (not for secrets)

    def fraction(self) -> float:
        """Uniform in [0, 1)."""
        return self._stream.random()

    def happens(self, probability: float) -> bool:
        """True with `probability`."""
        return self._stream.random() < probability

    def between(self, low: float, high: float) -> float:
        """Uniform in [low, high)."""
        return low + (high - low) * self._stream.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both possible."""
        return low + int((high - low + 1) * self._stream.random())

    def pick(self, items: Sequence[_T]) -> _T:
        """One of `items`, all alike."""
        return items[int(len(items) * self._stream.random())]

    def weighted(self, weights: Mapping[_T, float]) -> _T:
        """One of the keys, in proportion to its weight."""
        left = self._stream.random() * sum(weights.values())
        for item, weight in weights.items():
            left -= weight
            if left < 0:
                return item
        return item

    def factor(self, spread: float) -> float:
        """A log-normal factor around 1; `spread` is the standard deviation of its natural logarithm."""
        radius = math.sqrt(-2 * math.log(1 - self._stream.random()))
        return math.exp(spread * radius * math.cos(2 * math.pi * self._stream.random()))

    def code(self, length: int, alphabet: str = "abcdefghijkmnpqrstuvwxyz23456789") -> str:
        """`length` characters, for ids and names that no site has given out."""
        return "".join(self.pick(alphabet) for _ in range(length))
