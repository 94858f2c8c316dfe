"""The daemon: APScheduler says when, threads fetch, one writer (the main thread) does everything else.

Jobs only put a message into the writer's queue, so no job ever runs long, none is dropped by the scheduler, and the
database sees a single thread.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
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
from models.korean_time import DAY, HOUR, KST, WEEK, WEEK_CLOSES_AFTER, hour_of, iso, moment, week_label, week_of
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
        """Work until `stop` is set; ends soon after, even while a source hangs."""
        self._close_what_was_left_open()
        scheduler = self._schedule()
        scheduler.start()
        LOG.info("daemon started; %d sources", len(self._enabled()))
        try:
            while not self.stop.is_set():
                self._work_off(TICK_SECONDS)
        finally:
            scheduler.shutdown(wait=False)
            self._rounds.interrupt()
            LOG.info("daemon stopped")

    def next_after_last_run(self, name: str, every: timedelta, now: datetime) -> datetime:
        """An interval counts from the last run in our own table, not from the start of the daemon."""
        row = self._db.execute("select max(started_at) from runs where source = ?", [name]).fetchone()
        return max(now, moment(row[0]) + every) if row[0] else now

    def _work_off(self, patience: float) -> None:
        try:
            message = self._inbox.get(timeout=patience)
        except queue.Empty:
            return
        if isinstance(message, Due):
            try:
                message.run()
            except Exception:  # one failed task must not end the daemon; the next run tries again
                LOG.exception("%s failed", message.name)
            return
        ended = self._rounds.take(message)
        if ended is not None:
            LOG.info("%s: %s, %s%s", ended.source, ended.status, ended.tally, f": {ended.error}" if ended.error else "")

    def _enabled(self) -> list[str]:
        return [name for name in SOURCES if getattr(self._config.collect, name).enabled]

    def _schedule(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(timezone=KST, job_defaults=JOB_DEFAULTS)
        now = self._clock()
        for name in self._enabled():
            every = timedelta(minutes=getattr(self._config.collect, name).every_minutes)
            scheduler.add_job(
                self._put(name, partial(self._collect, name)),
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

    def _collect(self, name: str) -> None:
        try:
            begun = self._rounds.begin(self._make(name))
        except Refused as error:
            begun = self._rounds.skip(name, SOURCES[name].platform, str(error))
        if begun.status == "skipped":
            LOG.info("%s: skipped: %s", name, begun.error)

    def _score(self) -> None:
        scored = score(self._db, until=hour_of(self._clock()), settings=self._config.score)
        LOG.info("scored %d hours up to %s", scored.hours, scored.until)
        self._report()

    def _report(self) -> None:
        """Write the report of the last week that should be out, unless that was done; hours later it is 'late'."""
        now = self._clock()
        week = last_published_week(now, day=self._config.report.day, hour=self._config.report.hour)
        label = week_label(week)
        scored = self._db.execute(
            "select 1 from trend_scores where period = 'week' and label = ? limit 1", [label]
        ).fetchone()
        if scored is None or (get_meta(self._db, "last_report") or "") >= label:
            return
        written = write_report(self._db, week=label, folder=self._reports, top=self._config.report.top)
        on_time = now - published_at(week, day=self._config.report.day, hour=self._config.report.hour) < HOUR
        with transaction(self._db) as connection:
            connection.execute(
                "insert into runs (source, started_at, finished_at, status) values ('report', ?, ?, ?)",
                (iso(now), iso(self._clock()), "ok" if on_time else "late"),
            )
            set_meta(connection, "last_report", label)
        LOG.info("report of %s: %s", label, ", ".join(file.name for file in written.files))

    def _close_what_was_left_open(self) -> None:
        """Note runs that an earlier process did not end, and the hours in which nobody collected."""
        now = self._clock()
        with transaction(self._db) as connection:
            connection.execute(
                "update runs set status = 'failed', finished_at = ?, error = 'interrupted' where status = 'running'",
                (iso(now),),
            )
            for platform in {SOURCES[name].platform for name in self._enabled()}:
                save_coverage(connection, self._slept_through(platform, now))

    def _slept_through(self, platform: str, now: datetime) -> list[CoverageLine]:
        last = self._db.execute("select max(hour) from coverage where platform = ?", [platform]).fetchone()[0]
        if last is None:
            return []
        hours = int((hour_of(now) - moment(last)) / HOUR)
        return [CoverageLine(platform, moment(last) + HOUR * step, 0.0, now) for step in range(1, hours)]
