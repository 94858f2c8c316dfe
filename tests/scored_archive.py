"""A small archive to score: two songs of one drama that people post about steadily, and rises on top of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from models.korean_time import DAY, HOUR, iso
from tracker.migrations import MIGRATIONS

START = datetime(2026, 8, 31, 15, tzinfo=UTC)  # a Korean Tuesday, 00:00
PLATFORMS = ("youtube", "x", "tiktok", "mastodon")


def database() -> Database:
    """A drama on air Saturdays and Sundays with the songs 'letter' and 'snow', no posts."""
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    show = {"id": "walk", "title": "Long Walk", "first_aired": "2026-08-15", "last_aired": "2026-10-04"}
    db["dramas"].insert(show | {"aliases": "[]"})
    db["artists"].insert({"id": "haru", "name": "Haru", "aliases": "[]"})
    for song in ("letter", "snow"):
        db["songs"].insert({"id": song, "title": song.title(), "drama": "walk", "ambiguous": 0, "aliases": "[]"})
    db["song_artists"].insert({"song": "letter", "artist": "haru", "position": 0})
    return db


def say(
    db: Database,
    number: int,
    song: str,
    at: datetime,
    *,
    platform: str = "youtube",
    author: str | None = None,
    known: datetime | None = None,
) -> str:
    """One post, known when it was published unless `known` says otherwise; gives its key."""
    key = f"{platform}:{number}"
    db.execute(
        "insert into posts (key, platform, author, text, hashtags, published_at, first_seen_at, source)"
        " values (?, ?, ?, ?, '[]', ?, ?, 'file')",
        (key, platform, author or f"author-{number}", f"words {number}", iso(at), iso(known or at)),
    )
    db.execute("insert into mentions values (?, ?, 0.9, '[]')", (key, song))
    db.execute("insert into tags values (?, 'cover', 0.9, 'model', '0', '{}')", (key,))
    return key


def steady(db: Database, days: int) -> None:
    """A post about each song every eight hours, over four platforms."""
    for number in range(days * 3):
        platform = PLATFORMS[number % 4]
        say(db, 2 * number, "letter", START + 8 * HOUR * number, platform=platform)
        say(db, 2 * number + 1, "snow", START + 8 * HOUR * number + 3 * HOUR, platform=platform)
    db.conn.commit()


def jump(db: Database, day: int, *, song: str = "letter", platforms: tuple[str, ...] = PLATFORMS) -> None:
    """Thirty people within a day, most of them in its first hours, and a few after."""
    for number in range(30):
        at = START + day * DAY + timedelta(minutes=number * number * 1.6)
        say(db, 10_000 + number, song, at, platform=platforms[number % len(platforms)])
    for number in range(4):
        at = START + (day + 1) * DAY + 8 * HOUR * number
        say(db, 10_100 + number, song, at, platform=platforms[number % len(platforms)])
    db.conn.commit()


def build_up(db: Database, day: int) -> None:
    """People who tell each other of 'letter': more on each of nine days, the last ones as many as before."""
    count = 0
    for passed, people in enumerate((2, 3, 5, 8, 12, 16, 20, 22, 22)):
        for one in range(people):
            at = START + (day + passed) * DAY + one * DAY / people
            say(db, 20_000 + count, "letter", at, platform=PLATFORMS[count % 4])
            count += 1
    db.conn.commit()
