"""The daemon: APScheduler says when, threads fetch, one writer (the main thread) does everything else.

Jobs only put a message into the writer's queue, so no job ever runs long, none is dropped by the scheduler, and the
database sees a single thread.
"""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlite_utils import Database

from collectors.base import Collector, Refused
from collectors.post_lines import CoverageLine
from collectors.sources import SOURCES
from models.korean_time import (
    DAY,
    HOUR,
    KST,
    WEEK,
    WEEK_CLOSES_AFTER,
    hour_of,
    iso,
    moment,
    week_label,
    week_of,
    week_start,
)
from tracker.config import Config
from tracker.pipeline import Pipeline
from tracker.report.write import write_report
from tracker.rounds import Finished, Found, Rounds
from tracker.scoring import score
from tracker.store import get_meta, set_meta, transaction
from tracker.store_coverage import save_coverage

if TYPE_CHECKING:
    from pathlib import Path

LOG = logging.getLogger(__name__)

JOB_DEFAULTS = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
"""APScheduler's own grace is one second, after which it drops a job with only a warning."""

TICK_SECONDS = 0.5
"""How long the writer waits for a message before it looks whether it should stop."""


MOST_REPORTS = 26
"""Weeks for which reports are made up after a long absence."""

LONGEST_GAP = timedelta(days=60)
"""How far back missed hours are noted: the engine looks no further, and a wrong clock must not fill the disk."""


class _Stopping(Exception):
    """The daemon is to stop; what is scored is stored, the rest waits for the next start."""


@dataclass(frozen=True)
class Due:
    """Something the schedule asks for; run by the writer."""

    name: str
    run: Callable[[], None]


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def published_at(week: datetime, *, day: str, hour: int) -> datetime:
    """When the report of the week that began at `week` is due: the first such Korean day and hour after it closed."""
    due = week + WEEK + DAY * DAYS.index(day) + HOUR * hour
    return due if due >= week + WEEK + WEEK_CLOSES_AFTER else due + WEEK


def last_published_week(now: datetime, *, day: str, hour: int) -> datetime:
    """The start of the latest week whose report is due at `now`."""
    week = week_of(now) - WEEK
    while published_at(week, day=day, hour=hour) > now:
        week -= WEEK
    return week


class Daemon:
    """Runs collection, scoring and the weekly report of one database until told to stop."""

    def __init__(
        self,
        config: Config,
        db: Database,
        pipeline: Pipeline,
        make: Callable[[str], Collector],
        *,
        clock: Callable[[], datetime],
        reports: Path,
    ) -> None:
        self._config, self._db, self._make = config, db, make
        self._clock, self._reports = clock, reports
        self._rounds = Rounds(pipeline, clock=clock)
        self._inbox: queue.Queue[Found | Finished | Due] = self._rounds.messages  # type: ignore[assignment]
        self.stop = threading.Event()

    def run(self) -> None:
        """Work until `stop` is set; ends soon after, even while a source hangs or much is to be scored."""
        for platform in sorted({SOURCES[name].platform for name in self._enabled()}):
            self._note_missed_hours(platform)
        scheduler = self._schedule()
        scheduler.start()
        LOG.info("daemon started; %d sources", len(self._enabled()))
        try:
            while not self.stop.is_set():
                self.work_off(TICK_SECONDS)
        finally:
            scheduler.shutdown(wait=False)
            self._rounds.interrupt()
            LOG.info("daemon stopped")

    def next_after_last_run(self, name: str, every: timedelta, now: datetime) -> datetime:
        """An interval counts from the last run in our own table, not from the start of the daemon."""
        row = self._db.execute("select max(started_at) from runs where source = ?", [name]).fetchone()
        due = moment(row[0]) + every if row[0] else now
        return min(max(now, due), now + every)  # a run noted under a wrong clock must not silence the source

    def work_off(self, patience: float) -> None:
        """Take the next message, waiting at most `patience` seconds for it."""
        try:
            message = self._inbox.get(timeout=patience)
        except queue.Empty:
            return
        if isinstance(message, Due):
            self.do(message)
            return
        ended = self._rounds.take(message)
        if ended is not None:
            LOG.info("%s: %s, %s%s", ended.source, ended.status, ended.tally, f": {ended.error}" if ended.error else "")

    def do(self, due: Due) -> None:
        """Run what is due; one failed task must not end the daemon, but leaves a row, and the next run tries again."""
        try:
            due.run()
        except _Stopping:
            LOG.info("%s: stopped half-way, goes on at the next start", due.name)
        except Exception as error:
            LOG.exception("%s failed", due.name)
            now = iso(self._clock())
            with suppress(sqlite3.Error), transaction(self._db) as connection:
                connection.execute(
                    "insert into runs (source, started_at, finished_at, status, error) values (?, ?, ?, 'failed', ?)",
                    (due.name, now, now, f"{type(error).__name__}: {error}"[:500]),
                )

    def _enabled(self) -> list[str]:
        return [name for name in SOURCES if getattr(self._config.collect, name).enabled]

    def _schedule(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(timezone=KST, job_defaults=JOB_DEFAULTS)
        now = self._clock()
        for name in self._enabled():
            every = timedelta(minutes=getattr(self._config.collect, name).every_minutes)
            scheduler.add_job(
                self._put(name, partial(self.collect, name)),
                IntervalTrigger(
                    seconds=int(every.total_seconds()), jitter=min(60, int(every.total_seconds() / 20)), timezone=KST
                ),
                next_run_time=self.next_after_last_run(name, every, now),
                id=name,
            )
        scheduler.add_job(
            self._put("score", self._score), CronTrigger(minute=2, timezone=KST), next_run_time=now, id="score"
        )
        scheduler.add_job(
            self._put("report", self._report),
            CronTrigger(day_of_week=self._config.report.day, hour=self._config.report.hour, minute=3, timezone=KST),
            id="report",
        )
        return scheduler

    def _put(self, name: str, run: Callable[[], None]) -> Callable[[], None]:
        return partial(self._inbox.put, Due(name, run))

    def collect(self, name: str) -> None:
        """Begin a round of one source, after noting the hours in which one was missed."""
        self._note_missed_hours(SOURCES[name].platform)
        try:
            begun = self._rounds.begin(self._make(name))
        except Refused as error:
            begun = self._rounds.skip(name, SOURCES[name].platform, str(error))
        if begun.status == "skipped":
            LOG.info("%s: skipped: %s", name, begun.error)

    def _score(self) -> None:
        scored = score(
            self._db, until=hour_of(self._clock()), settings=self._config.score, progress=self._go_on_unless_stopped
        )
        LOG.info("scored %d hours up to %s", scored.hours, scored.until)
        self._report()

    def _go_on_unless_stopped(self, done: int, total: int) -> None:
        if self.stop.is_set():
            raise _Stopping

    def _report(self) -> None:
        """Write every report that should be out and is not; one that is hours late is noted as 'late'."""
        settings = self._config.report
        last = last_published_week(self._clock(), day=settings.day, hour=settings.hour)
        written = get_meta(self._db, "last_report")
        week = max(week_start(written) + WEEK, last - WEEK * MOST_REPORTS) if written else last
        while week <= last:
            self._write_report(week)
            week += WEEK

    def _write_report(self, week: datetime) -> None:
        now, settings, label = self._clock(), self._config.report, week_label(week)
        scored = self._db.execute(
            "select 1 from trend_scores where period = 'week' and label = ? limit 1", [label]
        ).fetchone()
        if scored is None:
            return
        written = write_report(self._db, week=label, folder=self._reports, top=settings.top)
        on_time = now - published_at(week, day=settings.day, hour=settings.hour) < HOUR
        with transaction(self._db) as connection:
            connection.execute(
                "insert into runs (source, started_at, finished_at, status) values ('report', ?, ?, ?)",
                (iso(now), iso(self._clock()), "ok" if on_time else "late"),
            )
            set_meta(connection, "last_report", label)
        LOG.info("report of %s: %s", label, ", ".join(file.name for file in written.files))

    def _note_missed_hours(self, platform: str) -> None:
        """Write coverage 0 for the hours in which a round was due and none took place: we were off, or asleep."""
        now = self._clock()
        with transaction(self._db) as connection:
            save_coverage(connection, self._missed_hours(platform, now))

    def _missed_hours(self, platform: str, now: datetime) -> list[CoverageLine]:
        row = self._db.execute("select max(hour) from coverage where platform = ?", [platform]).fetchone()
        if row[0] is None:
            return []
        pace = min(
            getattr(self._config.collect, name).every_minutes
            for name in self._enabled()
            if SOURCES[name].platform == platform
        )
        due = hour_of(moment(row[0]) + max(HOUR, timedelta(minutes=pace)))
        first = max(due, hour_of(now) - LONGEST_GAP)
        hours = int((hour_of(now) - first) / HOUR)
        return [CoverageLine(platform, first + HOUR * step, 0.0, now) for step in range(hours)]
