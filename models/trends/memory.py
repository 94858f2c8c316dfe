"""What the scoring engine remembers: nine days hour by hour, half a year day by day, and decayed sums before that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.trends.exposure import BACK, DAYS, RING, Exposure, estimated, mixture
from models.trends.heard import TAG_WEIGHTS, Heard, number
from models.trends.level import PRIOR_RATE, QUIET_PRIOR, Past, quiet_level
from models.trends.people import People, once_a_day, rows_of
from models.trends.surprise import WINDOWS
from models.trends.table import Table, distinct
from models.trends.tallies import Tallies, in_units
from models.trends.window import CLOSED_WEEK, LAST_THREE, WEEK, Window, fading, stretches, summed

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

GUESS_HOURS, GUESS_LEAST = 75, 168.0
"""Exposure is estimated anew for three days back, as late posts come in, once a platform was watched for a week."""
COUNTING = ("song", "platform", "hour", "weight", "seen", "counted", "inside", "amount")
LEAVING = ("song", "platform", "tag", "hour", "weight", "seen", "amount")
KST = 9
NEVER = -(2**40)


@dataclass(frozen=True, slots=True)
class TrackedSong:
    """A song to score. `since` is the epoch hour from which it could have been found (None: always), `released` the
    epoch hour of its release (None: unknown)."""

    id: str
    since: int | None = None
    released: int | None = None


def korean_day(hour: int) -> int:
    """The epoch hour at which the Korean day of `hour` began."""
    return hour - (hour + KST) % 24


class Memory:
    """Arrays have one row a song, in the order of `songs`; PER_SONG names those that a snapshot keeps.

    `first` and `posted` are the hours of a song's first and last post; `own_week`: its quiet level is its own."""

    PER_SONG = (
        "mix",
        "rate",
        "cut",
        "faded",
        "quiet",
        "old_exposed",
        "old_hours",
        "posted",
        "touched",
        "first",
        "own_week",
    )

    def __init__(self, songs: Sequence[TrackedSong], hour: int, half_life_days: float) -> None:
        many = len(songs)
        self.songs = tuple(songs)
        self.hour = hour
        self.keep = 0.5 ** (1 / (24 * half_life_days))
        self.places = {song.id: place for place, song in enumerate(songs)}
        self.numbers = np.array([number(song.id) for song in songs], np.uint64)
        self.since = np.array([NEVER if song.since is None else song.since for song in songs], np.int64)
        self.released = np.array([NEVER if song.released is None else song.released for song in songs], np.int64)
        self.exposure = Exposure.none(korean_day(hour) - (RING - 24))
        self.past = Past.none(many, len(TAG_WEIGHTS))
        self.people = People.none()
        self.tallies = Tallies(many)
        self.ahead: Whole = np.zeros(0, np.int64)
        self.tail = 0
        self.stale = True
        self.old_platforms: Array = np.zeros(0)
        self.mix, self.old_exposed = np.zeros((many, 0)), np.zeros((many, 0))
        self.rate, self.quiet = np.full(many, PRIOR_RATE), np.full(many, QUIET_PRIOR)
        self.old_hours = np.zeros(many)
        self.posted, self.touched = np.full(many, NEVER), np.full(many, NEVER)
        self.first, self.own_week = np.full(many, -NEVER), np.zeros(many, bool)
        self.clock: Array = np.zeros((0, RING))

    @property
    def now(self) -> int:
        """The place of the hour being scored among the RING hours."""
        return self.hour - self.exposure.edge

    @property
    def cut(self) -> Array:
        """Songs x RING: the most people an hour may add to the level."""
        return self.tallies.cut.T

    @property
    def faded(self) -> Array:
        """Songs x platforms: the people of the windows, faded as if the edge were now."""
        return self.tallies.platforms

    def turn_day(self) -> None:
        """Move finished days from the windows into the past, so that the windows hold nine days and today."""
        while self.exposure.edge < korean_day(self.hour) - (RING - 24):
            edge, people = self.exposure.edge, self.people.rows
            rows = people.select(people["inside"] & (people["hour"] < edge + 24), LEAVING)
            self.past.advance(self.tallies.people[:24].T, self.tallies.capped[:24].T, rows, edge + 24, self.keep)
            place = rows["platform"] * 24 + rows["hour"] - edge
            many = len(self.exposure.names)
            self.exposure.advance(summed(place, rows["amount"], many * 24).reshape(many, 24))
            self.people.forget(self.exposure.edge)
            self.tallies.turn()
            self.count_anew()
            self.stale = True

    def hear(self, heard: Heard) -> None:
        self.stale |= self.exposure.hear(heard)
        platforms = {name: place for place, name in enumerate(self.exposure.names)}
        self.make_room(len(platforms))
        rows = rows_of(heard.mentions, self.places, platforms, self.numbers)
        np.maximum.at(self.posted, rows["song"], rows["hour"])
        np.minimum.at(self.first, rows["song"], rows["hour"])
        late = rows["hour"] < self.exposure.edge
        if late.any():
            self._hear_late(rows.select(late))
            rows = rows.select(~late)
        places = [self.people.add(rows), self.people.read(heard.counts, (self.hour + 1) * 3600), self.ahead]
        if self.exposure.overturned < self.hour:
            self.count_anew()
        else:
            self._count(distinct(np.concatenate(places)))
        self.touched[[self.places[song] for song in heard.read if song in self.places]] = self.hour

    def make_room(self, platforms: int) -> None:
        self.people.grow(platforms)
        self.past.grow(platforms)
        self.tallies.grow(platforms)
        more = platforms - self.mix.shape[1]
        if more > 0:
            nothing = np.zeros((len(self.songs), more))
            self.mix = np.concatenate([self.mix, nothing], axis=1)
            self.old_exposed = np.concatenate([self.old_exposed, nothing], axis=1)
            self.old_platforms = np.concatenate([self.old_platforms, np.zeros(more)])

    def _hear_late(self, rows: Table) -> None:
        """Posts from before the windows: they belong to the past, which is a day at a time."""
        rows = rows.select(np.lexsort((rows["post"], rows["at"], rows["key"])))
        rows.columns["seen"] = np.ones(len(rows))
        ago = self.exposure.edge - rows["hour"]
        kept = once_a_day(rows["key"], rows["at"]) & (ago <= BACK) & (rows["hour"] >= self.since[rows["song"]])
        kept &= self.exposure.logged(0, BACK)[rows["platform"], np.maximum(BACK - ago, 0)] > 0
        self.past.add(rows.select(kept), ago[kept], self.keep)
        self.stale = True

    def recall(self, people: People) -> None:
        """Take over the people of a snapshot, taken as `hour` begins."""
        self.people = people
        self.ahead = np.flatnonzero(people.rows["hour"] >= self.hour)
        self.tallies.fill(people.rows, self.exposure.edge, self.keep)

    def count_anew(self) -> None:
        """Say of every row whether it counts, and add up from the start."""
        rows = self.people.rows
        rows["inside"][:], rows["amount"][:] = False, 0.0
        self.tail = 0
        self._count(np.arange(len(rows)), add=False)
        self.tallies.fill(rows, self.exposure.edge, self.keep)

    def _count(self, places: Whole, *, add: bool = True) -> None:
        """Say whether, and how much, the rows at `places` count.

        A person counts once a day, in the windows, when the song was tracked and the hour collected at all.
        """
        if not len(places):
            return
        rows, exposure = self.people.rows, self.exposure
        found = rows.select(places, COUNTING)
        hour = found["hour"]
        inside = found["counted"] & (hour >= exposure.edge) & (hour <= self.hour) & (hour >= self.since[found["song"]])
        inside &= exposure.collected(found["platform"], hour)
        amount = np.where(inside, in_units(found["weight"] * found["seen"]), 0.0)
        rows["inside"][places], rows["amount"][places] = inside, amount
        self.ahead = places[hour > self.hour]
        if add:
            changed = (amount != found["amount"]) | (inside != found["inside"])
            more = inside.astype(np.float64) - found["inside"]
            self.tallies.add(
                found.select(changed), (amount - found["amount"])[changed], more[changed], exposure.edge, self.keep
            )

    def lately(self) -> Table:
        """The rows heard of last, without a copy: those of the last 72 hours are among them."""
        hour = self.people.rows["hour"][self.tail :]
        recent = hour > self.hour - WINDOWS[-1]
        self.tail += int(recent.argmax()) if recent.any() else len(hour)
        return self.people.rows.after(self.tail)

    def look(self, *, closing: bool) -> Window:
        """What the windows show now; `closing` says that a week closes in this hour."""
        exposure, now = self.exposure, self.now
        platforms = len(exposure.names)
        hours = exposure.edge + np.arange(RING)
        if self.stale or len(self.clock) != platforms:
            self.clock = exposure.clock(hours)
        if self.stale:
            days = exposure.by_day()
            self.old_platforms = days @ self._day_fade()
        logged = exposure.logged(BACK, BACK + RING)
        logged[:, now + 1 :] = 0
        left = self.keep**now
        exposed = self.old_platforms * left + logged @ self.keep ** np.abs(now - np.arange(RING, dtype=np.float64))
        if platforms:
            self.mix = mixture((self.past.platforms + self.tallies.platforms) * left, exposed)
        if self.stale:
            self._look_back(days)
        self._guess(logged, exposed)
        return self._window(logged, stretches(now, closing))

    def _window(self, logged: Array, sums: Array) -> Window:
        now, mix = self.now, self.mix.T
        fades, tallies = fading(now, self.keep), self.tallies
        oldest = 0 if len(sums) > CLOSED_WEEK else now + 1 - WEEK
        by_log = self.clock * logged
        seen = by_log * self.exposure.guessed[:, BACK:]
        left = self.keep ** (now - np.array(WINDOWS, np.float64))[:, None]
        both = np.concatenate([sums, fades])
        exposed, covered = (both @ seen.T) @ mix, (sums @ by_log.T) @ mix
        for since in distinct(self.since[self.since > self.exposure.edge]):
            which, tracked = self.since == since, np.arange(RING) >= since - self.exposure.edge
            exposed[:, which] = (both @ (seen * tracked).T) @ mix[:, which]
            covered[:, which] = (sums @ (by_log * tracked).T) @ mix[:, which]
        return Window(
            now=now,
            people=sums[:, oldest:] @ tallies.people[oldest:],
            exposed=exposed[: len(sums)],
            earlier=self.past.level * left + fades @ tallies.capped,
            exposed_earlier=(self.mix * self.old_exposed).sum(axis=1) * left + exposed[len(sums) :],
            covered=covered,
            expected=(sums @ self.clock.T) @ mix,
            exposed_on=seen @ sums[LAST_THREE],
            due=self.clock[:, now] @ mix,
            mix=self.mix,
        )

    def _day_fade(self) -> Array:
        return np.asarray(self.keep ** (24.0 * np.arange(DAYS - 1, -1, -1) + 12.5))

    def _look_back(self, days: Array) -> None:
        """What depends on the past alone: done once a day, and when something of the past became known."""
        ends = self.exposure.edge - BACK + 24 * np.arange(1, DAYS + 1)
        tracked = ends > self.since[:, None]
        self.old_exposed = (tracked * self._day_fade()) @ days.T
        exposed = tracked * (self.mix @ days)
        self.quiet, self.own_week = quiet_level(self.past.days, exposed * (ends > self.first[:, None]))
        self.old_hours = exposed.sum(axis=1)
        self.stale = False

    def _guess(self, logged: Array, watched: Array) -> None:
        """Ask all songs together how much of the last three days was really collected."""
        now, platforms = self.now, len(self.exposure.names)
        first = now + 1 - GUESS_HOURS
        due = self.rate[:, None] * self.mix * (self.hour >= self.since[:, None])
        most = (due + 3 * np.sqrt(due + 0.3 * due**2) + 1).ravel()
        hour, song, platform, amount = self.tallies.cells.since(self.exposure.edge + first)
        people = np.minimum(amount, most[song * platforms + platform])
        slot = (hour - (self.exposure.edge + first)) * platforms + platform
        capped = summed(slot, people, GUESS_HOURS * platforms).reshape(GUESS_HOURS, platforms).T
        expected = due.sum(axis=0)[:, None] * (self.clock * logged)[:, first : now + 1]
        guess = np.where((watched >= GUESS_LEAST)[:, None], estimated(capped, expected), 1.0)
        self.exposure.guessed[:, BACK + first + 2 : BACK + now + 1] = guess[:, 2:]
