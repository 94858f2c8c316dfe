"""A small database for the explorer's tests: six songs, three weeks, a hostile post; everything in it is invented."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from datasette.app import Datasette
from sqlite_utils import Database

from models.korean_time import day_label, iso, week_label
from tracker.explorer.serve import open_explorer
from tracker.migrations import MIGRATIONS

NOW = datetime(2026, 12, 1, 2, tzinfo=UTC)
WEEK = datetime(2026, 11, 22, 15, tzinfo=UTC)
"""The start of 2026-W48, the last closed week at NOW."""

HOSTILE_TITLE = '<script>alert("x")</script><img src=x onerror=alert(1)>'
HOSTILE_TEXT = '=HYPERLINK("http://evil.example","a")\n"quoted", and \u202eturned round\u202c ' + "w" * 3000

_DRAMAS = [
    ("harbour-lights", "Harbour Lights", "항구의 불빛", "tvN"),
    ("paper-moon-inn", "Paper Moon Inn", "종이달 여관", "JTBC"),
    ("second-spring", "Second Spring", "두 번째 봄", None),
]
_ARTISTS = [
    ("yoon-sera", "Yoon Sera", "윤세라"),
    ("north-gate", "North Gate", None),
    ("kim-haru", "Kim Haru", "김하루"),
]
_SONGS = [
    # id, title, hangul, drama, released, artists, growth_log2, score, state
    ("rain-letter", "Rain Letter", "비의 편지", "harbour-lights", "2026-11-09", ["yoon-sera"], 3.46, 71.2, "viral"),
    ("old-harbour", "Old Harbour", "옛 항구", "second-spring", "2016", ["kim-haru"], 2.1, 48.0, "resurging"),
    (
        "moon-ferry",
        "Moon Ferry",
        "달 나루",
        "paper-moon-inn",
        "2026-10",
        ["north-gate", "kim-haru"],
        1.2,
        33.4,
        "rising",
    ),
    ("stay", "Stay", None, "harbour-lights", "2025-03-02", ["north-gate"], 0.1, 12.0, "steady"),
    ("first-snow", "First Snow", "첫눈", "second-spring", "2021-12-01", [], -0.4, 6.0, "fading"),
    ("unheard", "Unheard", None, "paper-moon-inn", None, ["kim-haru"], 0.0, 0.0, "dormant"),
]
_TAGS = ["cover", "challenge", "cover", "edit", "reaction", "cover", "other"]
_PLATFORMS = ["youtube", "tiktok", "mastodon", "youtube", "reddit"]
_LANGUAGES = ["ko", "en", "ja", "pt", None, "th"]


def empty_database(path: Path) -> Path:
    """A migrated database that holds nothing."""
    db = Database(path)
    MIGRATIONS.apply(db)
    db.close()
    return path


def example_database(path: Path, *, demo: bool = False) -> Path:
    """The whole example; with `demo` it says that its posts are invented."""
    db = Database(empty_database(path))
    with db.atomic():
        _catalogue(db)
        _posts(db)
        _hostile_post(db)
        _scores(db)
        _operations(db)
        db["meta"].insert_all(
            [{"key": "scored_until", "value": iso(NOW)}, {"key": "demo", "value": "1" if demo else "0"}]
        )
    db.close()
    return path


def _catalogue(db: Database) -> None:
    db["dramas"].insert_all(
        {"id": key, "title": title, "hangul": hangul, "network": network, "first_aired": "2026-10-03", "aliases": "[]"}
        for key, title, hangul, network in _DRAMAS
    )
    db["artists"].insert_all(
        {"id": key, "name": name, "hangul": hangul, "kind": "soloist", "aliases": "[]"}
        for key, name, hangul in _ARTISTS
    )
    for key, title, hangul, drama, released, artists, *_ in _SONGS:
        db["songs"].insert(
            {"id": key, "title": title, "hangul": hangul, "drama": drama, "released": released, "ambiguous": 0,
             "aliases": json.dumps(["bi-ui pyeonji"] if key == "rain-letter" else [])}
        )  # fmt: skip
        db["song_artists"].insert_all(
            {"song": key, "artist": artist, "position": place} for place, artist in enumerate(artists)
        )
    db["events"].insert({"subject": "rain-letter", "date": "2026-11-24", "kind": "scene", "note": "Ending scene"})


def _posts(db: Database) -> None:
    for song_number, (song, title, hangul, *_) in enumerate(_SONGS[:5]):
        for number in range(24 - 4 * song_number):
            published = WEEK + timedelta(hours=6 * number + song_number)
            platform = "tiktok" if song == "moon-ferry" else _PLATFORMS[number % 5]
            key = f"{platform}:{song}-{number}"
            author = "a" * 32 if song == "stay" else f"{song_number:02}{number % 11:02}".ljust(32, "f")
            db["posts"].insert(
                {"key": key, "platform": platform, "url": f"https://{platform}.example/p/{song}/{number}",
                 "author": author, "title": f"{title} {_TAGS[number % 7]}", "text": f"{hangul or title} 사랑을 담아",
                 "hashtags": json.dumps([song.replace("-", "")]), "language": _LANGUAGES[number % 6],
                 "published_at": iso(published), "first_seen_at": iso(published + timedelta(minutes=20)),
                 "source": platform}
            )  # fmt: skip
            _judgement(db, key, song, _TAGS[number % 7])
            for age in (1, 20):
                views = None if platform == "mastodon" else (number + 1) * 900 * age // (song_number + 1)
                db["readings"].insert(
                    {"post": key, "observed_at": iso(published + timedelta(hours=age)), "views": views,
                     "likes": 10 * number + age, "shares": number if number % 3 else None, "source": platform}
                )  # fmt: skip


def _judgement(db: Database, key: str, song: str, tag: str) -> None:
    evidence = json.dumps([{"name": "title", "words": song, "weight": 2.0}])
    db["mentions"].insert({"post": key, "song": song, "confidence": 0.93, "evidence": evidence})
    db["tags"].insert(
        {"post": key, "tag": tag, "confidence": 0.8, "by": "model", "version": "0", "probabilities": "{}"}
    )


def _hostile_post(db: Database) -> None:
    published = iso(NOW - timedelta(hours=9))
    db["posts"].insert(
        {"key": "x:h/1", "platform": "x", "url": "javascript:alert(1)", "author": None, "title": HOSTILE_TITLE,
         "text": HOSTILE_TEXT, "hashtags": "[]", "language": "en", "published_at": published,
         "first_seen_at": published, "source": "x"}
    )  # fmt: skip
    db["readings"].insert({"post": "x:h/1", "observed_at": published, "views": 9_000_000, "likes": -3, "source": "x"})
    db["tags"].insert(
        {"post": "x:h/1", "tag": "other", "confidence": 0.5, "by": "model", "version": "0", "probabilities": "{}"}
    )
    db["mentions"].insert({"post": "x:h/1", "song": "stay", "confidence": 0.7, "evidence": "[]"})
    db["possible_mentions"].insert({"post": "x:h/1", "song": "rain-letter", "confidence": 0.41, "evidence": "[]"})


def _scores(db: Database) -> None:
    for number, (song, *_, growth, score, state) in enumerate(_SONGS):
        for back in range(3):
            start = WEEK - timedelta(weeks=back)
            ranked = song != "unheard" and not (back and song == "old-harbour")
            rank = (number + 1 if not back else [2, 0, 1, 3, 4][number]) if ranked else None
            _score(db, song, "week", start, week_label(start), rank, growth - back, score / (1 + back), state)
        for back in range(1, 40):
            start = NOW.replace(hour=15) - timedelta(days=back)
            if not (song == "first-snow" and 8 < back < 12):  # days that nobody scored
                level = score / (1 + back / 4) + (back * 7 + number * 3) % 5
                _score(db, song, "day", start, day_label(start), None, growth - back / 10, level, state)
    for number, (standing, back) in enumerate((("confirmed", 2), ("raised", 3), ("withdrawn", 5), ("confirmed", 20))):
        raised = NOW - timedelta(days=back)
        db["alerts"].insert(
            {"song": _SONGS[number % 3][0], "raised_at": iso(raised), "score": 40 + number, "origin": "word of mouth",
             "confirmed_at": iso(raised + timedelta(hours=6)) if standing == "confirmed" else None,
             "withdrawn_at": iso(raised + timedelta(hours=9)) if standing == "withdrawn" else None,
             "sentence": f"{_SONGS[number % 3][1]} drew four times its usual posts within a day."}
        )  # fmt: skip


def _score(
    db: Database, song: str, period: str, start: datetime, label: str, rank: int | None, growth: float, score: float,
    state: str,
) -> None:  # fmt: skip
    db["trend_scores"].insert(
        {"song": song, "period": period, "start": iso(start), "label": label, "score": score, "rank": rank,
         "state": state, "surge": score / 2, "growth": score / 4, "breadth": score / 8, "engagement": score / 8,
         "posts": int(score * 2), "authors": int(score * 1.5), "coverage": 0.4 if song == "first-snow" else 1.0,
         "growth_log2": growth, "confidence": 0.8, "parts": "{}", "version": "1"}
    )  # fmt: skip


def _operations(db: Database) -> None:
    for hour in range(60):
        at = NOW - timedelta(hours=hour)
        for platform in ("mastodon", "youtube"):
            fraction = 0.2 if platform == "youtube" and 10 < hour < 16 else 1.0
            db["coverage"].insert(
                {
                    "platform": platform,
                    "hour": iso(at),
                    "fraction": fraction,
                    "noted_at": iso(at + timedelta(minutes=59)),
                }
            )
    db["runs"].insert_all(
        [
            {"source": "mastodon", "started_at": iso(NOW - timedelta(hours=1)), "finished_at": iso(NOW), "status": "ok",
             "seen": 800, "new": 300, "linked": 41, "error": None},
            {"source": "lemmy", "started_at": iso(NOW - timedelta(hours=2)), "finished_at": iso(NOW),
             "status": "failed", "seen": 0, "new": 0, "linked": 0, "error": "lemmy.world: no answer within 60 s"},
        ]
    )  # fmt: skip
    db["imports"].insert(
        {
            "checksum": "c0ffee",
            "version": "1",
            "file": "captures.ndjson",
            "finished_at": iso(NOW),
            "lines": 90,
            "posts": 80,
        }
    )


def pages(database: Path, *addresses: str, **headers: str) -> list[httpx.Response]:
    """The explorer's answers for `addresses`, in order."""
    return asyncio.run(_pages(open_explorer(database), addresses, headers))


def page(database: Path, address: str, **headers: str) -> httpx.Response:
    """The explorer's answer for one address."""
    return pages(database, address, **headers)[0]


async def _pages(explorer: Datasette, addresses: Iterable[str], headers: dict[str, str]) -> list[httpx.Response]:
    try:
        return [await explorer.client.get(address, headers=headers) for address in addresses]
    finally:
        close(explorer)


def close(explorer: Datasette) -> None:
    """End the threads and connections of an explorer; Datasette itself leaves that to the end of the process."""
    explorer.executor.shutdown()
    for database in explorer.databases.values():
        database.close()
