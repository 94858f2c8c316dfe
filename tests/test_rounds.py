from __future__ import annotations

import sqlite3
import threading
from datetime import timedelta

import pytest
from fakes import ABOUT_A_SONG, ABOUT_NONE, NOW, FakeClock, FakeCollector, post
from sqlite_utils import Database

from collectors.base import Changed, CutShort, Query, Refused, Unavailable
from models.korean_time import iso
from tracker.collecting import collect_once
from tracker.pipeline import Pipeline, Tally
from tracker.rounds import OVERLAP, Round, Rounds

ONE, TWO, OTHER = Query("a.example", "ost"), Query("a.example", "kdrama"), Query("b.example", "ost")


def one_round(pipeline: Pipeline, clock: FakeClock, *collectors: FakeCollector) -> dict[str, Round]:
    by_name = {collector.name: collector for collector in collectors}
    return {done.source: done for done in collect_once(pipeline, by_name, by_name.__getitem__, clock=clock)}


def test_a_round_stores_posts_and_notes_run_and_coverage(pipeline: Pipeline, db: Database, clock: FakeClock) -> None:
    answers = {ONE: [post("1", ABOUT_A_SONG)], OTHER: [post("1", ABOUT_A_SONG), post("2", ABOUT_NONE)]}
    done = one_round(pipeline, clock, FakeCollector(answers))["mastodon"]
    assert (done.status, done.error) == ("ok", None)
    assert done.tally.new == 2
    run = next(iter(db.query("select * from runs")))
    assert (run["status"], run["planned"], run["succeeded"], run["linked"]) == ("ok", 2, 2, 1)
    assert db.execute("select platform, hour, fraction from coverage").fetchall() == [("mastodon", iso(NOW), 1.0)]


def test_a_query_that_fails_fails_alone(pipeline: Pipeline, db: Database, clock: FakeClock) -> None:
    down = Unavailable("a.example: cannot be reached (name not found)")
    source = FakeCollector({ONE: down, TWO: down, OTHER: [post("1", ABOUT_A_SONG)]})
    done = one_round(pipeline, clock, source)["mastodon"]
    assert (done.status, done.error) == ("partial", "a.example: cannot be reached (name not found)")
    assert len(source.asked_since) == 3, "its client lets a dead host rest, a broken page does not silence the others"
    assert db.execute("select fraction from coverage").fetchone()[0] == 1 / 3
    assert db.execute("select count(*) from posts").fetchone()[0] == 1


def test_every_source_fails_alone_and_what_was_stored_stays(pipeline: Pipeline, db: Database, clock: FakeClock) -> None:
    pipeline.take_in([post("1", ABOUT_A_SONG)], source="mastodon")
    done = one_round(
        pipeline,
        clock,
        FakeCollector({ONE: Unavailable("a.example: cannot be reached")}),
        FakeCollector({OTHER: Changed("b.example: no JSON")}, name="lemmy"),
        FakeCollector({Query("r/kdrama", "new"): []}, name="reddit_feed"),
    )
    assert {name: one.status for name, one in done.items()} == {
        "mastodon": "failed",
        "lemmy": "failed",
        "reddit_feed": "ok",
    }
    assert db.execute("select count(*) from posts").fetchone()[0] == 1


def test_the_next_round_overlaps_the_last_complete_one(pipeline: Pipeline, clock: FakeClock) -> None:
    source = FakeCollector({ONE: []})
    one_round(pipeline, clock, source)
    clock.pass_by(hours=6)
    source.answers = {ONE: Unavailable("a.example: busy")}
    one_round(pipeline, clock, source)
    clock.pass_by(hours=6)
    one_round(pipeline, clock, source)
    assert source.asked_since == [None, NOW - OVERLAP, NOW - OVERLAP]


def test_a_round_that_was_cut_short_is_no_whole_round_but_moves_on(
    pipeline: Pipeline, db: Database, clock: FakeClock
) -> None:
    class Busy(FakeCollector):
        def collect(self, query, *, since):  # type: ignore[no-untyped-def]
            self.asked_since.append(since)
            yield post("1", ABOUT_A_SONG)
            raise CutShort("a.example: more posts than 5 pages hold")

    source = Busy({ONE: []})
    done = one_round(pipeline, clock, source)["mastodon"]
    assert (done.status, done.tally.new) == ("partial", 1)
    assert db.execute("select fraction from coverage").fetchone()[0] == 0
    clock.pass_by(hours=6)
    one_round(pipeline, clock, source)
    assert source.asked_since == [None, NOW - OVERLAP]


def test_what_cannot_be_stored_fails_its_round_alone(
    pipeline: Pipeline, db: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(posts: object, *, source: str) -> Tally:
        if source == "mastodon":
            raise sqlite3.OperationalError("database or disk is full")
        return Tally(1, 1, 0)

    monkeypatch.setattr(pipeline, "take_in", full_disk)
    done = one_round(
        pipeline,
        clock,
        FakeCollector({ONE: [post("1", ABOUT_A_SONG)]}),
        FakeCollector({OTHER: [post("2", ABOUT_A_SONG)]}, name="lemmy"),
    )
    assert (done["mastodon"].status, done["lemmy"].status) == ("failed", "ok")
    assert "disk is full" in (done["mastodon"].error or "")


def test_rounds_of_a_killed_process_are_closed(pipeline: Pipeline, db: Database, clock: FakeClock) -> None:
    db.execute(
        "insert into runs (source, started_at, status, planned) values ('mastodon', ?, 'running', 9)", [iso(NOW)]
    )
    one_round(pipeline, clock, FakeCollector({ONE: []}))
    assert db.execute("select status, error from runs order by id").fetchall() == [
        ("failed", "interrupted"),
        ("ok", None),
    ]
    assert db.execute("select fraction from coverage").fetchall() == [(1.0,)]


def test_posts_read_before_a_failure_are_kept(pipeline: Pipeline, db: Database, clock: FakeClock) -> None:
    class Breaks(FakeCollector):
        def collect(self, query, *, since):  # type: ignore[no-untyped-def]
            yield post("1", ABOUT_A_SONG)
            raise Unavailable("a.example: went away on page 2")

    done = one_round(pipeline, clock, Breaks({ONE: []}))["mastodon"]
    assert done.status == "failed"
    assert done.tally == Tally(1, 1, 1)
    assert db.execute("select count(*) from posts").fetchone()[0] == 1


def test_a_mistake_of_ours_fails_the_round_and_is_seen(pipeline: Pipeline, clock: FakeClock) -> None:
    done = one_round(pipeline, clock, FakeCollector({ONE: KeyError("score")}))["mastodon"]
    assert done.status == "failed"
    assert "ostpulse itself failed: KeyError" in (done.error or "")


def test_a_missing_key_skips_the_source_with_its_reason(pipeline: Pipeline, db: Database, clock: FakeClock) -> None:
    def refuse(name: str) -> FakeCollector:
        raise Refused(f"{name}: needs REDDIT_CLIENT_ID in the environment")

    [done] = collect_once(pipeline, ["reddit"], refuse, clock=clock)
    assert (done.status, done.error) == ("skipped", "reddit: needs REDDIT_CLIENT_ID in the environment")
    assert db.execute("select status from runs").fetchall() == [("skipped",)]
    assert db.execute("select count(*) from coverage").fetchone()[0] == 0


def test_nothing_to_ask_for_is_said_not_counted_as_covered(pipeline: Pipeline, db: Database, clock: FakeClock) -> None:
    done = one_round(pipeline, clock, FakeCollector({}, name="youtube_feed"))["youtube_feed"]
    assert done.status == "skipped"
    assert "[collect.youtube_feed]" in (done.error or "")
    assert db.execute("select count(*) from coverage").fetchone()[0] == 0


def test_a_round_that_still_goes_on_is_not_begun_twice(pipeline: Pipeline, db: Database, clock: FakeClock) -> None:
    rounds, release = Rounds(pipeline, clock=clock), threading.Event()
    slow = FakeCollector({ONE: []}, hang=release)
    rounds.begin(slow)
    assert rounds.begin(slow).error == "the round before is still going on"
    rounds.interrupt()
    release.set()
    assert db.execute("select status, error from runs order by id").fetchall() == [
        ("failed", "interrupted"),
        ("skipped", "the round before is still going on"),
    ]
    assert db.execute("select count(*) from coverage").fetchone()[0] == 0


def test_two_sources_of_one_platform_share_its_coverage(pipeline: Pipeline, db: Database, clock: FakeClock) -> None:
    one_round(pipeline, clock, FakeCollector({ONE: Unavailable("down")}, name="reddit_feed"))
    clock.pass_by(minutes=10)
    one_round(pipeline, clock, FakeCollector({ONE: []}, name="reddit"))
    last = db.execute("select platform, fraction from coverage order by id desc").fetchone()
    assert last == ("reddit", 0.5)
    assert clock() - NOW == timedelta(minutes=10)


def test_hashes_of_posts_passed_over_are_forgotten_after_35_days(
    pipeline: Pipeline, db: Database, clock: FakeClock
) -> None:
    source = FakeCollector({ONE: [post("1", ABOUT_NONE)]})
    one_round(pipeline, clock, source)
    clock.pass_by(days=34)
    source.answers = {ONE: []}
    one_round(pipeline, clock, source)
    assert db.execute("select count(*) from passed_over").fetchone()[0] == 1
    clock.pass_by(days=2)
    one_round(pipeline, clock, source)
    assert db.execute("select count(*) from passed_over").fetchone()[0] == 0
