"""Scoring a database: rows where they say something, the same live as replayed, alerts that stay on the record."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlite_utils import Database

from models.korean_time import iso
from tracker.config import Score
from tracker.migrations import MIGRATIONS
from tracker.scoring import current_hour, score

START = datetime(2026, 8, 31, 15, tzinfo=UTC)  # a Korean Tuesday, 00:00
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SETTINGS = Score()


def database(songs: tuple[str, ...] = ("first-snow", "old-letter", "quiet-one"), **more: str | None) -> Database:
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    db["dramas"].insert({"id": "a-drama", "title": "A Drama", "aliases": "[]"})
    for song in songs:
        db["songs"].insert(
            {"id": song, "title": song, "drama": "a-drama", "ambiguous": 0, "aliases": "[]", **more}, pk="id"
        )
    return db


def post(
    db: Database,
    number: int,
    song: str,
    at: datetime,
    *,
    author: str | None = "",
    platform: str = "youtube",
    known: datetime | None = None,
    views: int | None = None,
    text: str | None = None,
) -> None:
    key, known = f"{platform}:{number}", known or at
    writer = f"author-{number}" if author == "" else author
    db.execute(
        "insert into posts (key, platform, author, text, hashtags, published_at, first_seen_at, source)"
        " values (?, ?, ?, ?, '[]', ?, ?, 'file')",
        (key, platform, writer, text or f"words {number}", iso(at), iso(known)),
    )
    db.execute("insert into mentions values (?, ?, 0.9, '[]')", (key, song))
    db.execute("insert into tags values (?, 'cover', 0.9, 'model', '0', '{}')", (key,))
    if views is not None:
        db.execute(
            "insert into readings (post, observed_at, views, source) values (?, ?, ?, 'file')", (key, iso(known), views)
        )


def archive(db: Database, days: int = 40, *, jump: int | None = 30) -> None:
    """Two songs with a post every eight hours each; on day `jump` twenty people post within a day about one."""
    for number in range(days * 3):
        post(db, 2 * number, "old-letter", START + 8 * HOUR * number, platform="youtube" if number % 3 else "x")
        post(db, 2 * number + 1, "first-snow", START + 8 * HOUR * number + 3 * HOUR, platform="x")
    if jump is not None:
        for number in range(20):
            at = START + jump * DAY + number * HOUR
            post(db, 10_000 + number, "old-letter", at, platform="youtube" if number % 2 else "x")
    db.conn.commit()


def rows(db: Database) -> list[tuple[Any, ...]]:
    return db.execute("select * from trend_scores order by period, start, song").fetchall()


def alerts(db: Database) -> list[tuple[Any, ...]]:
    columns = "song, raised_at, confirmed_at, withdrawn_at, score, sentence"
    return db.execute(f"select {columns} from alerts order by raised_at").fetchall()


def only(db: Database, query: str, *values: object) -> Any:
    return db.execute(query, values).fetchone()[0]


@pytest.fixture(scope="module")
def scored() -> Database:
    db = database()
    archive(db)
    score(db, settings=SETTINGS)
    return db


def test_parts_add_up_to_the_score_in_every_row(scored: Database) -> None:
    found = scored.execute("select score, surge, growth, breadth, engagement from trend_scores").fetchall()
    assert len(found) > 1000
    for total, *parts in found:
        assert total == pytest.approx(sum(parts), abs=1e-9)
        assert 0 <= total <= 100


def test_a_rise_is_raised_and_confirmed_with_a_sentence_that_can_be_checked(scored: Database) -> None:
    (song, raised, confirmed, withdrawn, _, sentence), *more = alerts(scored)
    assert not more
    assert song == "old-letter"
    assert iso(START + 30 * DAY) < raised < iso(START + 30 * DAY + 12 * HOUR)
    assert confirmed > raised
    assert withdrawn is None
    people, window = int(sentence.split()[0]), int(sentence.split()[3])
    counted = only(
        scored,
        "select count(distinct author) from posts join mentions on post = key where song = ?"
        " and published_at < ? and published_at >= ?",
        song,
        raised,
        iso(datetime.fromisoformat(raised) - window * HOUR),
    )
    assert people == counted


def test_the_song_that_rose_tops_its_week_and_the_others_did_not_move(scored: Database) -> None:
    chart = scored.execute("select song, rank, growth_log2 from trend_scores where label = '2026-W40' order by rank")
    (first, one, growth), (second, two, calm) = [row for row in chart if row[1]]
    assert (first, one, second, two) == ("old-letter", 1, "first-snow", 2)
    assert growth > 0.5
    assert abs(calm) < 0.3


def test_a_song_nobody_posted_about_has_day_and_week_rows_but_no_rank_and_no_hours(scored: Database) -> None:
    found = scored.execute(
        "select period, count(*), count(rank) from trend_scores where song = 'quiet-one' group by period order by 1"
    ).fetchall()
    assert found == [("day", 39, 0), ("week", 5, 0)]


def test_weeks_close_on_tuesday_nine_o_clock_korean_time() -> None:
    db = database()
    archive(db, 21, jump=None)
    end = datetime(2026, 9, 13, 15, tzinfo=UTC)
    score(db, settings=SETTINGS, until=end + 32 * HOUR)
    assert only(db, "select count(*) from trend_scores where label = '2026-W37'") == 0
    score(db, settings=SETTINGS, until=end + 33 * HOUR)
    assert only(db, "select max(start) from trend_scores where label = '2026-W37'") == iso(end - 7 * DAY)


def test_hour_by_hour_gives_the_same_rows_as_all_at_once(scored: Database) -> None:
    db = database()
    archive(db)
    ends = [START + 29 * DAY, *(START + 29 * DAY + HOUR * number for number in range(1, 60)), None]
    for until in ends:
        score(db, settings=SETTINGS, until=until)
    assert rows(db) == rows(scored)
    assert alerts(db) == alerts(scored)


def test_what_becomes_known_later_changes_rows_from_that_hour_on_and_none_before(scored: Database) -> None:
    db = database()
    archive(db)
    known = START + 33 * DAY
    post(db, 777, "first-snow", START + 31 * DAY, known=known)
    score(db, settings=SETTINGS)
    closed = {"hour": HOUR, "day": DAY, "week": timedelta(hours=201)}

    def early(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return [row for row in found if datetime.fromisoformat(row[2]) + closed[row[1]] <= known]

    assert early(rows(db)) == early(rows(scored))
    assert rows(db) != rows(scored)


def test_a_file_imported_late_leaves_the_rows_of_a_replay() -> None:
    late, whole = database(), database()
    archive(late, jump=None)
    archive(whole, jump=30)
    score(late, settings=SETTINGS)
    for number in range(20):
        at = START + 30 * DAY + number * HOUR
        post(late, 10_000 + number, "old-letter", at, platform="youtube" if number % 2 else "x")
    late.execute("insert into meta values ('dirty_from', ?)", (iso(START + 30 * DAY),))
    late.conn.commit()
    score(late, settings=SETTINGS)
    score(whole, settings=SETTINGS)
    assert rows(late) == rows(whole)
    assert alerts(late) == alerts(whole)
    assert only(late, "select count(*) from meta where key = 'dirty_from'") == 0


def test_an_alert_that_a_late_file_makes_void_stays_on_the_record_as_withdrawn(scored: Database) -> None:
    db = database()
    archive(db)
    score(db, settings=SETTINGS)
    db.execute("delete from posts where key in (select post from mentions where cast(substr(key, -5) as int) >= 10000)")
    db.execute("delete from posts where cast(substr(key, instr(key, ':') + 1) as int) >= 10000")
    db.execute("insert into meta values ('dirty_from', ?)", (iso(START + 29 * DAY),))
    db.conn.commit()
    score(db, settings=SETTINGS)
    ((song, raised, _, withdrawn, *_),) = alerts(db)
    assert (song, withdrawn) == ("old-letter", raised)


def test_a_flood_by_three_accounts_raises_nothing() -> None:
    db = database()
    archive(db, jump=None)
    for number in range(200):
        at = START + 30 * DAY + number * timedelta(minutes=4)
        post(db, 20_000 + number, "old-letter", at, author=f"flood-{number % 3}", views=2)
    score(db, settings=SETTINGS)
    assert alerts(db) == []
    chart = "select rank from trend_scores where label = '2026-W40' and song = 'old-letter'"
    growth = only(db, chart.replace("rank", "growth_log2"))
    assert growth < 0.4


def test_an_outage_that_was_noted_looks_like_an_outage_and_not_like_a_fall() -> None:
    healthy, broken = database(), database()
    archive(healthy, 50, jump=28)
    archive(broken, 50, jump=28)
    first = START + 35 * DAY
    for hour in range(8 * 24):
        at = iso(first + HOUR * hour)
        broken.execute("insert into coverage (platform, hour, fraction, noted_at) values ('x', ?, 0, ?)", (at, at))
    broken.execute(
        "delete from posts where platform = 'x' and published_at >= ? and published_at < ?",
        (iso(first), iso(first + 8 * DAY)),
    )
    broken.conn.commit()
    score(healthy, settings=SETTINGS)
    score(broken, settings=SETTINGS)
    week = "select growth_log2 from trend_scores where label = '2026-W41' and song = ?"
    for song in ("old-letter", "first-snow"):
        assert only(broken, week, song) >= only(healthy, week, song) - 0.3
    gap = "select min(coverage) from trend_scores where label = '2026-W41' and song = 'first-snow'"
    assert only(broken, gap) < 0.5
    hours = "select count(*) from trend_scores where state = 'fading' and start >= ? and song = 'first-snow'"
    assert only(broken, hours, iso(first)) == 0


def test_nothing_to_score_is_no_error_and_now_is_unknown() -> None:
    db = database()
    assert score(db, settings=SETTINGS).until is None
    assert current_hour(db) is None


def test_now_is_the_end_of_the_last_scored_hour(scored: Database) -> None:
    last = only(scored, "select max(published_at) from posts")
    assert current_hour(scored) == datetime.fromisoformat(last) + HOUR


def test_a_song_tracked_since_yesterday_has_no_rows_before_and_cannot_surge() -> None:
    db = database()
    archive(db, jump=None)
    since = START + 30 * DAY
    db.execute("update songs set tracked_since = ? where id = 'quiet-one'", (iso(since),))
    for number in range(100):
        post(db, 30_000 + number, "quiet-one", START + 25 * DAY + number * 2 * HOUR, platform="x")
    score(db, settings=SETTINGS)
    assert only(db, "select min(start) from trend_scores where song = 'quiet-one' and period = 'hour'") == iso(since)
    assert alerts(db) == []
    assert only(db, "select max(abs(growth_log2)) from trend_scores where song = 'quiet-one'") < 1.5
    parts = json.loads(only(db, "select parts from trend_scores where song = 'quiet-one' order by start desc limit 1"))
    assert parts["history"] < 1


def test_a_killed_run_is_continued_to_the_same_rows(scored: Database) -> None:
    db = database()
    archive(db)

    def kill(done: int, todo: int) -> None:
        if done > 500:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score(db, settings=SETTINGS, progress=kill)
    score(db, settings=SETTINGS)
    assert rows(db) == rows(scored)


def test_other_settings_are_named_in_the_version() -> None:
    db = database()
    archive(db, 5, jump=None)
    score(db, settings=Score(half_life_days=21))
    assert only(db, "select distinct version from trend_scores") == "trend-1;half-life 21 d"
