"""Alerts: raised once at the onset of a rise, confirmed hours later when it still stands and was really seen."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]
Hours = NDArray[np.int64]

RAISE_AT = 2.1
"""About 0.3 false alarms per song and year on the simulator (guide, section 5)."""
CONFIRM_AT = 1.5
CONFIRM_AFTER = 6
"""Hours: by then views are known, and the six-hour window has renewed itself."""
WITHDRAW_AFTER = 48
SEEN_SHARE = 0.55
"""Posts of a rise must on average be seen about as well as other posts; a swarm nobody watches lies at 0.2 to 0.4."""
CALM_BELOW = 0.6 * RAISE_AT
CALM_HOURS = 24
APART = 24
"""Hours between two alerts of a song."""
CROWD, CROWD_SHARE = 8, 0.25
"""That many songs, and a quarter of the active ones, in one hour: a source changed, not the songs."""
NEVER = -(2**40)


class Moved(NamedTuple):
    """What happened to alerts in one hour: places of songs, the latter two with the hour they were raised in."""

    raised: list[int]
    confirmed: list[tuple[int, int]]
    withdrawn: list[tuple[int, int]]


class Onsets:
    """For each song: its surprise in the last 24 hours, and the alert that is open, if any (epoch hours)."""

    NAMES = ("lately", "raised", "open", "confirmed", "warm")

    def __init__(self, arrays: dict[str, NDArray[np.generic]]) -> None:
        self.lately: Array = np.asarray(arrays["lately"], np.float64)
        self.raised: Hours = np.asarray(arrays["raised"], np.int64)
        self.open: Flags = np.asarray(arrays["open"], np.bool_)
        self.confirmed: Flags = np.asarray(arrays["confirmed"], np.bool_)
        self.warm: Hours = np.asarray(arrays["warm"], np.int64)

    @classmethod
    def none(cls, songs: int) -> Onsets:
        """No alert open."""
        never = np.full(songs, NEVER)
        no = np.zeros(songs, bool)
        return cls(
            {"lately": np.zeros((songs, 24)), "raised": never, "open": no, "confirmed": no.copy(), "warm": never.copy()}
        )

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything, for a snapshot."""
        return {name: getattr(self, name) for name in self.NAMES}

    def step(self, hour: int, surprise: Array, seen: Array, covered: Flags, active: Flags) -> Moved:
        """Judge one hour: `seen` is how well the last day's posts were seen (1 = as usual), `active` the songs with a
        post in the last 28 days."""
        rising = (surprise >= RAISE_AT) & (surprise > self.lately.max(axis=1))
        self.lately[:, hour % 24] = surprise
        self.warm[surprise >= CALM_BELOW] = hour
        crowd = int(rising.sum())
        alone = not (crowd >= CROWD and crowd >= CROWD_SHARE * active.sum())
        standing = self.open & ~self.confirmed & (hour - self.raised >= CONFIRM_AFTER)
        confirmed = standing & (surprise >= CONFIRM_AT) & (seen >= SEEN_SHARE) & covered
        withdrawn = self.open & ~self.confirmed & ~confirmed & (hour - self.raised >= WITHDRAW_AFTER)
        over = withdrawn | (self.open & self.confirmed & (hour - self.warm >= CALM_HOURS))
        raised = rising & covered & ~self.open & (hour - self.raised >= APART) & alone
        moved = Moved(_places(raised), self._since(confirmed), self._since(withdrawn))
        self.confirmed = (self.confirmed | confirmed) & ~over & ~raised
        self.open = (self.open & ~over) | raised
        self.raised = np.where(raised, hour, self.raised)
        return moved

    def _since(self, which: Flags) -> list[tuple[int, int]]:
        return [(place, int(self.raised[place])) for place in _places(which)]


def _places(which: Flags) -> list[int]:
    return [int(place) for place in np.flatnonzero(which)]
