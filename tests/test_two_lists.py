"""Everywhere, and one place, fast: which songs stand in which list, from stored rows alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from explorer_database import example_database, page
from report_database import score_row
from scored_archive import PLATFORMS, START, database, jump, steady
from sqlite_utils import Database

from models.korean_time import DAY, week_label, week_start
from tracker.config import Score
from tracker.migrations import MIGRATIONS
from tracker.scoring import score

WEEK = week_start("2026-W46")


@pytest.fixture
def db() -> Database:
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    db["dramas"].insert({"id": "d", "title": "Drama", "hangul": "드라마", "aliases": "[]"})
    return db


def add(
    db: Database, song: str, rank: int | None, days: Sequence[tuple[float, float, float]] = (), **changes: Any
) -> None:
    """A song's week; `days` are (weighted people of 72 h, their share beyond the expected, equal platforms)."""
    db["songs"].insert({"id": song, "title": song.title(), "drama": "d", "ambiguous": 0, "aliases": "[]"})
    week = {"rank": rank, "growth_log2": 1.0, "authors": 20, "posts": 30, "score": 40.0, "state": "rising"}
    db["trend_scores"].insert(score_row(song, "week", WEEK, **{**week, **changes}))
    for day, (people, beyond, platforms) in enumerate(days):
        parts = {"weighted": [1, 2, people], "spread": [platforms, 2.0, 0.5, beyond]}
        db["trend_scores"].insert(score_row(song, "day", WEEK + DAY * day, parts=json.dumps(parts)))


def lists(db: Database, week: str = "2026-W46") -> list[tuple[Any, ...]]:
    return db.execute(
        "select list, place, song, platforms from two_lists where week = ? order by list, place", [week]
    ).fetchall()


def test_a_wide_rise_and_a_narrow_one_stand_in_different_lists_and_what_lies_between_in_none(db: Database) -> None:
    add(db, "narrow", 1, [(20, 0.5, 1.2)])
    add(db, "between", 2, [(20, 0.5, 2.0)])
    add(db, "wider", 3, [(20, 0.5, 3.0)])
    add(db, "wide", 4, [(20, 0.5, 4.6)])
    assert lists(db) == [
        ("everywhere", 1, "wider", 3.0),
        ("everywhere", 2, "wide", 4.6),
        ("one place, fast", 1, "narrow", 1.2),
    ]


def test_days_count_by_how_many_people_were_beyond_those_expected(db: Database) -> None:
    add(db, "song", 1, [(100, 0.9, 1.0), (10, 0.9, 4.0), (500, 0.0, 6.0)])
    assert lists(db) == [("one place, fast", 1, "song", 1.27)]


def test_only_rising_ranked_songs_with_people_behind_them_are_listed(db: Database) -> None:
    wide = [(20, 0.5, 4.0)]
    add(db, "calm", 1, wide, growth_log2=0.58)
    add(db, "few", 2, wide, authors=7)
    add(db, "unranked", None, wide)
    add(db, "unknown", 3)
    assert lists(db) == []
    add(db, "just", 4, wide, growth_log2=0.585, authors=8)
    assert lists(db) == [("everywhere", 1, "just", 4.0)]


def test_a_song_too_new_to_compare_is_marked_in_chart_and_lists(db: Database) -> None:
    add(db, "new", 1, [(20, 0.5, 4.0)], parts='{"week": 30, "quiet": 3, "per_head": 1, "history": 0.4}')
    add(db, "old", 2, [(20, 0.5, 4.0)], parts='{"week": 30, "quiet": 3, "per_head": 1}')
    for view in ("two_lists", "weekly_chart"):
        assert db.execute(f"select song, too_new from {view} order by song").fetchall() == [("new", 1), ("old", 0)]


def test_other_weeks_days_do_not_count(db: Database) -> None:
    add(db, "song", 1, [(20, 0.5, 4.0)])
    for start in (WEEK - DAY, WEEK + 7 * DAY):
        parts = json.dumps({"weighted": [1, 2, 900], "spread": [1.0, 1, 0, 0.9]})
        db["trend_scores"].insert(score_row("song", "day", start, parts=parts))
    assert lists(db) == [("everywhere", 1, "song", 4.0)]


@pytest.mark.parametrize(
    ("platforms", "expected"),
    [(("tiktok",), "one place, fast"), (PLATFORMS, "everywhere")],
)
def test_scoring_fills_the_lists(platforms: tuple[str, ...], expected: str) -> None:
    db = database()
    steady(db, 40)
    jump(db, 30, platforms=platforms)
    score(db, settings=Score())
    assert [(row[0], row[2]) for row in lists(db, week_label(START + 30 * DAY))] == [(expected, "letter")]


def test_the_first_page_shows_both_lists(tmp_path: Path) -> None:
    path = example_database(tmp_path / "ostpulse.db")
    assert "No song rose in several places at once." in page(path, "/").text
    db = Database(path)
    for song, platforms in (("rain-letter", 4.2), ("moon-ferry", 1.1)):
        parts = json.dumps({"weighted": [1, 2, 30], "spread": [platforms, 2, 0.5, 0.5]})
        db.execute("update trend_scores set parts = ? where period = 'day' and song = ?", [parts, song])
    db.conn.commit()
    db.close()
    text = page(path, "/").text
    everywhere, one_place = text.index(">Everywhere<"), text.index(">One place, fast<")
    assert "like 4.2 equal platforms" in text[everywhere:one_place]
    assert "like 1.1 equal platforms" in text[one_place:]
    rows = page(path, "/ostpulse/two_lists_of_the_week.json?_shape=array").json()
    assert [(row["list"], row["song"]) for row in rows] == [
        ("everywhere", "rain-letter"),
        ("one place, fast", "moon-ferry"),
    ]
