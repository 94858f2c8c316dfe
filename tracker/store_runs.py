"""The table of word runs: titles outside the catalogue, counted by Korean day, without the posts and the people."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlite_utils import Database

from models.discovering.crowd import bit_of
from models.discovering.rising import BASELINE_DAYS, DayCount
from models.discovering.runs import Run
from tracker.store import to_json

KEPT_DAYS = 400
ALONE_DAYS = 14
"""So long a run is kept that one person alone has written."""
RUNS_A_DAY = 5_000
"""Of a day that is over the rarest beyond this are dropped; a day that goes on may hold twice as many."""
MOST_EACH = 6
"""Spellings, dramas, singers and so on are told apart up to this many a run and day; the rarest are dropped."""

KINDS = ("shown", "dramas", "ost", "parts", "singers", "strangers", "works", "also")


@dataclass(frozen=True, slots=True)
class Heard:
    """The runs of one post: the Korean day on which it became known, and its author as a keyed hash in hexadecimal.

    A post without an author counts as a person of its own: its `person` is the keyed hash of the post.
    """

    day: str
    person: str
    runs: tuple[Run, ...]


@dataclass(slots=True)
class Counts:
    """What is counted of a run: posts, the crowd, and by kind (KINDS) what it stood beside and how it was written."""

    posts: int = 0
    crowd: int = 0
    beside: dict[str, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in KINDS})

    def __iadd__(self, other: Counts) -> Counts:
        self.posts += other.posts
        self.crowd |= other.crowd
        for kind in KINDS:
            self.beside[kind].update(other.beside[kind])
        return self

    def most(self, kind: str) -> str:
        """The most common of a kind, '' for none; of two as common the first in order."""
        return min(self.beside[kind], key=lambda name: (-self.beside[kind][name], name), default="")


def count_runs(connection: sqlite3.Connection, heard: Iterable[Heard]) -> None:
    """Add the runs of posts, inside the caller's transaction; the caller sees to it that a post is counted once."""
    new: dict[tuple[str, str], Counts] = {}
    for post in heard:
        for run in post.runs:
            counts = new.setdefault((run.key, post.day), Counts())
            counts += _counts(run, bit_of(post.person))
    for (run_key, day), counts in sorted(new.items()):
        row = connection.execute(
            "select posts, crowd, beside from word_runs where run = ? and day = ?", (run_key, day)
        ).fetchone()
        if row is not None:
            counts += _read(*row)
        _write(connection, run_key, day, counts)
    for day in sorted({day for _, day in new}):
        _drop_rarest(connection, day, above=2 * RUNS_A_DAY)


def _counts(run: Run, crowd: int) -> Counts:
    counts = Counts(1, crowd)
    for kind, names in (
        ("shown", (run.shown,)), ("dramas", run.dramas), ("ost", ("ost",) if run.ost else ()), ("parts", (run.part,)),
        ("singers", run.singers), ("strangers", (run.stranger,)), ("works", (run.work,)), ("also", (run.also,)),
    ):  # fmt: skip
        counts.beside[kind].update(name for name in names if name)
    return counts


def _read(posts: int, crowd: int, beside: str) -> Counts:
    stored: Mapping[str, Mapping[str, int]] = json.loads(beside)
    return Counts(posts, crowd, {kind: Counter(stored.get(kind, {})) for kind in KINDS})


def _write(connection: sqlite3.Connection, run: str, day: str, counts: Counts) -> None:
    beside = {kind: dict(sorted(names.items(), key=lambda item: (-item[1], item[0]))[:MOST_EACH])
              for kind, names in counts.beside.items() if names}  # fmt: skip
    connection.execute(
        """insert into word_runs (run, day, shown, beside, posts, crowd) values (?, ?, ?, ?, ?, ?)
        on conflict (run, day) do update set shown = excluded.shown, beside = excluded.beside, posts = excluded.posts,
        crowd = excluded.crowd""",
        (run, day, counts.most("shown"), to_json(beside), counts.posts, counts.crowd),
    )


def prune_runs(connection: sqlite3.Connection, *, today: str) -> None:
    """Drop what is too old, what one person alone wrote, and of each past day the rarest; `today` is a Korean day."""
    now = date.fromisoformat(today)
    oldest, alone = ((now - timedelta(days=days)).isoformat() for days in (KEPT_DAYS, ALONE_DAYS))
    connection.execute("delete from word_runs where day < ?", (oldest,))
    connection.execute(
        """delete from word_runs where day < ? and run in (
            select run from word_runs group by run having min(crowd) = max(crowd) and max(crowd & (crowd - 1)) = 0)""",
        (alone,),
    )
    full = connection.execute(
        "select day from word_runs where day < ? group by day having count(*) > ?", (today, RUNS_A_DAY)
    ).fetchall()
    for (day,) in full:
        _drop_rarest(connection, day, above=RUNS_A_DAY)


def _drop_rarest(connection: sqlite3.Connection, day: str, *, above: int) -> None:
    """Cut a day that has more than `above` runs back to RUNS_A_DAY: those of the fewest people go, then of posts.

    Of the rest the crowd decides, which is as good as chance: the alphabet would favour one script.
    """
    [count] = connection.execute("select count(*) from word_runs where day = ?", (day,)).fetchone()
    if count <= above:
        return
    rows = connection.execute("select run, posts, crowd from word_runs where day = ?", (day,)).fetchall()
    rows.sort(key=lambda row: (-int(row[2]).bit_count(), -row[1], row[2], row[0]))
    connection.executemany(
        "delete from word_runs where run = ? and day = ?", [(row[0], day) for row in rows[RUNS_A_DAY:]]
    )


@dataclass(frozen=True, slots=True)
class RunHistory:
    """A run with its counts by day, and all of the window put together."""

    run: str
    days: Mapping[str, DayCount]
    window: Counts


def histories(db: Database, *, first: str, last: str) -> list[RunHistory]:
    """Every run that was counted from day `first` to day `last`, with all its days up to `last`."""
    found: dict[str, dict[str, DayCount]] = {}
    windows: dict[str, Counts] = {}
    rows = db.execute(
        """select run, day, posts, crowd, beside from word_runs where day <= :last
        and run in (select run from word_runs where day between :first and :last) order by run, day""",
        {"first": first, "last": last},
    )
    for run, day, posts, crowd, beside in rows:
        found.setdefault(run, {})[day] = DayCount(posts, crowd)
        if day >= first:
            window = windows.setdefault(run, Counts())
            window += _read(posts, crowd, beside)
    return [RunHistory(run, days, windows[run]) for run, days in found.items()]


def days_watched(db: Database, *, last: str) -> list[str]:
    """The Korean days up to `last`, as far back as a comparison reaches, on which anything was collected."""
    floor = (date.fromisoformat(last) - timedelta(days=2 * BASELINE_DAYS)).isoformat()
    rows = db.execute(
        """select date(hour, '+9 hours') as day from seen_counts where hour >= :floor
        union select day from word_runs where day >= :floor order by day""",
        {"floor": floor},
    )
    return [day for (day,) in rows if floor <= day <= last]


def newest_day(db: Database) -> str | None:
    """The last day on which a run was counted."""
    day: str | None = db.execute("select max(day) from word_runs").fetchone()[0]
    return day
