"""The origin of each alert, written once, 48 hours after it was raised, from what was known by then."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta

from models.korean_time import HOUR, KST, iso, moment
from models.trends.heard import TAG_WEIGHTS
from models.trends.origin import (
    AFTER,
    AIR_DAY,
    BEFORE,
    EVENT_DAYS,
    Dated,
    Origin,
    Sighting,
    judge,
    people_by_hour,
)
from models.trends.surprise import WINDOWS
from tracker.score_input import hour_number, moment_of, text_of, writer_of

_DUE = "select id, song, raised_at, withdrawn_at from alerts where raised_at = ? and origin is null"

_POSTS = """
select posts.key, posts.author, posts.published_at, tags.tag,
    coalesce(posts.title, '') || ' ' || coalesce(posts.text, '') as words
from mentions join posts on posts.key = mentions.post left join tags on tags.post = posts.key
where mentions.song = :song and posts.published_at >= :start and posts.published_at < :at and posts.first_seen_at < :at
    and posts.published_at >= coalesce((select tracked_since from songs where id = :song), '')
"""
_EVENTS = """
select date, kind, note from events where date >= :first and date <= :last and (subject = :song
    or subject = (select drama from songs where id = :song)
    or subject in (select artist from song_artists where song = :song))
"""
_SHOW = """
select songs.title, songs.released, dramas.title, dramas.first_aired, dramas.last_aired
from songs join dramas on dramas.id = songs.drama where songs.id = ?
"""


def write_origins(connection: sqlite3.Connection, hour: int) -> None:
    """Judge the alerts raised AFTER hours before the end of the epoch hour `hour`, whose rows are stored already."""
    for number, song, raised, withdrawn in connection.execute(_DUE, (text_of(hour + 1 - AFTER),)).fetchall():
        found = _origin(connection, song, raised) if withdrawn is None else Origin("unclear", why="withdrawn")
        connection.execute(
            "update alerts set origin = ?, origin_parts = ? where id = ?", (found.text, _parts(found), number)
        )


def _parts(found: Origin) -> str:
    parts: dict[str, object] = dict(found.figures)
    if found.event:
        parts["event"] = found.event._asdict()
    if found.why:
        parts["why"] = found.why
    return json.dumps(parts, ensure_ascii=False)


def _origin(connection: sqlite3.Connection, song: str, raised: str) -> Origin:
    start = hour_number(raised) - BEFORE
    at = text_of(start + BEFORE + AFTER)
    posts = connection.execute(_POSTS, {"song": song, "start": text_of(start), "at": at})
    people = people_by_hour(
        (
            Sighting(writer_of(key, author, words), int(moment(published).timestamp()), TAG_WEIGHTS[tag or "other"])
            for key, author, published, tag, words in posts
        ),
        start,
    )
    first = iso(moment(raised) - HOUR)
    # The level before the alert's longest window, per hour of its exposure, as the alert's own row holds it.
    expected, covered = connection.execute(
        "select max(case when start = :first then json_extract(parts, :due) end), avg(coverage) from trend_scores"
        " where song = :song and period = 'hour' and start >= :first and start < :at",
        {"first": first, "song": song, "at": at, "due": f"$.expected[{len(WINDOWS) - 1}]"},
    ).fetchone()
    day = moment(raised).astimezone(KST).date()
    events = list(_events(connection, song, day))
    return judge(people, (expected or 0.0) / WINDOWS[-1], alert=day, events=events, covered=covered or 0.0)


def _events(connection: sqlite3.Connection, song: str, alert: date) -> Iterator[Dated]:
    """What is dated near the alert: events, the song's release, the drama's first and last episode and air days."""
    first = alert - timedelta(days=EVENT_DAYS)
    bounds = {"song": song, "first": first.isoformat(), "last": alert.isoformat()}
    for row in connection.execute(_EVENTS, bounds):
        yield Dated(*row)
    title, released, drama, begun, ended = connection.execute(_SHOW, (song,)).fetchone()
    if released and len(released) == len(bounds["first"]):
        yield Dated(released, "release", f"{title} released")
    if begun:
        yield Dated(begun, "first episode", drama)
    if ended:
        yield Dated(ended, "finale", f"{drama}: last episode")
    if begun and ended:
        yield from _air_days(drama, date.fromisoformat(begun), date.fromisoformat(ended), first, alert)


def _air_days(drama: str, begun: date, ended: date, first: date, last: date) -> Iterator[Dated]:
    """A drama airs on the weekdays on which it began and ended: Saturday and Sunday, Monday and Tuesday ..."""
    weekdays = {begun.weekday(), ended.weekday()}
    for ago in range((last - first).days + 1):
        day = last - timedelta(days=ago)
        if begun < day < ended and day.weekday() in weekdays:
            yield Dated(day.isoformat(), AIR_DAY, drama)


def origin_due(raised: str) -> str:
    """When the origin of an alert raised at `raised` is judged."""
    return iso(moment_of(hour_number(raised) + AFTER))
