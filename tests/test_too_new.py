"""A song added today must not surge tomorrow: no exposure before, and no comparison for its first 21 tracked days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from scored_archive import PLATFORMS, START, say
from sqlite_utils import Database

from models.catalogue import Source, read_catalogue
from models.korean_time import DAY, HOUR, iso, moment
from tracker.config import Score
from tracker.explain import explain, explain_parts
from tracker.migrations import MIGRATIONS
from tracker.report.report import make_report
from tracker.report.week import choose_week
from tracker.scoring import score
from tracker.store_catalogue import save_catalogue

DRAMA = '[[drama]]\nid = "walk"\ntitle = "Long Walk"\n'
SONG = '[[song]]\nid = "{0}"\ntitle = "{0}"\ndrama = "walk"\n'
ADDED = START + 30 * DAY + 5 * HOUR


@pytest.fixture(scope="module")
def db() -> Iterator[Database]:
    """'letter' is followed from the first; 'added' from day 30 on, though people posted about it all the time."""
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    letter = DRAMA + SONG.format("letter")
    save_catalogue(db, read_catalogue([Source("first.toml", letter)]), now=START)
    save_catalogue(db, read_catalogue([Source("second.toml", letter + SONG.format("added"))]), now=ADDED)
    for number in range(60 * 6):
        at = START + 4 * HOUR * number
        say(db, 2 * number, "letter", at, platform=PLATFORMS[number % 4])
        # Before it was added its posts are known only from the file that brought it in.
        say(db, 2 * number + 1, "added", at + HOUR, platform=PLATFORMS[number % 4], known=max(at + HOUR, ADDED))
    db.conn.commit()
    score(db, settings=Score())
    yield db
    db.conn.close()


def parts_of(db: Database, song: str, period: str) -> dict[str, dict[str, object]]:
    query = "select start, parts from trend_scores where song = ? and period = ? order by start"
    return {start: json.loads(parts) for start, parts in db.execute(query, [song, period])}


def test_it_has_no_rows_before_it_was_added_and_no_alert_after(db: Database) -> None:
    assert db.execute("select tracked_since from songs order by id").fetchall() == [(iso(ADDED),), (None,)]
    assert min(parts_of(db, "added", "hour")) == iso(ADDED)
    assert db.execute("select count(*) from alerts").fetchone() == (0,)
    first_days = "select max(surge), max(growth) from trend_scores where song = 'added' and start < ?"
    surge, growth = db.execute(first_days, [iso(ADDED + 3 * DAY)]).fetchone()
    assert surge < 1
    assert growth < 3


def test_nobody_from_before_is_counted(db: Database) -> None:
    first = parts_of(db, "added", "hour")[iso(ADDED + 5 * HOUR)]
    assert first["people"] == [2, 2, 2]


def test_it_is_too_new_to_compare_for_21_tracked_days_and_no_longer(db: Database) -> None:
    new = [start for start, parts in parts_of(db, "added", "hour").items() if "history" in parts]
    assert new[0] == iso(ADDED)
    assert timedelta(days=20) < moment(new[-1]) - ADDED < timedelta(days=22)
    assert len(new) == (moment(new[-1]) - moment(new[0])) / HOUR + 1


def test_explain_says_so_while_it_is(db: Database) -> None:
    for passed, expected in ((2, True), (15, True), (27, False)):
        at = ADDED + passed * DAY
        assert explain_parts(db, "added", at=at)["too_new"] is expected
        assert any("Too new to compare: tracked" in line for line in explain(db, "added", at=at)) is expected
    assert explain_parts(db, "letter", at=ADDED)["too_new"] is False


def test_a_silent_song_just_added_is_too_new_as_well(db: Database) -> None:
    db.execute("insert into songs (id, title, drama, ambiguous, tracked_since, aliases) values (?, ?, ?, 0, ?, '[]')",
               ["silent", "Silent", "walk", iso(ADDED)])  # fmt: skip
    assert explain_parts(db, "silent", at=ADDED + 5 * DAY)["too_new"] is True
    assert explain_parts(db, "silent", at=ADDED + 25 * DAY)["too_new"] is False


def test_the_report_and_the_chart_say_so_for_its_first_weeks(db: Database) -> None:
    marked = {}
    for week, song, too_new in db.execute("select week, song, too_new from weekly_chart order by week").fetchall():
        if song == "added":
            marked[week] = too_new
    weeks = sorted(marked)
    assert marked[weeks[0]] == marked[weeks[1]] == 1
    assert marked[weeks[-1]] == 0
    for week in (weeks[0], weeks[-1]):
        report = make_report(db, choose_week(db, week), top=5, demo=False)
        (one,) = (one for one in report.facts.songs if one.song.id == "added")
        assert one.too_new is bool(marked[week])
