"""The core update of the guide's design (trend-scoring.md, section 5), as plain as it can be written: the reference of
benchmarks/trend_cost.py.

One song, one hour at a time, in plain Python with scipy's scalars. Counts and exposure are given; what the guide does
around the core (who counts, views, breadth, engagement, states) is not here, so it does less than models/trends.
"""

from __future__ import annotations

import math
from collections import deque

from scipy.special import betainc

WINDOWS = (6, 24, 72)
KEEP = 0.5 ** (1 / 336)
PRIOR_RATE, PRIOR_HOURS = 0.4 / 24, 72
EVIDENCE, RAISE_AT = 4.0, 2.1


class Noise:
    """phi of one window, pooled over songs: decayed ((X-M)^2 - M) / M^2, X cut, weighted M / (1 + M)."""

    def __init__(self) -> None:
        self.excess, self.weight = 0.3 * 50, 50.0

    def value(self) -> float:
        return max(self.excess / self.weight, 0.03)

    def fade(self) -> None:
        self.excess *= KEEP
        self.weight *= KEEP

    def learn(self, people: float, expected: float) -> None:
        off = min(people, expected + 3 * math.sqrt(expected + 0.3 * expected**2) + 1) - expected
        weight = expected / (1 + expected)
        self.excess += weight * (off**2 - expected) / expected**2
        self.weight += weight


class Song:
    """The level (A people over E hours of exposure) now and at the beginning of each window, and the windows' sums."""

    def __init__(self) -> None:
        self.people, self.exposed = 0.0, 0.0
        self.hours: deque[tuple[float, float]] = deque([(0.0, 0.0)] * max(WINDOWS), max(WINDOWS))
        self.levels: deque[tuple[float, float]] = deque([(0.0, 0.0)] * max(WINDOWS), max(WINDOWS))
        self.counted, self.watched = [0.0] * len(WINDOWS), [0.0] * len(WINDOWS)
        self.lately: deque[float] = deque([0.0] * 24, 24)

    def step(self, people: float, exposed: float, noise: list[Noise]) -> tuple[float, bool]:
        """The mean surprise of the windows after one more hour, and whether it is an onset."""
        surprises = []
        for place, window in enumerate(WINDOWS):
            left, left_exposed = self.hours[-window]
            self.counted[place] += people - left
            self.watched[place] += exposed - left_exposed
            before, before_exposed = self.levels[-window]
            rate = (before + PRIOR_RATE * PRIOR_HOURS) / (before_exposed + PRIOR_HOURS)
            expected, phi = rate * self.watched[place], noise[place].value() + 1 / (before + PRIOR_RATE * PRIOR_HOURS)
            surprises.append(surprise(self.counted[place], expected, phi))
            if expected >= 0.05:
                noise[place].learn(self.counted[place], expected)
        self.hours.append((people, exposed))
        due = exposed * (self.people + PRIOR_RATE * PRIOR_HOURS) / (self.exposed + PRIOR_HOURS)
        self.people = KEEP * self.people + min(people, due + 3 * math.sqrt(due + noise[0].value() * due**2) + 0.5)
        self.exposed = KEEP * self.exposed + exposed
        self.levels.append((self.people, self.exposed))
        mean = sum(surprises) / len(surprises)
        onset = mean >= RAISE_AT and mean > max(self.lately)
        self.lately.append(mean)
        return mean, onset


def surprise(people: float, expected: float, phi: float) -> float:
    """-log10 P(NB >= people); fewer than four people say at most 1."""
    if people <= 1e-9 or expected <= 0:
        return 0.0
    shape = 1 / phi
    found = -math.log10(max(betainc(people, shape, expected / (expected + shape)), 1e-300))
    return min(found, 1.0) if people < EVIDENCE else found


def score_hours(people: list[list[float]], exposed: list[float]) -> int:
    """Score `people` (hours x songs) hour by hour, `exposed` alike for all songs; returns the number of onsets."""
    songs, noise = [Song() for _ in people[0]], [Noise() for _ in WINDOWS]
    onsets = 0
    for counts, seen in zip(people, exposed, strict=True):
        for one in noise:
            one.fade()
        for song, count in zip(songs, counts, strict=True):
            onsets += song.step(count, seen, noise)[1]
    return onsets
