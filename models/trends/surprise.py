"""How surprising a count is: the upper tail of a negative binomial around what was expected.

Exact for tiny counts, where a z-score is not: three people where 0.2 were expected, and three hundred where two hundred
were, are measured on one scale, -log10 of "by chance once in ...". Counts may be fractions (weighted people): the
regularised incomplete beta function is the tail's continuation between whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

Array = NDArray[np.float64]

WINDOWS = (6, 24, 72)
"""Hours looked at together. Their mean surprise caught 81 % of rises where the maximum caught 62 % at one rate of false
alarms (guide, section 0.3)."""

EVIDENCE = 4.0
"""With fewer than four people no window counts for more than 1: three posts are not a trend."""

ROUNDING = 1e-6
"""Weights are decimal fractions: 0.8 five times is four, whatever a computer makes of it."""

DISPERSION_START, DISPERSION_FLOOR, DISPERSION_CEILING = 0.3, 0.03, 1.5
DISPERSION_START_WEIGHT = 50.0
"""The start counts like fifty busy song-hours, so that the first hours of an archive do not set the noise alone."""
LEAST_EXPECTED = 0.05
"""Below this expectation one count says nothing of the noise: (X-M)^2/M^2 explodes."""


def surprise(people: Array, expected: Array, dispersion: Array) -> Array:
    """-log10 P(NB >= people), mean `expected`, variance expected + dispersion * expected^2; 0 where nobody came."""
    result = np.zeros(people.shape)
    some = np.nonzero((people > 0) & (expected > 0))
    shape, mean = 1.0 / np.broadcast_to(dispersion, people.shape)[some], expected[some]
    tail = betainc(people[some], shape, mean / (mean + shape))
    result[some] = -np.log10(np.maximum(tail, 1e-300))
    return np.where(people < EVIDENCE - ROUNDING, np.minimum(result, 1.0), result)


def lower_tail(people: Array, expected: Array, dispersion: Array) -> Array:
    """P(NB <= people): how likely so few are where `expected` were due; 1 where none were."""
    shape = 1.0 / np.broadcast_to(dispersion, people.shape)
    mean = np.maximum(expected, 1e-9)
    tail = 1.0 - betainc(people + 1.0, shape, mean / (mean + shape))
    return np.where(expected > 0, tail, 1.0)


@dataclass
class Dispersion:
    """How much noisier than chance the counts of each window are, pooled over songs and slowly forgotten.

    A song's own dispersion measured no better for alerts and far worse for ranks (guide, section 5).
    """

    excess: Array
    weight: Array

    @classmethod
    def start(cls) -> Dispersion:
        """The noise assumed before anything was seen."""
        weight = np.full(len(WINDOWS), DISPERSION_START_WEIGHT)
        return cls(DISPERSION_START * weight, weight)

    def value(self) -> Array:
        """phi for each window."""
        return np.minimum(np.maximum(self.excess / self.weight, DISPERSION_FLOOR), DISPERSION_CEILING)

    def learn(self, people: Array, expected: Array, usable: NDArray[np.bool_], keep: float) -> None:
        """Take in one hour of all songs (songs x windows); `keep` is the share of memory that survives an hour.

        A rise must not teach us that rises are normal, so counts are cut at three standard deviations.
        """
        busy = usable & (expected >= LEAST_EXPECTED)
        mean = np.where(busy, expected, 1.0)
        cut = mean + 3 * np.sqrt(mean + DISPERSION_START * mean**2) + 1
        off = np.minimum(people, cut) - mean
        weight = busy * mean / (1 + mean)
        self.excess = self.excess * keep + (weight * (off**2 - mean) / mean**2).sum(axis=0)
        self.weight = self.weight * keep + weight.sum(axis=0)
        self._remember_start(keep)

    def rest(self, hours: int, keep: float) -> None:
        """Let `hours` pass that teach nothing."""
        for _ in range(hours):
            before = self.excess
            self.excess, self.weight = self.excess * keep, self.weight * keep
            self._remember_start(keep)
            if (self.excess == before).all():
                break

    def _remember_start(self, keep: float) -> None:
        """What decay takes away of the start comes back, so that silence leads back to it and not to 0/0."""
        back = DISPERSION_START_WEIGHT * (1 - keep)
        self.excess = self.excess + DISPERSION_START * back
        self.weight = self.weight + back
