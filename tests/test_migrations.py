from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from sqlite_utils import Database

from tracker.migrations import MIGRATIONS

CONTRACT = {
    "dramas": {"id", "title", "hangul"},
    "artists": {"id", "name", "hangul"},
    "songs": {"id", "title", "hangul", "drama", "released", "language", "tracked_since"},
    "song_artists": {"song", "artist"},
    "posts": {
        "key", "platform", "url", "author", "title", "text", "hashtags", "sound", "language", "published_at",
        "first_seen_at", "source",
    },
    "readings": {"post", "observed_at", "views", "likes", "comments", "shares", "source"},
    "mentions": {"post", "song", "confidence", "evidence"},
    "possible_mentions": {"post", "song", "confidence", "evidence"},
    "tags": {"post", "tag", "confidence", "by", "version"},
    "trend_scores": {
        "song", "period", "start", "score", "rank", "state", "surge", "growth", "breadth", "engagement", "posts",
        "authors", "coverage", "growth_log2", "label", "version",
    },
    "alerts": {"song", "raised_at", "confirmed_at", "withdrawn_at", "score", "origin", "sentence"},
    "interest": {"subject", "source", "region", "day", "value"},
    "runs": {"source", "started_at", "finished_at", "seen", "new", "linked", "error"},
    "coverage": {"platform", "hour", "fraction", "noted_at"},
    "events": {"subject", "date", "kind", "note"},
}  # fmt: skip


@pytest.fixture
def db() -> Iterator[Database]:
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    yield db
    db.conn.close()


@pytest.mark.parametrize("table", sorted(CONTRACT))
def test_tables_have_the_columns_others_rely_on_and_are_strict(db: Database, table: str) -> None:
    assert {column.name for column in db.table(table).columns} >= CONTRACT[table]
    assert db.table(table).strict


@pytest.mark.parametrize("view", ["weekly_chart", "song_timeline", "top_posts", "source_health", "two_lists"])
def test_the_views_for_people_answer(db: Database, view: str) -> None:
    assert list(db.query(f"select * from {view}")) == []


def test_applying_twice_changes_nothing(db: Database) -> None:
    before = db.schema
    MIGRATIONS.apply(db)
    assert db.schema == before


def test_a_wrong_type_is_refused(db: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"):
        db.execute("insert into seen_counts values ('x', '2026-11-22T00:00:00Z', 'many')")


def add_post(db: Database, text: str) -> None:
    db.execute(
        "insert into posts values (?, 'x', null, null, null, ?, '[]', null, 'ko', '2026-01-01T00:00:00Z',"
        " '2026-01-01T00:00:00Z', 'test', '')",
        [f"x:{text}", text],
    )


def test_hangul_is_found_by_prefix(db: Database) -> None:
    add_post(db, "첫눈처럼 사랑을 부른다")
    found = db.execute("select rowid from posts_fts where posts_fts match '사랑*'").fetchall()
    assert len(found) == 1


def test_the_search_index_follows_changes_and_deletions(db: Database) -> None:
    add_post(db, "소나기 커버")
    db.execute("update posts set text = '도깨비 커버'")
    assert not db.execute("select 1 from posts_fts where posts_fts match '소나기'").fetchall()
    db.execute("delete from posts")
    assert not db.execute("select 1 from posts_fts where posts_fts match '도깨비'").fetchall()


def add_week(db: Database, song: str, week: int, rank: int | None, coverage: float = 1.0) -> None:
    db.execute(
        "insert into trend_scores values (?, 'week', ?, ?, 10, ?, 'steady', 5, 5, 0, 0, 3, 3, ?, 1, 0.5, '{}', 't')",
        [song, f"2026-01-{week:02d}T15:00:00Z", f"2026-W{week:02d}", rank, coverage],
    )


@pytest.fixture
def charted(db: Database) -> Database:
    db.execute("insert into dramas values ('d', 'Drama', '드라마', null, null, null, '[]')")
    for song in ("a", "b"):
        db.execute("insert into songs values (?, ?, null, 'd', null, null, null, 0, null, '[]')", [song, song.upper()])
    return db


def chart(db: Database, week: int) -> dict[str, tuple[object, ...]]:
    rows = db.query("select * from weekly_chart where week = ?", [f"2026-W{week:02d}"])
    return {
        row["song"]: (row["rank"], row["last_week"], row["change"], row["peak"], row["weeks_on_chart"]) for row in rows
    }


def test_the_chart_tells_rank_last_week_change_peak_and_weeks(charted: Database) -> None:
    for week, rank in ((1, 3), (2, 1), (3, None), (4, 2)):
        add_week(charted, "a", week, rank)
    assert chart(charted, 1) == {"a": (3, None, "new", 3, 1)}
    assert chart(charted, 2) == {"a": (1, 3, "+2", 1, 2)}
    assert chart(charted, 3) == {}
    assert chart(charted, 4) == {"a": (2, None, "re-entry", 1, 3)}


def test_the_chart_tells_who_fell_and_who_held_and_knows_nothing_of_later_weeks(charted: Database) -> None:
    for week, first, second in ((1, "a", "b"), (2, "a", "b"), (3, "b", "a")):
        add_week(charted, first, week, 1)
        add_week(charted, second, week, 2)
    assert chart(charted, 2) == {"a": (1, 1, "=", 1, 2), "b": (2, 2, "=", 2, 2)}
    assert chart(charted, 3) == {"b": (1, 2, "+1", 1, 3), "a": (2, 1, "-1", 1, 3)}


def test_no_movement_is_claimed_across_a_source_gap(charted: Database) -> None:
    add_week(charted, "a", 1, 1)
    add_week(charted, "a", 2, 5, coverage=0.4)
    add_week(charted, "a", 3, 1)
    assert chart(charted, 2)["a"][2] == "n/a (source gap)"
    assert chart(charted, 3)["a"][2] == "n/a (source gap)"
