"""A database with a long silence: the rows that stepping through every hour gives, and a run that may be killed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlite_utils import Database

from models.korean_time import iso
from tracker import score_input, scoring
from tracker.config import Score
from tracker.migrations import MIGRATIONS
from tracker.scoring import score
from tracker.store import get_meta

START = datetime(2024, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ASLEEP = START + 214 * DAY
AWAKE = ASLEEP + 100 * DAY


def posts(db: Database, start: datetime, count: int) -> None:
    """Posts every seven hours about two songs in turn."""
    for number in range(count):
        at, key = iso(start + number * timedelta(hours=7)), f"x:{start:%y%m}{number}"
        db.execute(
            "insert into posts (key, platform, author, text, hashtags, published_at, first_seen_at, source)"
            " values (?, 'x', ?, 'words', '[]', ?, ?, 'file')",
            (key, f"author-{number}", at, at),
        )
        db.execute("insert into mentions values (?, ?, 0.9, '[]')", (key, ("amber", "birch")[number % 2]))


def database() -> Database:
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    db.table("dramas").insert({"id": "a-drama", "title": "A Drama", "aliases": "[]"})
    for song in ("amber", "birch", "cedar"):
        db.table("songs").insert(
            {"id": song, "title": song, "drama": "a-drama", "ambiguous": 0, "aliases": "[]"}, pk="id"
        )
    db.execute("update songs set tracked_since = ? where id = 'cedar'", (iso(ASLEEP + 40 * DAY),))
    posts(db, START, 60)
    posts(db, AWAKE, 10)
    db.conn.commit()
    return db


@pytest.fixture(scope="module")
def asleep() -> Iterator[Database]:
    """Scored until well after the last week that can be compared."""
    db = database()
    with closing(db.conn):
        score(db, until=ASLEEP, settings=Score())
        yield db


@pytest.fixture
def db(asleep: Database) -> Iterator[Database]:
    with closing(sqlite3.connect(":memory:")) as connection:
        asleep.conn.backup(connection)
        yield Database(connection)


def rows(db: Database) -> list[tuple[Any, ...]]:
    return db.execute("select * from trend_scores order by period, start, song").fetchall()


@pytest.fixture(scope="module")
def stepped(asleep: Database) -> list[tuple[Any, ...]]:
    """The rows of stepping through every hour."""
    with closing(sqlite3.connect(":memory:")) as connection, pytest.MonkeyPatch.context() as patch:
        asleep.conn.backup(connection)
        patch.setattr(scoring, "silent", lambda trend: False)
        score(Database(connection), settings=Score())
        return rows(Database(connection))


def test_silent_weeks_have_the_rows_that_stepping_gives(db: Database, stepped: list[tuple[Any, ...]]) -> None:
    steps: list[int] = []
    score(db, settings=Score(), progress=lambda done, todo: steps.append(done))
    assert rows(db) == stepped
    assert steps[1] - steps[0] > 50 * 24


def test_a_run_killed_amid_the_silence_is_continued_to_the_same_rows(
    db: Database, stepped: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(scoring, "hours_heard", _until(ASLEEP + 20 * DAY, score_input.hours_heard, kill))
        with pytest.raises(KeyboardInterrupt):
            score(db, settings=Score())
    assert iso(ASLEEP + 50 * DAY) < str(get_meta(db, "scored_until")) < iso(AWAKE)
    score(db, settings=Score())
    assert rows(db) == stepped


def _until(moment: datetime, heard: Any, otherwise: Any) -> Any:
    last = int(moment.timestamp()) // 3600
    return lambda db, start, stop, **more: heard(db, start, stop, **more) if start < last else otherwise()
