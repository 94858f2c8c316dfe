"""A score as a person would say it, with the numbers behind each part and the arithmetic, from stored rows alone."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from models.complaint import Complaint
from models.flood import crowd, signs
from models.korean_time import HOUR, WEEK, WEEK_CLOSES_AFTER, hour_of, iso, moment
from models.trends.level import COMPARABLE_HOURS
from models.trends.surprise import WINDOWS
from tracker.explain_words import all_lines
from tracker.origins import origin_due
from tracker.store import get_meta
from tracker.store_copies import posts_of, usual_languages

COLUMNS = (
    "song", "period", "start", "label", "score", "rank", "state", "surge", "growth", "breadth", "engagement", "posts",
    "authors", "coverage", "growth_log2", "confidence", "parts", "version",
)  # fmt: skip

SEEN_HOURS = WINDOWS[-1]
"""The window in which posts, distinct posts and authors are counted: the longest that surprise looks at."""

COMPARABLE = timedelta(hours=COMPARABLE_HOURS) + WEEK
"""Two weeks of history and the week that is compared with it: 21 days."""

ALERTS = ("raised_at", "confirmed_at", "withdrawn_at", "sentence", "origin", "origin_parts")


class NoScore(Complaint, LookupError):
    """There is nothing to explain: the id is unknown, or nothing was scored at that time."""


def explain(db: Database, song: str, *, at: datetime | None) -> list[str]:
    """Lines of text about the last hour scored by `at` (None: of all). Raises NoScore."""
    return all_lines(explain_parts(db, song, at=at))


def explain_parts(db: Database, song: str, *, at: datetime | None) -> dict[str, Any]:
    """Everything `explain` says, as stored: the hour's row, the last closed week's and the last alerts.

    An hour that was not stored (see the contract) is given as score 0 with `parts` None. `seen` (of the row's last 72
    hours) and `week.seen` count the posts still held, None where there are none. Raises NoScore.
    """
    place = scored_hour(db, at)
    title = db.execute(
        "select songs.title, songs.hangul, dramas.title, tracked_since from songs"
        " join dramas on dramas.id = drama where songs.id = ?",
        [song],
    ).fetchone()
    if title is None:
        raise NoScore(f"{song}: no song has this id, nor has a drama or an artist; ostpulse songs lists them")
    end = iso(place + HOUR)
    row = hour_row(db, song, place)
    week = last_week(db, song, end)
    head = {"title": title[0], "hangul": title[1], "drama": title[2], "end": end, "tracked_since": title[3]}
    new = {"too_new": _too_new(db, row["parts"], title[3], place + HOUR)}
    seen = _seen(db, song, place + HOUR - SEEN_HOURS * HOUR, place + HOUR, known=place + HOUR - timedelta(seconds=1))
    if week:
        start = moment(week["start"])
        week["seen"] = _seen(db, song, start, start + WEEK, known=start + WEEK + WEEK_CLOSES_AFTER)
    return {**head, **row, **new, "seen": seen, "week": week, "alerts": _alerts(db, song, end)}


def _too_new(db: Database, parts: dict[str, Any] | None, tracked_since: str | None, end: datetime) -> bool:
    """Whether the song has too little past to be compared; a silent hour says nothing of it, so the calendar does."""
    if parts is not None:
        return "history" in parts
    first = db.execute("select min(start) from trend_scores where period = 'day'").fetchone()[0]
    return end - moment(max(tracked_since or "", first or iso(end))) < COMPARABLE


def _alerts(db: Database, song: str, end: str) -> list[dict[str, Any]]:
    """The last three alerts as they stood at `end`."""
    found = db.execute(
        f"select {', '.join(ALERTS)} from alerts where song = ? and raised_at <= ?"  # noqa: S608 - our own columns
        " order by raised_at desc limit 3",
        [song, end],
    ).fetchall()
    told = [dict(zip(ALERTS, alert, strict=True)) for alert in found]
    for alert in told:
        for name in ("confirmed_at", "withdrawn_at"):
            alert[name] = alert[name] if alert[name] and alert[name] <= end else None
        judged = origin_due(alert["raised_at"]) <= end
        alert["origin"] = alert["origin"] if judged else None
        alert["origin_parts"] = json.loads(alert["origin_parts"]) if judged and alert["origin_parts"] else None
    return told


def _seen(db: Database, song: str, start: datetime, end: datetime, *, known: datetime) -> dict[str, Any] | None:
    """Posts, distinct posts, authors and signs of a flood among what was published from `start` to `end`."""
    posts = posts_of(db, song, start=start, end=end, known=known)
    if not posts:
        return None
    found = signs(posts, usual_languages(db, song, before=start, known=known))
    return {**asdict(crowd(posts)), "signs": [asdict(sign) for sign in found]}


def scored_hour(db: Database, at: datetime | None) -> datetime:
    """The start of the last hour scored by `at`; raises NoScore."""
    until = get_meta(db, "scored_until")
    if until is None:
        raise NoScore("nothing was scored yet: run ostpulse score first")
    last = moment(until)
    end = min(hour_of(at), last) if at else last
    first = db.execute("select min(start) from trend_scores").fetchone()[0]
    if first is None or iso(end) <= first:
        raise NoScore(f"nothing was scored by {iso(end)}: the first scored hour begins at {first}")
    return end - HOUR


def hour_row(db: Database, song: str, start: datetime) -> dict[str, Any]:
    """The row of a song's hour, stored or as its absence says."""
    return _row(db, "period = 'hour' and song = ? and start = ?", [song, iso(start)]) or _silent(db, song, start)


def last_week(db: Database, song: str, end: str) -> dict[str, Any] | None:
    """The row of the last week closed by `end`."""
    latest = iso(moment(end) - WEEK - WEEK_CLOSES_AFTER)
    return _row(db, "period = 'week' and song = ? and start <= ? order by start desc", [song, latest])


def _row(db: Database, where: str, values: list[str]) -> dict[str, Any] | None:
    columns = ", ".join(COLUMNS)
    row = db.execute(f"select {columns} from trend_scores where {where} limit 1", values).fetchone()  # noqa: S608
    if row is None:
        return None
    found = dict(zip(COLUMNS, row, strict=True))
    found["parts"] = json.loads(found["parts"])
    return found


def _silent(db: Database, song: str, start: datetime) -> dict[str, Any]:
    """What a missing hour row means: score 0, no rank, the state as before."""
    before = _row(db, "song = ? and period = 'hour' and start < ? order by start desc", [song, iso(start)])
    zero = dict.fromkeys(("score", "surge", "growth", "breadth", "engagement", "posts", "authors"), 0)
    state = before["state"] if before else "dormant"
    return {"song": song, "period": "hour", "start": iso(start), **zero, "rank": None, "state": state, "parts": None}
