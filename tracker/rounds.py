"""Rounds of live collection: every source fetches in a thread of its own, one writer stores.

A thread never touches the database, so a slow or hanging source delays nobody; what it found reaches the writer
through a queue. Progress counts only when a round was read to its end, and the next one overlaps it.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors.base import Collector, CollectorError, CutShort, Query
from collectors.post_lines import CoverageLine
from collectors.sources import SOURCES
from models.korean_time import HOUR, day_label, day_of, hour_of, iso, moment
from models.post import Post
from tracker.pipeline import Pipeline, Tally
from tracker.store import transaction
from tracker.store_coverage import save_coverage
from tracker.store_posts import prune_passed_over
from tracker.store_runs import prune_runs

LOG = logging.getLogger(__name__)

OVERLAP = timedelta(hours=2)
"""How far a round reaches back before the start of the last complete one: posts appear late, pages shift."""

HAND_OVER = 100
"""Posts a thread gathers before it hands them to the writer."""

LONGEST_ERROR = 500


@dataclass
class Round:
    """One run of one source: what it plans, how far it got."""

    run: int
    source: str
    platform: str
    started_at: datetime
    planned: int = 0
    succeeded: int = 0
    tally: Tally = field(default_factory=Tally)
    cut_short: int = 0
    errors: list[str] = field(default_factory=list)
    storable: bool = True
    status: str = "running"

    @property
    def error(self) -> str | None:
        """All that went wrong, each once, in one line; None when nothing did."""
        return "; ".join(dict.fromkeys(self.errors))[:LONGEST_ERROR] or None


@dataclass(frozen=True)
class Found:
    """Posts of a round on their way to the writer."""

    round: Round
    posts: list[Post]


@dataclass(frozen=True)
class Finished:
    """A round whose thread has ended; `crash` is an unexpected exception, which is our own mistake."""

    round: Round
    crash: BaseException | None = None


Message = Found | Finished


class Rounds:
    """Begins rounds, stores what they find and notes how they ended; all but the fetching on the caller's thread."""

    def __init__(self, pipeline: Pipeline, *, clock: Callable[[], datetime]) -> None:
        self._pipeline = pipeline
        self._clock = clock
        self.messages: queue.Queue[Message] = queue.Queue(maxsize=50)
        self.running: dict[str, Round] = {}
        self._close_what_was_left_open()

    def begin(self, collector: Collector) -> Round:
        """Note the start of a round and let it fetch in its own thread.

        A source whose last round still goes on gets a row 'skipped' instead, so that every due run has one.
        """
        facts, now = collector.facts, self._clock()
        queries = collector.queries()
        round_ = Round(0, facts.name, facts.platform, now, planned=len(queries))
        if facts.name in self.running:
            return self._note_skipped(round_, "the round before is still going on")
        if not queries:
            return self._note_skipped(round_, f"nothing to ask for: fill in [collect.{facts.name}] of the config")
        since = self._since(facts.name)
        with transaction(self._pipeline.db) as connection:
            round_.run = connection.execute(
                "insert into runs (source, started_at, status, planned) values (?, ?, 'running', ?) returning id",
                (facts.name, iso(now), round_.planned),
            ).fetchone()[0]
        self.running[facts.name] = round_
        thread = threading.Thread(
            target=_fetch, args=(collector, queries, since, round_, self.messages.put), name=facts.name, daemon=True
        )
        thread.start()
        return round_

    def skip(self, source: str, platform: str, reason: str) -> Round:
        """Note a round that could not begin, with its reason."""
        return self._note_skipped(Round(0, source, platform, self._clock()), reason)

    def take(self, message: Message) -> Round | None:
        """Store what a message brings; returns the round when it has ended."""
        round_ = message.round
        if isinstance(message, Found):
            self._store(round_, message.posts)
            return None
        self.running.pop(round_.source, None)
        if message.crash is not None:
            round_.errors.append(f"ostpulse itself failed: {type(message.crash).__name__}: {message.crash}")
            LOG.error("%s: %s", round_.source, round_.error, exc_info=message.crash)
        round_.status = _status(round_)
        self._note_end(round_)
        return round_

    def _store(self, round_: Round, posts: list[Post]) -> None:
        """Store posts; where that fails the round fails, and nothing more of it is stored: the next one reads again."""
        if not round_.storable:
            return
        try:
            round_.tally += self._pipeline.take_in(posts, source=round_.source)
        except Exception as error:
            round_.storable, round_.succeeded = False, 0
            round_.errors.append(f"cannot be stored: {type(error).__name__}: {error}")
            LOG.error("%s: %s", round_.source, round_.error, exc_info=error)

    def interrupt(self) -> None:
        """Note every round that is still going on as failed: nothing of it counts as done."""
        for round_ in list(self.running.values()):
            round_.errors.append("interrupted")
            round_.status = "failed"
            self._note_end(round_, with_coverage=False)
        self.running.clear()

    def _close_what_was_left_open(self) -> None:
        """Note the rounds that an earlier process did not end: a writer has the database to itself."""
        with transaction(self._pipeline.db) as connection:
            connection.execute(
                "update runs set status = 'failed', finished_at = ?, error = 'interrupted' where status = 'running'",
                (iso(self._clock()),),
            )

    def _since(self, source: str) -> datetime | None:
        row = self._pipeline.db.execute(
            "select max(started_at) from runs where source = ? and complete = 1 and started_at <= ?",
            [source, iso(self._clock())],
        ).fetchone()
        return moment(row[0]) - OVERLAP if row[0] else None

    def _note_skipped(self, round_: Round, reason: str) -> Round:
        round_.status = "skipped"
        round_.errors.append(reason)
        with transaction(self._pipeline.db) as connection:
            connection.execute(
                "insert into runs (source, started_at, finished_at, status, error) values (?, ?, ?, 'skipped', ?)",
                (round_.source, iso(round_.started_at), iso(self._clock()), round_.error),
            )
        return round_

    def _note_end(self, round_: Round, *, with_coverage: bool = True) -> None:
        now = self._clock()
        complete = round_.storable and round_.succeeded + round_.cut_short == round_.planned
        with transaction(self._pipeline.db) as connection:
            connection.execute(
                """update runs set finished_at = :now, status = :status, seen = :seen, new = :new, linked = :linked,
                succeeded = :succeeded, complete = :complete, error = :error where id = :run""",
                {
                    "now": iso(now),
                    "status": round_.status,
                    "seen": round_.tally.seen,
                    "new": round_.tally.new,
                    "linked": round_.tally.linked,
                    "succeeded": round_.succeeded,
                    "complete": int(complete and with_coverage),
                    "error": round_.error,
                    "run": round_.run,
                },
            )
            prune_passed_over(connection, now=now)
            prune_runs(connection, today=day_label(day_of(now)))
            if with_coverage:
                hour = hour_of(round_.started_at)
                fraction = self._covered(round_.platform, hour)
                save_coverage(connection, [CoverageLine(round_.platform, hour, fraction, now)])

    def _covered(self, platform: str, hour: datetime) -> float:
        """What share of all that was planned for a platform in an hour succeeded, by the last run of each source."""
        sources = sorted(name for name, facts in SOURCES.items() if facts.platform == platform) or [platform]
        marks = ",".join("?" * len(sources))
        planned, succeeded = self._pipeline.db.execute(
            f"""select coalesce(sum(planned), 0), coalesce(sum(succeeded), 0) from runs where id in (
                select max(id) from runs where source in ({marks}) and status in ('ok', 'partial', 'failed')
                and started_at >= ? and started_at < ? group by source
            )""",  # noqa: S608
            [*sources, iso(hour), iso(hour + HOUR)],
        ).fetchone()
        return succeeded / planned if planned else 0.0


def _fetch(
    collector: Collector,
    queries: list[Query],
    since: datetime | None,
    round_: Round,
    put: Callable[[Message], None],
) -> None:
    """A source's thread: every planned query, each failing alone; its client lets a dead host rest by itself."""
    try:
        for query in queries:
            try:
                _hand_over(collector, query, since, round_, put)
                round_.succeeded += 1
            except CutShort as error:
                round_.cut_short += 1
                round_.errors.append(str(error))
            except CollectorError as error:
                round_.errors.append(str(error))
    except BaseException as error:
        put(Finished(round_, error))
        return
    put(Finished(round_))


def _hand_over(
    collector: Collector, query: Query, since: datetime | None, round_: Round, put: Callable[[Message], None]
) -> None:
    gathered: list[Post] = []
    try:
        for post in collector.collect(query, since=since):
            gathered.append(post)
            if len(gathered) >= HAND_OVER:
                put(Found(round_, gathered))
                gathered = []
    finally:  # what was read before an error is kept; the query as a whole still counts as failed
        if gathered:
            put(Found(round_, gathered))


def _status(round_: Round) -> str:
    if not round_.errors:
        return "ok"
    return "partial" if round_.storable and round_.succeeded + round_.cut_short else "failed"
