"""What a song is doing, in one word, with hysteresis: left well below where it was entered, and not at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Hours = NDArray[np.int64]

STATES = ("dormant", "steady", "rising", "viral", "peaking", "fading", "resurging")
DORMANT, STEADY, RISING, VIRAL, PEAKING, FADING, RESURGING = range(len(STATES))
WARM = np.isin(np.arange(len(STATES)), (RISING, VIRAL, PEAKING, RESURGING))
HIGH = np.isin(np.arange(len(STATES)), (VIRAL, PEAKING))
"""Flags by code: WARM[code] says whether the song is in a rise."""

LEAVE = 0.6
"""A state is left below 60 % of what it was entered at ..."""
LEAVE_HOURS = 24
"""... for a whole day."""
DORMANT_PEOPLE, DORMANT_GROWTH = 4.0, 0.3
RISING_SURPRISE = 2.1
VIRAL_SCORE, VIRAL_GROWTH, VIRAL_HOURS = 50.0, 1.5, 12
VIRAL_SURPRISE, VIRAL_CONFIDENCE = 4.0, 0.7
"""Either road to viral also needs a confirmed alert: a swarm is at its most surprising in its first hours."""
PEAK_CHANGE = 0.15
FADE_TO, FADE_CHANCE, FADE_SURPRISE = 0.75, 0.05, 2.0
RETURN_HOURS = 90 * 24
OLD_HOURS = 365 * 24
QUIET_SONG = 7.0
LONG_AGO = -(2**40)


@dataclass(frozen=True, slots=True)
class Signs:
    """What the state of each song is judged by in one hour; all arrays are one value a song.

    `people_week` are weighted people in 7 days; `today` and `yesterday` people in 24 hours and in the 24 before, per
    hour of exposure; `few` the chance of so few today at yesterday's rate; `confirmed` whether an alert was confirmed
    in this hour, `standing` whether a confirmed one is open; `covered` whether enough of the collection of the last
    day succeeded; `quiet` people of a quiet week; `age` hours since release, `past` hours the song was watched.
    """

    surprise: Array
    score: Array
    growth: Array
    confidence: Array
    people_week: Array
    today: Array
    yesterday: Array
    few: Array
    confirmed: Flags
    standing: Flags
    covered: Flags
    quiet: Array
    age: Array
    past: Array


class States:
    """The state of each song, and since which hour it is hot, high, or below where it would leave."""

    NAMES = ("code", "hot", "high", "low")

    def __init__(self, arrays: dict[str, NDArray[np.generic]]) -> None:
        self.code: Hours = np.asarray(arrays["code"], np.int64)
        self.hot: Hours = np.asarray(arrays["hot"], np.int64)
        self.high: Hours = np.asarray(arrays["high"], np.int64)
        self.low: Hours = np.asarray(arrays["low"], np.int64)

    @classmethod
    def none(cls, songs: int) -> States:
        """Every song dormant."""
        zero = np.zeros(songs, np.int64)
        return cls({"code": zero, "hot": np.full(songs, LONG_AGO), "high": zero.copy(), "low": zero.copy()})

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything, for a snapshot."""
        return {name: getattr(self, name) for name in self.NAMES}

    def step(self, hour: int, signs: Signs) -> NDArray[np.int64]:
        """The state of each song after this hour."""
        before = self.code
        leaves = self._leaves(signs)
        warm = WARM[before]
        code = np.where(warm, self._warm(signs, leaves), self._calm(signs, leaves))
        code = self._up(hour, code, signs)
        code = np.where(self._fades(code, signs), FADING, code)
        self.low = np.where(code == before, self.low, 0)
        self.hot = np.where(WARM[code], hour, self.hot)
        self.code = code
        return code

    def _leaves(self, signs: Signs) -> Flags:
        """Who has been below 60 % of the entry of its state for LEAVE_HOURS; hours of a gap do not count."""
        high = (signs.score >= LEAVE * VIRAL_SCORE) | (signs.surprise >= LEAVE * VIRAL_SURPRISE)
        held = np.where(HIGH[self.code], high, signs.surprise >= LEAVE * RISING_SURPRISE)
        falling = signs.today < FADE_TO * signs.yesterday
        held = np.where(self.code == FADING, falling, held)
        self.low = np.where(~signs.covered, self.low, np.where(held, 0, self.low + 1))
        return (self.low >= LEAVE_HOURS) & signs.covered

    def _calm(self, signs: Signs, leaves: Flags) -> Hours:
        """Dormant, steady, or still fading until it has not fallen for a day."""
        dormant = (signs.people_week < DORMANT_PEOPLE) & (signs.growth < DORMANT_GROWTH)
        sinks = dormant & (signs.covered | (self.code == DORMANT))
        settled = np.where(sinks, DORMANT, np.where(dormant, self.code, STEADY))
        return np.where((self.code == FADING) & ~leaves, FADING, settled)

    def _warm(self, signs: Signs, leaves: Flags) -> Hours:
        """Rising, resurging, viral or peaking, and one step down for those that leave."""
        viral = HIGH[self.code]
        change = np.log2((signs.today + 1e-9) / (signs.yesterday + 1e-9))
        level = viral & (np.abs(change) <= PEAK_CHANGE) & signs.covered
        stays = np.where(level, PEAKING, np.where(viral & (change > PEAK_CHANGE), VIRAL, self.code))
        return np.where(leaves, np.where(viral, RISING, STEADY), stays)

    def _up(self, hour: int, code: Hours, signs: Signs) -> Hours:
        high = (signs.score >= VIRAL_SCORE) & (signs.growth >= VIRAL_GROWTH)
        self.high = np.where(high, self.high + 1, 0)
        sudden = (signs.surprise >= VIRAL_SURPRISE) & (signs.confidence >= VIRAL_CONFIDENCE)
        viral = signs.standing & signs.covered & (sudden | (self.high >= VIRAL_HOURS))
        was = WARM[code]
        risen = np.where(signs.confirmed & ~was, RISING, code)
        risen = np.where(viral & (risen != PEAKING) & (risen != RESURGING), VIRAL, risen)
        entered = ~was & WARM[risen]
        return np.where(entered & self._returns(hour, signs), RESURGING, risen)

    def _returns(self, hour: int, signs: Signs) -> Flags:
        """Songs whose rise is a return: known and silent for 90 days, and old or hardly posted about."""
        watched = (signs.past >= RETURN_HOURS) & (signs.age >= RETURN_HOURS)
        silent = hour - self.hot >= RETURN_HOURS
        return watched & silent & ((signs.age >= OLD_HOURS) | (signs.quiet <= QUIET_SONG))

    def _fades(self, code: Hours, signs: Signs) -> Flags:
        falls = (signs.today < FADE_TO * signs.yesterday) & (signs.few < FADE_CHANCE)
        return WARM[code] & falls & (signs.surprise < FADE_SURPRISE) & signs.covered
