from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import ROOT
from fakes import ABOUT_A_SONG, NOW, FakeClock, FakeCollector, post
from sqlite_utils import Database

from collectors.base import Query
from models.korean_time import iso, moment, week_label
from tracker.config import read_config
from tracker.daemon import Daemon, Due, last_published_week, published_at
from tracker.pipeline import Pipeline

CONFIG = """
[collect.mastodon]
every_minutes = 30
[collect.youtube_feed]
enabled = false
[collect.reddit_feed]
enabled = false
[collect.lemmy]
enabled = false
[collect.reddit]
enabled = false
"""


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def a_daemon(db: Database, pipeline: Pipeline, clock: FakeClock, source: FakeCollector, folder: Path) -> Daemon:
    config = read_config(CONFIG, name="test")
    return Daemon(config, db, pipeline, lambda name: source, clock=clock, reports=folder)


@pytest.mark.parametrize(
    ("day", "hour", "due"),
    [
        ("tue", 9, "2026-11-17T00:00:00Z"),
        ("tue", 8, "2026-11-23T23:00:00Z"),
        ("mon", 9, "2026-11-23T00:00:00Z"),
        ("wed", 18, "2026-11-18T09:00:00Z"),
    ],
)
def test_a_report_is_due_at_its_korean_day_and_hour_once_the_week_has_closed(day: str, hour: int, due: str) -> None:
    week = moment("2026-11-08T15:00:00Z")  # 2026-W46
    assert iso(published_at(week, day=day, hour=hour)) == due
    assert last_published_week(moment(due), day=day, hour=hour) == week
    assert week_label(last_published_week(moment(due) - timedelta(seconds=1), day=day, hour=hour)) == "2026-W45"


def test_the_daemon_collects_at_once_and_stops_when_told(
    db: Database, pipeline: Pipeline, clock: FakeClock, tmp_path: Path
) -> None:
    source = FakeCollector({Query("a.example", "ost"): [post("1", ABOUT_A_SONG)]})
    daemon = a_daemon(db, pipeline, clock, source, tmp_path)
    # The daemon works on this thread, which owns the database; another one stops it when the round is noted.
    stopper = threading.Thread(target=_stop_when, args=(daemon, tmp_path / "ostpulse.db", "status = 'ok'"))
    stopper.start()
    daemon.run()
    stopper.join()
    assert db.execute("select status from runs where source = 'mastodon'").fetchall() == [("ok",)]
    assert db.execute("select count(*) from posts").fetchone()[0] == 1


def _stop_when(daemon: Daemon, database: Path, condition: str) -> None:
    connection = sqlite3.connect(database)
    try:
        wait_for(lambda: bool(connection.execute(f"select 1 from runs where {condition}").fetchone()))
    finally:
        connection.close()
        daemon.stop.set()


def test_a_hanging_source_does_not_keep_the_daemon_from_stopping(
    db: Database, pipeline: Pipeline, clock: FakeClock, tmp_path: Path
) -> None:
    release = threading.Event()
    source = FakeCollector({Query("a.example", "ost"): []}, hang=release)
    daemon = a_daemon(db, pipeline, clock, source, tmp_path)
    stopper = threading.Thread(target=_stop_when, args=(daemon, tmp_path / "ostpulse.db", "status = 'running'"))
    stopper.start()
    daemon.run()
    stopper.join()
    release.set()
    assert db.execute("select status, error from runs").fetchall() == [("failed", "interrupted")]


def test_what_a_killed_daemon_left_is_closed_and_the_hours_it_slept_are_not_covered(
    db: Database, pipeline: Pipeline, clock: FakeClock, tmp_path: Path
) -> None:
    db.execute("insert into runs (source, started_at, status) values ('mastodon', ?, 'running')", [iso(NOW)])
    db.execute(
        "insert into coverage (platform, hour, fraction, noted_at) values ('mastodon', ?, 1, ?)", [iso(NOW), iso(NOW)]
    )
    clock.pass_by(hours=4)
    source = FakeCollector({Query("a.example", "ost"): []})
    daemon = a_daemon(db, pipeline, clock, source, tmp_path)
    daemon.stop.set()
    daemon.run()
    assert db.execute("select status, error from runs").fetchall()[0] == ("failed", "interrupted")
    slept = db.execute("select hour, fraction from coverage where id > 1 and fraction = 0 order by hour").fetchall()
    assert slept == [(iso(NOW + timedelta(hours=step)), 0.0) for step in (1, 2, 3)]


def test_hours_slept_through_without_a_restart_are_not_covered(
    db: Database, pipeline: Pipeline, clock: FakeClock, tmp_path: Path
) -> None:
    source = FakeCollector({Query("a.example", "ost"): []})
    daemon = a_daemon(db, pipeline, clock, source, tmp_path)
    daemon.do(Due("mastodon", lambda: daemon.collect("mastodon")))
    daemon.work_off(20)
    clock.pass_by(hours=6)
    daemon.do(Due("mastodon", lambda: daemon.collect("mastodon")))
    daemon.work_off(20)
    fractions = [row[0] for row in db.execute("select fraction from coverage order by hour")]
    assert fractions == [1, 0, 0, 0, 0, 0, 1]


def test_hours_in_which_nothing_was_planned_are_not_missed(
    db: Database, pipeline: Pipeline, clock: FakeClock, tmp_path: Path
) -> None:
    config = read_config(CONFIG.replace("every_minutes = 30", "every_minutes = 180"), name="test")
    source = FakeCollector({Query("a.example", "ost"): []})
    daemon = Daemon(config, db, pipeline, lambda name: source, clock=clock, reports=tmp_path)
    for _ in range(2):
        daemon.do(Due("mastodon", lambda: daemon.collect("mastodon")))
        daemon.work_off(20)
        clock.pass_by(hours=3)
    assert db.execute("select count(*) from coverage where fraction = 0").fetchone()[0] == 0


def test_a_task_that_fails_leaves_a_row_and_the_daemon_alive(
    db: Database, pipeline: Pipeline, clock: FakeClock, tmp_path: Path
) -> None:
    daemon = a_daemon(db, pipeline, clock, FakeCollector({}), tmp_path)

    def fail() -> None:
        raise PermissionError("reports: not writable")

    daemon.do(Due("report", fail))
    row = db.execute("select source, status, error from runs").fetchone()
    assert row == ("report", "failed", "PermissionError: reports: not writable")


def test_an_interval_counts_from_the_last_run_not_from_the_start(
    db: Database, pipeline: Pipeline, clock: FakeClock, tmp_path: Path
) -> None:
    db.execute("insert into runs (source, started_at, status) values ('mastodon', ?, 'ok')", [iso(NOW)])
    daemon = a_daemon(db, pipeline, clock, FakeCollector({}), tmp_path)
    every = timedelta(minutes=30)
    assert daemon.next_after_last_run("mastodon", every, NOW + timedelta(minutes=20)) == NOW + every
    late = NOW + timedelta(minutes=50)
    assert daemon.next_after_last_run("mastodon", every, late) == late
    assert daemon.next_after_last_run("lemmy", every, late) == late


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_sigterm_ends_the_process_soon_and_a_second_daemon_is_refused(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from tracker.cli import main; main()", "daemon"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    (tmp_path / "config.toml").write_text(CONFIG.replace("every_minutes = 30", "enabled = false"))
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as first:
        try:
            wait_for(lambda: (tmp_path / "ostpulse.db.writer").exists())
            second = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
            assert second.returncode == 2
            assert "in use by another ostpulse (daemon, process" in second.stderr
            assert first.stderr is not None
            assert "daemon started" in first.stderr.readline()
            first.send_signal(signal.SIGTERM)
            assert first.wait(10) == 0
        finally:
            first.kill()
