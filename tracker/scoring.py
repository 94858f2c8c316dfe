"""Scores and alerts brought up to date: drives the engine over the hours not yet scored and stores what it says.

Each batch of hours is one transaction with a snapshot of the engine at its end, so a run that is killed leaves a state
from which the next one goes on, to the same rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from models.korean_time import KST, day_label, iso, moment, week_label
from models.trends.engagement import FULL_MARKS
from models.trends.origin import AFTER
from models.trends.scores import HourScores, Rows
from models.trends.sentence import onset
from models.trends.silence import silent
from models.trends.snapshot import BadSnapshot, pack, unpack
from models.trends.states import STATES
from models.trends.trend import METHOD, Trend, next_week
from models.trends.window import CLOSES_AFTER
from tracker.origins import write_origins
from tracker.score_input import (
    hour_number,
    hours_heard,
    known_hours,
    moment_of,
    silent_until,
    text_of,
    tracked_songs,
)
from tracker.silent_weeks import pass_over
from tracker.store import get_meta, set_meta, transaction

SNAPSHOTS = ((1, 8), (7, 56), (28, 196))
"""(every so many days, for so many days): one a day for eight days, one a week for eight weeks, one in four for 28."""
WEEK_HOURS = 168 + CLOSES_AFTER
DEFAULT_HALF_LIFE, DEFAULT_SUPPRESSION = 14, 0.5

encode = json.JSONEncoder(separators=(",", ":")).encode

_ROW = """
insert or replace into trend_scores (song, period, start, label, score, rank, state, surge, growth, breadth,
    engagement, posts, authors, coverage, growth_log2, confidence, parts, version)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ALERT = """
insert into alerts (song, raised_at, score, sentence) values (?, ?, ?, ?)
on conflict (song, raised_at) do update set score = excluded.score, sentence = excluded.sentence,
    confirmed_at = null, withdrawn_at = null, origin = null, origin_parts = null
"""


class ScoreSettings(Protocol):
    """What of the scoring a user may change: the [score] section of the configuration."""

    @property
    def half_life_days(self) -> float:
        """After how many days an hour counts half in the fast level."""

    @property
    def suppress_below_coverage(self) -> float:
        """No alert is raised for a song of whose expected exposure less than this was covered in 24 hours."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What one call did. `until` is the end of the last scored hour, None where there is nothing to score."""

    hours: int
    rows: int
    alerts: int
    until: datetime | None


def version_of(settings: ScoreSettings) -> str:
    """The method that makes a row: 'trend-1', with the settings where they are not the packaged ones."""
    changed = ""
    if settings.half_life_days != DEFAULT_HALF_LIFE:
        changed += f";half-life {settings.half_life_days:g} d"
    if settings.suppress_below_coverage != DEFAULT_SUPPRESSION:
        changed += f";suppressed below {settings.suppress_below_coverage:g}"
    return METHOD + changed


def current_hour(db: Database) -> datetime | None:
    """The contract's "now": the end of the last scored hour."""
    until = get_meta(db, "scored_until")
    return moment(until) if until else None


def score(
    db: Database,
    *,
    until: datetime | None = None,
    settings: ScoreSettings,
    progress: Callable[[int, int], None] | None = None,
) -> Scored:
    """Bring rows and alerts up to `until`, by default the end of the last hour of which anything is known.

    `progress` is called with hours done and hours to do after each batch. What was scored before is recomputed only
    from the moment at which something new became known (meta 'dirty_from').
    """
    _rewind(db)
    known = known_hours(db)
    if known is None:
        return Scored(0, 0, 0, None)
    stop = int(until.timestamp()) // 3600 if until else known[1]
    scored = get_meta(db, "scored_until")
    write_from = hour_number(scored) if scored else known[0]
    if stop <= write_from:
        return Scored(0, 0, 0, moment(scored) if scored else None)
    trend = _resume(db, settings, first=known[0])
    rows = alerts = 0
    start = trend.hour
    while trend.hour < stop:
        if silent(trend):
            quiet = min(silent_until(db, trend.hour) or stop, stop)
            rows += pass_over(db, trend, quiet, write_from, write=_write_period, version=version_of(settings))
        batch_stop = min(next_week(trend.hour), stop)
        added = _batch(db, trend, batch_stop, write_from, first=known[0], version=version_of(settings))
        rows, alerts = rows + added[0], alerts + added[1]
        if progress:
            progress(trend.hour - start, stop - start)
    return Scored(stop - write_from, rows, alerts, moment_of(stop))


def _batch(db: Database, trend: Trend, stop: int, write_from: int, *, first: int, version: str) -> tuple[int, int]:
    """Score hours up to `stop` in one transaction; hours before `write_from` only bring the engine up to date."""
    rows = alerts = 0
    heard = hours_heard(db, trend.hour, stop, everything_before=trend.hour == first)
    if stop <= write_from:
        for hour in heard:
            trend.step(hour)
        return 0, 0
    with transaction(db) as connection:
        for hour in heard:
            scores = trend.step(hour)
            if scores.hour >= write_from:
                rows += _write_rows(connection, trend, scores, version)
                alerts += _write_alerts(connection, trend, scores)
                write_origins(connection, scores.hour)
        at = text_of(stop)
        connection.execute("insert or replace into scoring_states values (?, ?, ?)", (at, pack(trend), version))
        _thin_out(connection, moment_of(stop))
        set_meta(connection, "scored_until", at)
    return rows, alerts


def _rewind(db: Database) -> None:
    """Take back what was said from the hour on in which something became known only now."""
    dirty, scored = get_meta(db, "dirty_from"), get_meta(db, "scored_until")
    if dirty is None:
        return
    with transaction(db) as connection:
        connection.execute("delete from meta where key = 'dirty_from'")
        if scored is not None and dirty < scored:
            take_back(connection, hour_number(dirty))


def closed_after(hour: int) -> Iterator[tuple[str, str]]:
    """(period, start): rows of that period which begin later than that were made after the epoch hour `hour` began."""
    for period, closes in (("hour", 1), ("day", 24), ("week", WEEK_HOURS)):
        yield period, text_of(hour - closes)


def take_back(connection: sqlite3.Connection, hour: int) -> None:
    """Take back every row made after the epoch hour `hour` began; alerts stay, as withdrawn, and origins are due."""
    for bounds in closed_after(hour):
        connection.execute("delete from trend_scores where period = ? and start > ?", bounds)
    from_then = text_of(hour)
    connection.execute("delete from scoring_states where at > ?", (from_then,))
    for column in ("confirmed_at", "withdrawn_at"):
        connection.execute(
            f"update alerts set {column} = null where raised_at <= ? and {column} > ?",  # noqa: S608
            (from_then, from_then),
        )
    connection.execute(
        "update alerts set origin = null, origin_parts = null where raised_at > ?", (text_of(hour - AFTER),)
    )
    connection.execute("update alerts set withdrawn_at = raised_at where raised_at > ?", (from_then,))
    set_meta(connection, "scored_until", from_then)


def _resume(db: Database, settings: ScoreSettings, *, first: int) -> Trend:
    """The engine from its last snapshot of this version; a new one at the first hour where there is none."""
    songs = tracked_songs(db)
    given = {"half_life_days": settings.half_life_days, "suppress_below": settings.suppress_below_coverage}
    states = db.execute(
        "select state from scoring_states where version = ? and at <= coalesce((select value from meta"
        " where key = 'scored_until'), '') order by at desc",
        [version_of(settings)],
    )
    for (state,) in states:
        try:
            return unpack(state, songs, **given)
        except BadSnapshot:
            continue
    return Trend(songs, hour=first, **given)


def _thin_out(connection: sqlite3.Connection, now: datetime) -> None:
    """Keep the newest snapshot and those of SNAPSHOTS, the last of each stretch."""
    kept: set[tuple[int, int]] = set()
    for (at,) in connection.execute("select at from scoring_states order by at desc").fetchall():
        day, age = int(moment(at).timestamp()) // 86400, now - moment(at)
        marks = {(every, day // every) for every, days in SNAPSHOTS if age <= timedelta(days=days)}
        if kept and not marks - kept:
            connection.execute("delete from scoring_states where at = ?", (at,))
        kept |= marks


def _write_rows(connection: sqlite3.Connection, trend: Trend, scores: HourScores, version: str) -> int:
    return sum(_write_period(connection, trend, rows, version) for rows in scores.rows)


def _write_period(connection: sqlite3.Connection, trend: Trend, rows: Rows, version: str) -> int:
    found = list(_records(trend, rows, version))
    connection.executemany(_ROW, found)
    return len(found)


def _records(trend: Trend, rows: Rows, version: str) -> Iterator[tuple[object, ...]]:
    start = moment_of(rows.start)
    stored, label, ranks = iso(start), _label(rows.period, start), _ranks(trend, rows)
    places = np.flatnonzero(rows.stored)
    points, score = (rows.points[places] / 10).tolist(), (rows.score[places] / 10).tolist()
    figures = np.stack([rows.coverage, rows.growth_log2, rows.confidence], axis=1)[places].round(4).tolist()
    columns = (places.tolist(), points, score, figures, _parts_of(rows, places))
    for place, point, total, figure, parts in zip(*columns, strict=True):
        yield (
            trend.memory.songs[place].id,
            rows.period,
            stored,
            label,
            total,
            ranks.get(place),
            STATES[rows.states[place]],
            *point,
            int(rows.posts[place]),
            int(rows.authors[place]),
            *figure,
            _compact(parts),
            version,
        )


def _parts_of(rows: Rows, places: NDArray[np.int64]) -> list[dict[str, object]]:
    """The numbers behind each row; `views` gets the usual day's gain as a third, without which nobody can check them.

    It is what engagement = log2((gain + day) / (usual + day)) / FULL_MARKS says it was.
    """
    found, evidence = rows.parts_of(places), rows.evidence
    for parts, place in zip(found, places.tolist(), strict=True):
        views, faster = parts.get("views"), float(evidence.faster[place])
        if isinstance(views, list) and 0 < faster < 1:
            times = 2 ** (FULL_MARKS * faster)
            day = (float(evidence.gain[place]) - times * float(evidence.usual[place])) / (times - 1)
            parts["views"] = [*views, round(day)]
    return found


def _compact(parts: dict[str, object]) -> str:
    """JSON with 5 for 5.0: thirty busy songs make 130,000 hour rows in half a year."""
    return encode(parts).replace(".0,", ",").replace(".0]", "]").replace(".0}", "}")


def _label(period: str, start: datetime) -> str:
    """'2026-W48', '2026-11-23', '2026-11-23T14': always Korean time."""
    if period == "week":
        return week_label(start)
    return day_label(start) if period == "day" else start.astimezone(KST).strftime("%Y-%m-%dT%H")


def _ranks(trend: Trend, rows: Rows) -> dict[int, int]:
    """Weeks by growth, among songs with a post; hours and days by score, among songs with one. Ties: see contract."""
    weekly = rows.period == "week"
    able = np.flatnonzero(rows.stored & ((rows.posts > 0) if weekly else (rows.score > 0)))
    first = rows.growth_log2.round(4) if weekly else rows.score
    columns = [column[able].tolist() for column in (-first, -rows.score, -rows.authors)]
    names = [trend.memory.songs[place].id for place in able]
    ordered = sorted(zip(*columns, names, able.tolist(), strict=True))
    return {place: rank for rank, (*_, place) in enumerate(ordered, 1)}


def _write_alerts(connection: sqlite3.Connection, trend: Trend, scores: HourScores) -> int:
    """Alerts of this hour, dated by its end: the moment at which the world could have known."""
    at, row = text_of(scores.hour + 1), scores.now
    for song in scores.moved.raised:
        (parts,) = row.parts_of(np.array([song]))
        total = float(row.score[song]) / 10
        connection.execute(_ALERT, (trend.memory.songs[song].id, at, total, onset(parts)))
    for column, moved in (("confirmed_at", scores.moved.confirmed), ("withdrawn_at", scores.moved.withdrawn)):
        for song, raised in moved:
            connection.execute(
                f"update alerts set {column} = ? where song = ? and raised_at = ?",  # noqa: S608
                (at, trend.memory.songs[song].id, text_of(raised + 1)),
            )
    return len(scores.moved.raised)
