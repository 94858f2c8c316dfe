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
from models.trends.table import Table
from models.trends.window import Window, summed, tally

Array = NDArray[np.float64]

GUESS_HOURS, GUESS_LEAST = 75, 168.0
"""Exposure is estimated anew for three days back, as late posts come in, once a platform was watched for a week."""
COUNTING = ("song", "platform", "tag", "hour", "weight", "seen", "judged", "new", "gain", "usual", "gain_at")
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

    PER_SONG = ("mix", "rate", "cut", "quiet", "old_exposed", "old_hours", "posted", "touched", "first", "own_week")

    def __init__(self, songs: Sequence[TrackedSong], hour: int, half_life_days: float) -> None:
        many = len(songs)
        self.songs = tuple(songs)
        self.hour = hour
        self.keep = 0.5 ** (1 / (24 * half_life_days))
        self.places = {song.id: place for place, song in enumerate(songs)}
        self.numbers = [number(song.id) for song in songs]
        self.since = np.array([NEVER if song.since is None else song.since for song in songs], np.int64)
        self.released = np.array([NEVER if song.released is None else song.released for song in songs], np.int64)
        self.exposure = Exposure.none(korean_day(hour) - (RING - 24))
        self.past = Past.none(many, len(TAG_WEIGHTS))
        self.people = People.none()
        self.stale = True
        self.old_platforms: Array = np.zeros(0)
        self.mix, self.old_exposed = np.zeros((many, 0)), np.zeros((many, 0))
        self.rate, self.quiet = np.full(many, PRIOR_RATE), np.full(many, QUIET_PRIOR)
        self.old_hours = np.zeros(many)
        self.cut = np.full((many, RING), 0.5)
        self.posted, self.touched = np.full(many, NEVER), np.full(many, NEVER)
        self.first, self.own_week = np.full(many, -NEVER), np.zeros(many, bool)
        self.clock: Array = np.zeros((0, RING))

    @property
    def now(self) -> int:
        """The place of the hour being scored among the RING hours."""
        return self.hour - self.exposure.edge

    def turn_day(self) -> None:
        """Move finished days from the windows into the past, so that the windows hold nine days and today."""
        while self.exposure.edge < korean_day(self.hour) - (RING - 24):
            edge = self.exposure.edge
            rows = self._counting(self.exposure.logged(BACK, BACK + RING))
            rows = rows.select(rows["hour"] < edge + 24)
            place = rows["song"] * 24 + rows["hour"] - edge
            day = summed(place, rows["amount"], len(self.songs) * 24).reshape(-1, 24)
            self.past.advance(day, np.minimum(day, self.cut[:, :24]), rows, edge + 24, self.keep)
            place = rows["platform"] * 24 + rows["hour"] - edge
            many = len(self.exposure.names)
            self.exposure.advance(summed(place, rows["amount"], many * 24).reshape(many, 24))
            self.cut = np.concatenate([self.cut[:, 24:], np.full((len(self.songs), 24), 0.5)], axis=1)
            self.people.forget(self.exposure.edge)
            self.stale = True

    def hear(self, heard: Heard) -> None:
        if self.exposure.hear(heard):
            self.stale = True
        platforms = {name: place for place, name in enumerate(self.exposure.names)}
        self.make_room(len(platforms))
        rows = rows_of(heard.mentions, self.places, platforms, self.numbers)
        late = rows["hour"] < self.exposure.edge
        self.people.add(rows.select(~late))
        if late.any():
            self._hear_late(rows.select(late))
        self.people.read(heard.counts, (self.hour + 1) * 3600)
        np.maximum.at(self.posted, rows["song"], rows["hour"])
        np.minimum.at(self.first, rows["song"], rows["hour"])
        for song in heard.read:
            if song in self.places:
                self.touched[self.places[song]] = self.hour

    def make_room(self, platforms: int) -> None:
        self.people.grow(platforms)
        self.past.grow(platforms)
        more = platforms - self.mix.shape[1]
        if more > 0:
            nothing = np.zeros((len(self.songs), more))
            self.mix = np.concatenate([self.mix, nothing], axis=1)
            self.old_exposed = np.concatenate([self.old_exposed, nothing], axis=1)
            self.old_platforms = np.concatenate([self.old_platforms, np.zeros(more)])

    def _hear_late(self, rows: Table) -> None:
        """Posts from before the windows: they belong to the past, which is a day at a time."""
        rows = rows.select(np.lexsort((rows["post"], rows["at"], rows["key"])))
        ago = self.exposure.edge - rows["hour"]
        kept = once_a_day(rows["key"], rows["at"]) & (ago <= BACK) & (rows["hour"] >= self.since[rows["song"]])
        kept &= self.exposure.logged(0, BACK)[rows["platform"], np.maximum(BACK - ago, 0)] > 0
        self.past.add(rows.select(kept), ago[kept], self.keep)
        self.stale = True

    def _counting(self, logged: Array) -> Table:
        """The rows of the windows that count; see `Window`."""
        rows, edge = self.people.rows, self.exposure.edge
        hour = rows["hour"]
        counts = rows["counted"] & (hour >= edge) & (hour <= self.hour) & (hour >= self.since[rows["song"]])
        counts &= logged[rows["platform"], np.clip(hour - edge, 0, RING - 1)] > 0
        found = rows.select(counts, COUNTING)
        found.columns["amount"] = found["weight"] * found["seen"]
        return found

    def look(self) -> Window:
        exposure, now = self.exposure, self.hour - self.exposure.edge
        many, platforms = len(self.songs), len(exposure.names)
        hours = exposure.edge + np.arange(RING)
        if self.stale or len(self.clock) != platforms:
            self.clock = exposure.clock(hours)
        logged = exposure.logged(BACK, BACK + RING)
        logged[:, now + 1 :] = 0
        rows = self._counting(logged)
        place = rows["hour"] - exposure.edge
        fade = self.keep ** np.abs(now - np.arange(RING))
        if self.stale:
            self.old_platforms = exposure.by_day() @ self._day_fade()
        people = self.past.platforms * self.keep**now
        people += tally(rows, "platform", many, platforms, rows["amount"] * fade[place])
        exposed = self.old_platforms * self.keep**now + logged @ fade
        self.mix = mixture(people, exposed) if platforms else self.mix
        if self.stale:
            self._look_back()
        self._guess(rows, logged, exposed)
        seen = self.clock * logged * exposure.guessed[:, BACK:]
        tracked = hours >= self.since[:, None]
        cells = rows["song"] * RING + place
        return Window(
            now=now,
            people=summed(cells, rows["amount"], many * RING).reshape(many, RING),
            exposed=np.where(tracked, self.mix @ seen, 0.0),
            rows=rows,
            mix=self.mix,
            lively=self.clock,
            logged=logged,
            tracked=tracked,
        )

    def _day_fade(self) -> Array:
        return np.asarray(self.keep ** (24.0 * np.arange(DAYS - 1, -1, -1) + 12.5))

    def _look_back(self) -> None:
        """What depends on the past alone: done once a day, and when something of the past became known."""
        days = self.exposure.by_day()
        ends = self.exposure.edge - BACK + 24 * np.arange(1, DAYS + 1)
        tracked = ends > self.since[:, None]
        self.old_exposed = (tracked * self._day_fade()) @ days.T
        exposed = tracked * (self.mix @ days)
        self.quiet, self.own_week = quiet_level(self.past.days, exposed * (ends > self.first[:, None]))
        self.old_hours = exposed.sum(axis=1)
        self.stale = False

    def _guess(self, rows: Table, logged: Array, watched: Array) -> None:
        """Ask all songs together how much of the last three days was really collected."""
        now, platforms = self.hour - self.exposure.edge, len(self.exposure.names)
        first = now + 1 - GUESS_HOURS
        due = self.rate[:, None] * self.mix * (self.hour >= self.since[:, None])
        most = (due + 3 * np.sqrt(due + 0.3 * due**2) + 1).ravel()
        rows = rows.select(rows["hour"] >= self.exposure.edge + first)
        cell = (rows["song"] * platforms + rows["platform"]) * GUESS_HOURS + rows["hour"] - self.exposure.edge - first
        cells, place = np.unique(cell, return_inverse=True)
        people = np.minimum(summed(place, rows["amount"], len(cells)), most[cells // GUESS_HOURS])
        capped = summed(cells % (platforms * GUESS_HOURS), people, platforms * GUESS_HOURS).reshape(
            platforms, GUESS_HOURS
        )
        expected = due.sum(axis=0)[:, None] * (self.clock * logged)[:, first : now + 1]
        guess = np.where((watched >= GUESS_LEAST)[:, None], estimated(capped, expected), 1.0)
        self.exposure.guessed[:, BACK + first + 2 : BACK + now + 1] = guess[:, 2:]
