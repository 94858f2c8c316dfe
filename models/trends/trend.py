"""The scoring engine: a state machine that steps hour by hour over what became known in that hour.

It never sees the future, so scoring an archive at once and scoring it live give the same rows; its whole memory is
what `models.trends.snapshot` packs, so stopping and going on changes nothing either. Formulae: docs/scoring.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.trends.breadth import breadth
from models.trends.evidence import Levels, gather, levels
from models.trends.heard import Heard
from models.trends.level import COMPARABLE_HOURS, WEEK, full_week, growth
from models.trends.memory import KST, Memory, TrackedSong, korean_day
from models.trends.onset import Moved, Onsets
from models.trends.scores import (
    ENGAGEMENT_POINTS,
    PARTS,
    Evidence,
    HourScores,
    Rows,
    confidence,
    growth_points,
    surge,
    tenths,
)
from models.trends.states import FADE_TO, Signs, States
from models.trends.surprise import Dispersion, lower_tail
from models.trends.table import Table
from models.trends.window import (
    BEFORE_CLOSED,
    BEFORE_WEEK,
    CLOSED_WEEK,
    CLOSES_AFTER,
    DAY_BEFORE,
    LAST_DAY,
    LAST_WEEK,
    Window,
    per_song,
)

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

METHOD = "trend-1"
ACTIVE_HOURS = 28 * 24
HEARD_HOURS = 72
"""An hour row is stored while a post or a reading is no older."""


def week_ends(hour: int) -> bool:
    """Whether a Korean week ends as the epoch hour `hour` begins (Monday 00:00 KST)."""
    return (hour + KST + 3 * 24) % WEEK == 0


def next_week(hour: int) -> int:
    """The epoch hour at which the Korean week after that of `hour` begins."""
    begun = hour + KST + 3 * 24
    return hour + WEEK - begun % WEEK


class Trend:
    """The engine. `step` scores the next hour (epoch hours); arrays have one row a song, in the order of `songs`."""

    PER_SONG = ("last_score", "day_points", "week_points", "closing_points", "closing_states")
    COUNTERS = ("day_hours", "week_hours", "closing_hours")

    def __init__(
        self, songs: Sequence[TrackedSong], *, hour: int, half_life_days: float = 14, suppress_below: float = 0.5
    ) -> None:
        many = len(songs)
        self.memory = Memory(songs, hour, half_life_days)
        self.suppress_below = suppress_below
        self.onsets = Onsets.none(many)
        self.states = States.none(many)
        self.dispersion = Dispersion.start()
        self.row: Rows | None = None
        self.last_score = np.zeros(many, np.int64)
        self.day_points, self.week_points, self.closing_points = (np.zeros((many, 4)) for _ in range(3))
        self.closing_states = np.zeros(many, np.int64)
        self.day_hours = self.week_hours = self.closing_hours = 0

    @property
    def hour(self) -> int:
        """The epoch hour that the next step scores."""
        return self.memory.hour

    def step(self, heard: Heard) -> HourScores:
        """Score one hour from what became known in it."""
        self.memory.turn_day()
        self.memory.hear(heard)
        window = self.memory.look(closing=week_ends(self.hour + 1 - CLOSES_AFTER))
        level = levels(self.memory, window, self.dispersion)
        self.dispersion.learn(level.people, level.expected, level.usable, self.memory.keep)
        row, moved = self._hour(window, level)
        self.row = row
        rows = [row, *self._periods(window, row)]
        self.last_score = row.score
        self.memory.hour += 1
        return HourScores(row.start, tuple(rows), moved)

    def _hour(self, window: Window, level: Levels) -> tuple[Rows, Moved]:
        memory, hour = self.memory, self.memory.hour
        lately = memory.lately()
        week, growth_log2, history = self._week(window, LAST_WEEK, BEFORE_WEEK)
        evidence = gather(memory, window, level, lately, week, history, self.onsets.open & ~self.onsets.confirmed)
        sure = confidence(level.people[:, 2])
        surprise = level.surprise.mean(axis=1)
        points = self._points(evidence, surprise, growth_log2, sure)
        coverage = window.coverage(LAST_DAY)
        open_enough = coverage >= self.suppress_below
        active = memory.posted > hour - ACTIVE_HOURS
        moved = self.onsets.step(hour, surprise, evidence.seen, open_enough, active)
        before = self.states.code
        signs = self._signs(window, level, points, growth_log2, surprise, sure, moved, open_enough)
        states = self.states.step(hour, signs)
        posts, authors = self._counted(lately, hour, hour + 1)
        heard = np.maximum(memory.posted, memory.touched) > hour - HEARD_HOURS
        stored = heard | (points.sum(axis=1) != self.last_score) | (states != before)
        row = Rows(
            "hour",
            hour,
            stored & (memory.since <= hour),
            points,
            states,
            posts,
            authors,
            coverage,
            growth_log2,
            sure,
            evidence,
        )
        return row, moved

    def _points(self, evidence: Evidence, surprise: Array, growth_log2: Array, sure: Array) -> Whole:
        """The parts of every song in tenths; a song without anybody in 72 hours has none."""
        points = np.zeros((len(sure), len(PARTS)), np.int64)
        some = np.flatnonzero(sure)
        parts = [
            surge(surprise[some]),
            growth_points(growth_log2[some]),
            breadth(*(column[some] for column in (evidence.platforms, evidence.kinds, evidence.new, evidence.beyond))),
            ENGAGEMENT_POINTS * evidence.faster[some],
        ]
        points[some] = tenths(np.stack(parts, axis=1) * sure[some, None])
        return points

    def _week(self, window: Window, stretch: int, before: int) -> tuple[Array, Array, Array]:
        """People of one week at full exposure, their growth, and how comparable the song is."""
        memory = self.memory
        week = full_week(window.people[stretch], window.exposed[stretch], memory.quiet)
        history = np.minimum((memory.old_hours + window.exposed[before]) / COMPARABLE_HOURS, 1.0)
        return week, growth(week, memory.quiet, history), history

    def _signs(
        self,
        window: Window,
        level: Levels,
        points: Whole,
        growth_log2: Array,
        surprise: Array,
        sure: Array,
        moved: Moved,
        open_enough: Flags,
    ) -> Signs:
        memory = self.memory
        today, yesterday = window.people[[LAST_DAY, DAY_BEFORE]]
        watched, watched_before = window.exposed[[LAST_DAY, DAY_BEFORE]]
        nobody = np.zeros(len(today))
        rate = np.divide(yesterday, watched_before, out=nobody.copy(), where=watched_before > 0)
        now = np.divide(today, watched, out=nobody.copy(), where=watched > 0)
        confirmed = np.zeros(len(today), bool)
        confirmed[[song for song, _ in moved.confirmed]] = True
        falling = np.flatnonzero(now < FADE_TO * rate)
        few = np.ones(len(today))
        few[falling] = lower_tail(today[falling], (rate * watched)[falling], level.dispersion[falling, 1])
        return Signs(
            surprise=surprise,
            score=points.sum(axis=1) / 10,
            growth=growth_log2,
            confidence=sure,
            people_week=window.people[LAST_WEEK],
            today=now,
            yesterday=rate,
            few=few,
            confirmed=confirmed,
            standing=self.onsets.confirmed,
            covered=open_enough,
            quiet=memory.quiet,
            age=(memory.hour + 1 - memory.released).astype(np.float64),
            past=memory.old_hours,
        )

    def _counted(self, rows: Table, start: int, stop: int) -> tuple[Whole, Whole]:
        """Posts and distinct authors of each song, by the hours from `start` to `stop` in which they were published."""
        rows = rows.select((rows["hour"] >= start) & (rows["hour"] < stop), ("key", "song"))
        many = len(self.memory.songs)
        if not len(rows):
            return np.zeros(many, np.int64), np.zeros(many, np.int64)
        order = np.argsort(rows["key"])
        first = order[np.flatnonzero(np.diff(rows["key"][order], prepend=~rows["key"][order[:1]]))]
        return per_song(rows, many).astype(np.int64), per_song(rows.select(first), many).astype(np.int64)

    def _periods(self, window: Window, row: Rows) -> list[Rows]:
        """The day's row as a Korean day ends, the week's on Tuesday 09:00 KST."""
        self.day_points += row.points
        self.week_points += row.points
        self.day_hours += 1
        self.week_hours += 1
        end, due = row.start + 1, []
        if korean_day(end) == end:
            due.append(self._day(window, row))
        if week_ends(end):
            self.closing_points, self.week_points = self.week_points, np.zeros_like(self.week_points)
            self.closing_hours, self.week_hours = self.week_hours, 0
            self.closing_states = row.states
        if week_ends(end - CLOSES_AFTER) and self.closing_hours:
            due.append(self._closed_week(window, row))
        return due

    def _day(self, window: Window, row: Rows) -> Rows:
        posts, authors = self._counted(self.memory.people.rows, row.start - 23, row.start + 1)
        points = tenths(self.day_points / (10 * self.day_hours))
        self.day_points, self.day_hours = np.zeros_like(self.day_points), 0
        return replace(
            row,
            period="day",
            start=row.start - 23,
            stored=self.memory.since <= row.start,
            points=points,
            posts=posts,
            authors=authors,
        )

    def _closed_week(self, window: Window, row: Rows) -> Rows:
        end = row.start + 1 - CLOSES_AFTER
        week, growth_log2, history = self._week(window, CLOSED_WEEK, BEFORE_CLOSED)
        sure = confidence(window.people[CLOSED_WEEK] * 3 / 7)
        parts = self.closing_points / (10 * self.closing_hours)
        parts[:, 1] = growth_points(growth_log2) * sure
        posts, authors = self._counted(self.memory.people.rows, end - WEEK, end)
        return Rows(
            period="week",
            start=end - WEEK,
            stored=self.memory.since < end,
            points=tenths(parts),
            states=self.closing_states,
            posts=posts,
            authors=authors,
            coverage=window.coverage(CLOSED_WEEK),
            growth_log2=growth_log2,
            confidence=sure,
            evidence=replace(row.evidence, week=week, history=history),
        )
