"""A drama or an artist explained: how much people name it without any of its songs, and how its songs stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from models.korean_time import DAY, HOUR, day_label, day_of, iso
from tracker.explain import hour_row, last_week, scored_hour
from tracker.explain_words import when

DAYS, BEFORE = 7, 28
"""Korean days shown one by one, and those before them as one sum."""

_SONGS = {
    "drama": "select id, title, hangul from songs where drama = ? order by id",
    "artist": "select id, title, hangul from songs where id in (select song from song_artists where artist = ?)"
    " order by id",
}


def kind_of(db: Database, subject: str) -> str | None:
    """'drama' or 'artist' where an id of the catalogue is one, and no song."""
    for kind, table in (("drama", "dramas"), ("artist", "artists")):
        if db.execute(f"select 1 from {table} where id = ?", [subject]).fetchone():  # noqa: S608 - our own tables
            return kind
    return None


def show_parts(db: Database, subject: str, kind: str, *, at: datetime | None) -> dict[str, Any]:
    """The buzz of a drama or an artist and the hour's scores of its songs, highest first.

    `buzz.days` are the seven Korean days up to the last scored hour (the last may be running still), oldest first;
    `buzz.before` sums the 28 days before these. Raises NoScore.
    """
    place = scored_hour(db, at)
    end = place + HOUR
    column, table = ("title", "dramas") if kind == "drama" else ("name", "artists")
    title, hangul = db.execute(f"select {column}, hangul from {table} where id = ?", [subject]).fetchone()  # noqa: S608
    songs = [_song(db, row, place) for row in db.execute(_SONGS[kind], [subject]).fetchall()]
    return {
        "subject": subject,
        "kind": kind,
        "title": title,
        "hangul": hangul,
        "end": iso(end),
        "buzz": _buzz(db, subject, end),
        "songs": sorted(songs, key=lambda song: (-song["score"], song["song"])),
    }


def _buzz(db: Database, subject: str, end: datetime) -> dict[str, Any]:
    today = day_of(end - timedelta(seconds=1))
    labels = [day_label(today - DAY * back) for back in reversed(range(DAYS))]
    first = day_label(today - DAY * (DAYS + BEFORE - 1))
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    rows = db.execute(
        "select day, source, posts from buzz where subject = ? and day >= ? and day <= ?", [subject, first, labels[-1]]
    )
    for day, source, posts in rows:
        counted[day if day in labels else "before"][source] += posts
    days = [{"day": day, "posts": counted[day].total(), "sources": _largest(counted[day])} for day in labels]
    before = counted["before"]
    return {"days": days, "before": {"days": BEFORE, "posts": before.total(), "sources": _largest(before)}}


def _largest(sources: Counter[str]) -> dict[str, int]:
    return dict(sorted(sources.items(), key=lambda pair: (-pair[1], pair[0])))


def _song(db: Database, song: tuple[str, str, str | None], place: datetime) -> dict[str, Any]:
    row, week = hour_row(db, song[0], place), last_week(db, song[0], iso(place + HOUR))
    names = ("score", "rank", "state", "surge", "growth", "breadth", "engagement")
    return {"song": song[0], "title": song[1], "hangul": song[2], **{name: row[name] for name in names}} | {
        "week": {name: week[name] for name in ("label", "rank", "growth_log2", "posts", "authors")} if week else None
    }


def show_lines(found: Mapping[str, Any]) -> list[str]:
    """What `show_parts` found, as a person would say it."""
    hangul = f" ({found['hangul']})" if found["hangul"] else ""
    days, before = found["buzz"]["days"], found["buzz"]["before"]
    total = sum(day["posts"] for day in days)
    usual = before["posts"] * DAYS / BEFORE
    lines = [
        f"{found['title']}{hangul}, {found['kind']}, {when(found['end'])}",
        f"Posts that name it and none of its songs: {total:,} in the last {DAYS} Korean days;"
        f" {before['posts']:,} in the {BEFORE} days before, {usual:.1f} in seven of them.",
        *(f"    {day['day']}: {day['posts']:,}{_by_source(day['sources'])}" for day in days),
        f"    {BEFORE} days before: {before['posts']:,}{_by_source(before['sources'])}",
        "Its songs:" if found["songs"] else "No song of it is in the catalogue.",
    ]
    return lines + [f"    {_song_line(song)}" for song in found["songs"]]


def _by_source(sources: Mapping[str, int]) -> str:
    return f" ({', '.join(f'{source} {posts:,}' for source, posts in sources.items())})" if sources else ""


def _song_line(song: Mapping[str, Any]) -> str:
    hangul = f" ({song['hangul']})" if song["hangul"] else ""
    line = f"{song['title']}{hangul}: {song['score']:g} of 100, {song['state']}"
    week = song["week"]
    if week is None:
        return f"{line}."
    rank = f"number {week['rank']}" if week["rank"] else "not on the chart"
    return f"{line}; week {week['label']} {rank}, {2 ** week['growth_log2']:.1f} times its usual week."
