"""The people who named a song lately: each counted once in 24 hours, and by whether anybody saw the post.

Replacing posts by distinct, seen authors mattered more in every measurement than the choice of statistic (guide,
section 0.1): a flood by three accounts is three people, and forty accounts that nobody watches are a handful.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from models.trends.engagement import Gains
from models.trends.heard import Count, Mention
from models.trends.recent import Recent
from models.trends.table import Growing, Table, distinct

Places = NDArray[np.int64]
LastWord = tuple[int, int, int]
"""Of one key: when its last row was published, that row's post, and when the key last counted."""

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
NEVER: LastWord = (-(2**40), 0, -(2**40))
MIXER = np.uint64(0x9E3779B97F4A7C15)
"""An odd number, so that author and song make one key without two pairs meeting."""

COLUMNS = {
    "key": "u8", "at": "i8", "post": "u8", "song": "i8", "platform": "i8", "tag": "i8", "hour": "i8", "weight": "f8",
    "new": "?", "counted": "?", "inside": "?", "amount": "f8",
    "seen": "f8", "judged": "?", "read": "f8", "read_at": "i8", "stream": "i8",
    "from_value": "f8", "from_at": "i8", "gain": "f8", "usual": "f8", "gain_at": "i8",
}  # fmt: skip
"""One row a (post, song). `key` stands for (song, author); `counted` once in 24 hours; `inside` and `amount` say what
it adds to the sums of models.trends.tallies; `seen` is the share by which the post counts, `judged` whether that is its
last word; `read` is ln(1 + counter) at the last reading and `stream` what it is compared with; the last line belongs to
models.trends.engagement. Times are epoch seconds, NOT_YET where none."""


USUAL = dict.fromkeys(COLUMNS, 0) | dict.fromkeys(("stream", "read_at", "gain_at", "from_at"), NOT_YET) | {"seen": 1.0}
"""What is so of a post of which nothing else is known yet."""


class People:
    """Rows of the last days, in the order in which they were heard of; only what the windows can still see is kept."""

    def __init__(self, rows: Table, views: Recent, gains: Gains) -> None:
        self.rows = Growing(rows.columns, USUAL)
        self.views = views
        self.gains = gains
        self._find_places()
        self._last = _last_words(rows)
        self._waiting = self._unjudged()
        gains.last = int(rows["gain_at"].max(initial=gains.last))

    @classmethod
    def none(cls) -> People:
        """Nobody yet."""
        return cls(Table({name: np.zeros(0, kind) for name, kind in COLUMNS.items()}), Recent.empty(0), Gains.none())

    def grow(self, platforms: int) -> None:
        """Make room for the counters of `platforms` platforms."""
        self.views.grow(platforms * STREAMS)
        self.gains.grow(platforms)

    def add(self, rows: Table) -> Places:
        """Take in `rows` (see `rows_of`) and say who counts; returns the places of rows of which something changed.

        A row that is already there changes nothing.
        """
        start = len(self.rows)
        heard = zip(*(rows[name].tolist() for name in ("key", "post", "at")), strict=True)
        fresh, counted, late = list[int](), list[bool](), set[int]()
        keys = list[int]()
        for place, (key, post, at) in enumerate(heard):
            if not self._meet(key, post, keys):
                continue
            fresh.append(place)
            last_at, last_post, counted_at = self._last.get(key, NEVER)
            if (at, post) < (last_at, last_post):
                late.add(key)
            counts = at - counted_at >= DAY
            counted.append(counts)
            self._last[key] = (at, post, at if counts else counted_at)
        rows = rows if len(fresh) == len(rows) else rows.select(np.array(fresh, np.int64))
        self.rows.append(rows)
        self.rows["counted"][start:] = counted
        changed = [np.arange(start, len(self.rows)), *(self._count_again(key) for key in sorted(late))]
        return distinct(np.concatenate(changed)) if late else changed[0]

    def _meet(self, key: int, post: int, batch: list[int]) -> bool:
        """Whether this post was not yet there for this key; if so it will stand behind those of `batch` (keys)."""
        start = len(self.rows)
        place = start + len(batch)
        known = self._where.setdefault(post, place)
        if known != place:
            others = self._several.get(post, [known])
            if key in [batch[one - start] if one >= start else int(self.rows["key"][one]) for one in others]:
                return False
            self._several[post] = [*others, place]
        batch.append(key)
        return True

    def _places(self, post: int) -> list[int]:
        return self._several.get(post) or [self._where[post]]

    def _count_again(self, key: int) -> Places:
        """Say anew which rows of one key count; returns their places."""
        places = np.flatnonzero(self.rows["key"] == np.uint64(key))
        places = places[np.lexsort((self.rows["post"][places], self.rows["at"][places]))]
        self.rows["counted"][places] = once_a_day(self.rows["key"][places], self.rows["at"][places])
        self._last |= _last_words(self.rows.select(places))
        return places

    def forget(self, edge: int) -> None:
        """Drop rows published before the hour `edge`, but for those by which the next day's repeats are known."""
        rows = self.rows
        kept = (rows["hour"] >= edge) | (rows["counted"] & (rows["hour"] >= edge - 24))
        if kept.all():
            return
        for key in rows["key"][~kept].tolist():
            if key in self._last and self._last[key][0] < (edge - 24) * 3600:
                del self._last[key]
        self.rows = Growing(rows.select(kept).columns, USUAL)
        self._find_places()
        self._waiting = self._unjudged()

    def _find_places(self) -> None:
        """Note where each post has its row, or its rows."""
        posts = self.rows["post"].tolist()
        self._where = dict(zip(posts, range(len(posts)), strict=True))
        self._several: dict[int, list[int]] = {}
        if len(self._where) < len(posts):
            for place, post in enumerate(posts):
                self._several.setdefault(post, []).append(place)
            self._several = {post: places for post, places in self._several.items() if len(places) > 1}

    def read(self, counts: Iterable[Count], now: int) -> Places:
        """Take in counters that became known by `now` (epoch seconds), and judge posts that are old enough.

        Returns the places of those judged.
        """
        stated = []
        for post, at, views, reactions in counts:
            kind, value = (0, views) if views is not None else (1, reactions)
            if value is not None and post in self._where:
                stated.append((at, post, value, kind))
        if stated:
            for run in _without_repeats(sorted(stated)):
                self._read_run(run)
        return self._judge(now)

    def _read_run(self, run: Sequence[tuple[int, int, int, int]]) -> None:
        """Take in one reading each (at, post, value, kind) of several posts, unless a later one is known."""
        rows = self.rows
        read_at = rows["read_at"]
        run = [one for one in run if read_at[self._where[one[1]]] <= one[0]]
        if not run:
            return
        first = np.array([self._where[post] for _, post, _, _ in run])
        times, _, values, kinds = (np.array(column) for column in zip(*run, strict=True))
        logs, ages = np.log1p(values), np.maximum(times - rows["at"][first], 0) / 3600
        streams = rows["platform"][first] * STREAMS + kinds * (len(AGES) + 1) + np.searchsorted(AGES, ages, "right")
        which, places = np.arange(len(run)), first
        if self._several:
            where = [self._places(post) for _, post, _, _ in run]
            which = np.repeat(which, [len(some) for some in where])
            places = np.array([place for some in where for place in some])
        counted = np.bincount(which, rows["counted"][places], len(run)) > 0
        self.views.add_all(streams[counted], logs[counted])
        begins = (kinds == 0) & (rows["from_at"][first] < 0)
        for number in np.flatnonzero((kinds == 0) & ~begins).tolist():
            self.gains.read(rows, places[which == number], run[number][2], run[number][0])
        starts = begins[which]
        rows["from_at"][places[starts]], rows["from_value"][places[starts]] = times[which][starts], logs[which][starts]
        rows["read"][places], rows["stream"][places] = logs[which], streams[which]
        rows["read_at"][places], rows["judged"][places] = times[which], False
        self._waiting = np.concatenate([self._waiting, places])

    def _judge(self, now: int) -> Places:
        """Give posts that are old enough, and were read since, their share: the counter against its peers' quartile."""
        rows, waiting = self.rows, self._waiting
        due = rows["at"][waiting] <= now - JUDGED_AFTER
        if not due.any():
            return waiting[:0]
        self._waiting = waiting[~due]
        places = distinct(waiting[due])
        streams = distinct(rows["stream"][places])
        quartiles = np.array([self.views.quantile(stream, 0.25) for stream in streams.tolist()])
        quartiles = quartiles[np.searchsorted(streams, rows["stream"][places])]
        comparable = quartiles > 0
        share = np.divide(rows["read"][places], quartiles, out=np.ones(len(places)), where=comparable)
        rows["seen"][places] = np.clip(share, LEAST_SEEN, 1.0)
        rows["judged"][places] = True
        return places

    def _unjudged(self) -> Places:
        return np.flatnonzero(~self.rows["judged"] & (self.rows["stream"] >= 0))


def _last_words(rows: Table) -> dict[int, LastWord]:
    """The last row of each key and when the key last counted, from rows that say who counts."""
    found: dict[int, LastWord] = {}
    columns = [rows[name][np.lexsort((rows["post"], rows["at"]))].tolist() for name in ("key", "at", "post", "counted")]
    for key, at, post, counted in zip(*columns, strict=True):
        found[key] = (at, post, at if counted else found.get(key, NEVER)[2])
    return found


def _without_repeats(readings: Sequence[tuple[int, int, int, int]]) -> Iterator[Sequence[tuple[int, int, int, int]]]:
    """Runs of `readings` in which no post comes twice, in their order."""
    start, met = 0, set[int]()
    for place, (_, post, _, _) in enumerate(readings):
        if post in met:
            yield readings[start:place]
            start, met = place, set()
        met.add(post)
    yield readings[start:]


def once_a_day(key: NDArray[np.uint64], at: Places) -> NDArray[np.bool_]:
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


_AT_AND_POST = itemgetter(6, 0)


def rows_of(
    mentions: Iterable[Mention],
    songs: dict[str, int],
    platforms: dict[str, int],
    keys: Sequence[int] | NDArray[np.uint64],
) -> Table:
    """`mentions` in the order of time and post, as the columns known of them; those of a song that is not in
    `songs` are left out. `keys` holds a number a song."""
    known = sorted((mention for mention in mentions if mention.song in songs), key=_AT_AND_POST)
    posts, names, authors, where, tags, weights, times, new = zip(*known, strict=True) if known else [()] * 8
    song, at = np.array([songs[name] for name in names], np.int64), np.array(times, np.int64)
    return Table(
        {
            "key": np.array(authors, np.uint64) * MIXER + np.asarray(keys, np.uint64)[song],
            "at": at,
            "post": np.array(posts, np.uint64),
            "song": song,
            "platform": np.array([platforms[name] for name in where], np.int64),
            "tag": np.array(tags, np.int64),
            "hour": at // 3600,
            "weight": np.array(weights, np.float64),
            "new": np.array(new, np.bool_),
        }
    )
