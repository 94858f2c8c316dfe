"""The people who named a song lately: each counted once in 24 hours, and by whether anybody saw the post.

Replacing posts by distinct, seen authors mattered more in every measurement than the choice of statistic (guide,
section 0.1): a flood by three accounts is three people, and forty accounts that nobody watches are a handful.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from models.trends.engagement import Gains
from models.trends.heard import Count, Mention
from models.trends.recent import Recent
from models.trends.table import Table

DAY = 24 * 3600
JUDGED_AFTER = 6 * 3600
"""For six hours everybody counts in full: views are not there yet, and an alert cannot wait for them."""
LEAST_SEEN = 0.1
"""A post that nobody saw still counts a tenth: the counter may be late."""
AGES = (1, 6, 24, 72, 168)
"""Bounds, in hours, of the ages at which counters are compared: views at three hours are no match for a week's."""
KINDS = 2
"""Counters come as views or, where a site shows none, as likes + comments; one is never compared with the other."""
STREAMS = KINDS * (len(AGES) + 1)
NOT_YET = -1
MIXER = 0x9E3779B97F4A7C15
"""An odd number, so that author and song make one key without two pairs meeting."""

COLUMNS = {
    "key": "u8", "at": "i8", "post": "u8", "song": "i8", "platform": "i8", "tag": "i8", "hour": "i8", "weight": "f8",
    "new": "?", "counted": "?",
    "seen": "f8", "judged": "?", "read": "f8", "read_at": "i8", "stream": "i8",
    "from_value": "f8", "from_at": "i8", "gain": "f8", "usual": "f8", "gain_at": "i8",
}  # fmt: skip
"""One row a (post, song). `key` stands for (song, author); `counted` once in 24 hours; `seen` is the share by which
the post counts, `judged` whether that is its last word; `read` is ln(1 + counter) at the last reading and `stream`
what it is compared with; the last line belongs to models.trends.engagement. Times are epoch seconds, NOT_YET where
none."""


def nobody(many: int = 0) -> Table:
    """A table of `many` rows that say nothing yet."""
    table = Table({name: np.zeros(many, kind) for name, kind in COLUMNS.items()})
    table["seen"][:] = 1.0
    for column in ("stream", "read_at", "gain_at", "from_at"):
        table[column][:] = NOT_YET
    return table


class People:
    """Rows of the last days, sorted by (key, at, post); only what the windows can still see is kept."""

    def __init__(self, rows: Table, views: Recent, gains: Gains) -> None:
        self.rows = rows
        self.views = views
        self.gains = gains

    @classmethod
    def none(cls) -> People:
        """Nobody yet."""
        return cls(nobody(), Recent.empty(0), Gains.none())

    def grow(self, platforms: int) -> None:
        """Make room for the counters of `platforms` platforms."""
        self.views.grow(platforms * STREAMS)
        self.gains.grow(platforms)

    def add(self, rows: Table) -> None:
        """Take in `rows` (see `rows_of`) and say anew who counts. A row that is already there changes nothing."""
        if not len(rows):
            return
        together = Table.joined([self.rows, rows])
        order = np.lexsort((together["post"], together["at"], together["key"]))
        key, post = together["key"][order], together["post"][order]
        first = np.ones(len(order), bool)
        first[1:] = (key[1:] != key[:-1]) | (post[1:] != post[:-1])
        self.rows = together.select(order[first])
        self.rows["counted"][:] = once_a_day(self.rows["key"], self.rows["at"])

    def forget(self, edge: int) -> None:
        """Drop rows published before the hour `edge`, but for those by which the next day's repeats are known."""
        old = self.rows["hour"] < edge
        if old.any():
            anchor = self.rows["counted"] & (self.rows["hour"] >= edge - 24)
            self.rows = self.rows.select(~old | anchor)

    def read(self, counts: Iterable[Count], now: int) -> None:
        """Take in counters that became known by `now` (epoch seconds), and judge posts that are old enough."""
        ordered = sorted(counts, key=lambda count: (count.at, count.post, count.views or 0))
        if ordered:
            by_post = np.argsort(self.rows["post"], kind="stable")
            wanted = np.array([count.post for count in ordered], np.uint64)
            posts = self.rows["post"][by_post]
            low, high = (np.searchsorted(posts, wanted, side) for side in ("left", "right"))
            for place in np.flatnonzero(high > low):
                self._read_one(by_post[low[place] : high[place]], ordered[place])
        self._judge(now)

    def _read_one(self, places: NDArray[np.int64], count: Count) -> None:
        kind, value = (0, count.views) if count.views is not None else (1, count.reactions)
        first = places[0]
        if value is None or self.rows["read_at"][first] > count.at:
            return
        age = max(count.at - int(self.rows["at"][first]), 0)
        stream = int(self.rows["platform"][first]) * STREAMS + kind * (len(AGES) + 1) + bisect_right(AGES, age / 3600)
        if self.rows["counted"][places].any():
            self.views.add(stream, math.log1p(value))
        if kind == 0:
            self.gains.read(self.rows, places, value, count.at)
        self.rows["read"][places] = math.log1p(value)
        self.rows["stream"][places] = stream
        self.rows["read_at"][places] = count.at
        self.rows["judged"][places] = False

    def _judge(self, now: int) -> None:
        """Give posts that are old enough, and were read since, their share: the counter against its peers' quartile."""
        rows = self.rows
        due = ~rows["judged"] & (rows["stream"] >= 0) & (rows["at"] <= now - JUDGED_AFTER)
        for place in np.flatnonzero(due):
            quartile = self.views.quantile(int(rows["stream"][place]), 0.25)
            rows["seen"][place] = min(max(rows["read"][place] / quartile, LEAST_SEEN), 1.0) if quartile > 0 else 1.0
            rows["judged"][place] = True


def once_a_day(key: NDArray[np.uint64], at: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which rows count where each key counts once in 24 hours from its last counted row; sorted by (key, at)."""
    counted = np.zeros(len(key), bool)
    if not len(key):
        return counted
    starts = np.r_[True, key[1:] != key[:-1]]
    group = np.cumsum(starts) - 1
    base = at - at.min()
    place = group * (int(base.max()) + DAY + 1) + base
    following = np.searchsorted(place, place + DAY)
    current = np.flatnonzero(starts)
    while len(current):
        counted[current] = True
        after = following[current]
        inside = after < len(key)
        current, after = current[inside], after[inside]
        current = after[group[after] == group[current]]
    return counted


def rows_of(mentions: Iterable[Mention], songs: dict[str, int], platforms: dict[str, int], keys: list[int]) -> Table:
    """`mentions` as rows; those of a song that is not in `songs` are left out. `keys` holds a number a song."""
    known = [mention for mention in mentions if mention.song in songs]
    rows = nobody(len(known))
    place = [songs[mention.song] for mention in known]
    rows["song"][:] = place
    rows["key"][:] = [(one.author * MIXER + keys[song]) % 2**64 for one, song in zip(known, place, strict=True)]
    rows["post"][:] = [mention.post for mention in known]
    rows["at"][:] = [mention.at for mention in known]
    rows["hour"][:] = rows["at"] // 3600
    rows["platform"][:] = [platforms[mention.platform] for mention in known]
    rows["tag"][:] = [mention.tag for mention in known]
    rows["weight"][:] = [mention.weight for mention in known]
    rows["new"][:] = [mention.new for mention in known]
    return rows
