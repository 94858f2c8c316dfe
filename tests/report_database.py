"""A hand-written database for the report's tests: twelve weeks, five songs, an outage, hostile and Hangul text."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from models.korean_time import DAY, HOUR, WEEK, day_label, iso, week_label, week_start
from tracker.migrations import MIGRATIONS

WEEKS = tuple(f"2026-W{number}" for number in range(35, 47))
LAST = WEEKS[-1]
HOSTILE = (
    "<script>alert(1)</script> \u202egnp.exe [x](javascript:alert(1)) {{7*7}} `| a | b |` --> \x00\x07\"'><img src=x>"
)

LONG_TITLE = "A Lamp Left On for Everyone Who Comes Home Very Late on a Night Like This One, Part Two"

SONGS = {
    "snow": ("First Snow Promise", "첫눈 약속", "harbour", "2026-09-20", ("mina",)),
    "tide": ("Tide", "밀물", "harbour", "2026-11-10", ("duo-han",)),
    "lamp": (LONG_TITLE, "등불", "lane", "2017", ("mina", "duo-han")),
    "quiet": ("Quiet", None, "lane", "2019-05", ("duo-han",)),
    "evil": ('=Evil "<b>&amp;</b>" \u202e', "나쁜", "lane", None, ()),
}  # fmt: skip

RANKS: dict[str, tuple[int | None, ...]] = {
    "snow": (*(None,) * 3, 3, 3, 2, 2, 2, 1, 1, 2, 1),
    "tide": (*(None,) * 11, 2),
    "lamp": (4, 4, 5, 5, 5, 5, 5, 4, 4, 4, 4, 3),
    "quiet": (1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 1, 4),
    "evil": (2, 2, 2, 2, 2, 3, 3, 3, 3, None, None, 5),
}
SPREAD = {"snow": [3.4, 2, 0.5, 0.6], "tide": [3, 1, 0.5, 0.2], "lamp": [1.2, 1, 0.1, 0.4]}
"""As scoring stores it: platforms, kinds, share of new people, share beyond those expected."""
GROWTH = {1: 2.5, 2: 1.8, 3: 1.2, 4: 0.3, 5: -0.2}


def build(*, fillers: int = 0) -> Database:
    """The whole database, scored until the Tuesday after its last week; `fillers` more songs rank below the five."""
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    _catalogue(db)
    _fill(db, fillers)
    for number, label in enumerate(WEEKS):
        _scores(db, label, {song: ranks[number] for song, ranks in RANKS.items()})
    _posts(db)
    _collection(db)
    closes = week_start(LAST) + WEEK + 33 * HOUR
    db.table("meta").insert({"key": "scored_until", "value": iso(closes)})
    return db


def empty() -> Database:
    """A scored week in which no song was seen."""
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    _catalogue(db)
    _scores(db, LAST, dict.fromkeys(SONGS))
    db.table("meta").insert({"key": "scored_until", "value": "2026-11-30T00:00:00Z"})
    return db


def _catalogue(db: Database) -> None:
    none = {"aliases": "[]"}
    db.table("dramas").insert_all(
        [
            {"id": "harbour", "title": "Harbour Lights", "hangul": "항구의 불빛", "network": "tvN",
             "first_aired": "2026-09-19", "last_aired": "2026-11-14", **none},
            {"id": "lane", "title": "The Lane", "hangul": "골목", "network": None, "first_aired": None,
             "last_aired": None, **none},
        ]
    )  # fmt: skip
    db.table("artists").insert_all(
        [{"id": "mina", "name": "Mina Seo", "hangul": "서미나", "kind": "soloist", "member_of": None, **none},
         {"id": "duo-han", "name": "Duo Han", "hangul": "두오한", "kind": "duo", "member_of": None, **none}]
    )  # fmt: skip
    for song, (title, hangul, drama, released, artists) in SONGS.items():
        db.table("songs").insert(
            {"id": song, "title": title, "hangul": hangul, "drama": drama, "part": None, "released": released,
             "language": "ko", "ambiguous": 0, "tracked_since": None, **none}
        )  # fmt: skip
        db.table("song_artists").insert_all(
            {"song": song, "artist": artist, "position": n} for n, artist in enumerate(artists)
        )
    db.table("events").insert_all(
        [
            {"id": 1, "subject": "mina", "date": "2026-11-13", "kind": "live_performance", "note": HOSTILE},
            {"id": 2, "subject": "lamp", "date": "2026-11-09", "kind": "award", "note": "Best old song"},
        ]
    )


def _fill(db: Database, fillers: int) -> None:
    """Songs filler-6, filler-7 ... that always hold their rank; every fourth one is new this week and rising."""
    for rank in range(6, 6 + fillers):
        song = f"filler-{rank}"
        db.table("songs").insert(
            {"id": song, "title": f"Filler {rank}", "hangul": None, "drama": "lane", "part": None,
             "released": "2026-08", "language": "ko", "ambiguous": 0, "tracked_since": None, "aliases": "[]"}
        )  # fmt: skip
        shared = {"rank": rank, "score": 8.0, "growth": 8.0, "posts": 5, "authors": 5, "growth_log2": -rank / 20,
                  "confidence": 0.5, "state": "steady" if rank % 4 else "rising"}  # fmt: skip
        weeks = WEEKS if rank % 4 else WEEKS[-1:]
        db.table("trend_scores").insert_all(score_row(song, "week", week_start(label), **shared) for label in weeks)


def score_row(song: str, period: str, start: datetime, **changes: Any) -> dict[str, Any]:
    """A row of trend_scores in which nothing happened, but for `changes`."""
    label = week_label(start) if period == "week" else day_label(start)
    row = {"song": song, "period": period, "start": iso(start), "label": label, "score": 0.0, "rank": None,
           "state": "dormant", "surge": 0.0, "growth": 0.0, "breadth": 0.0, "engagement": 0.0, "posts": 0,
           "authors": 0, "coverage": 1.0, "growth_log2": 0.0, "confidence": 0.0, "parts": "{}",
           "version": "1"}  # fmt: skip
    return row | changes


def _scores(db: Database, label: str, ranks: dict[str, int | None]) -> None:
    start = week_start(label)
    rows = []
    for song, rank in ranks.items():
        figures: dict[str, Any] = {"state": "steady"} if rank is None else {
            "rank": rank, "score": 60.0 / rank, "growth": 40.0 / rank, "surge": 20.0 / rank, "state": "rising",
            "posts": 42 // rank, "authors": 36 // rank, "growth_log2": GROWTH[rank], "confidence": 0.9 - rank / 10,
        }  # fmt: skip
        rows.append(score_row(song, "week", start, **figures))
        for day in range(7):
            busy = (42 // rank) // 7 + (3 if day == 4 else 0) if rank else 0
            parts = json.dumps({"weighted": [1, 2, 9], "spread": SPREAD[song]} if rank and song in SPREAD else {})
            counts = {"posts": busy, "authors": max(0, busy - 1), "parts": parts}
            rows.append(score_row(song, "day", start + DAY * day, **counts))
    db.table("trend_scores").insert_all(rows)


def add_post(db: Database, key: str, song: str, *, at: datetime, **changes: Any) -> None:
    """A post on `song`, with a reading where `views` is given and a cover where no `tag` is."""
    tag, views = changes.pop("tag", "cover"), changes.pop("views", None)
    known = changes.pop("known", at)
    post = {"key": key, "platform": key.split(":")[0], "url": f"https://example.org/{key.split(':')[1]}",
            "author": key, "title": f"post {key}", "text": None, "hashtags": "[]", "sound": None, "language": "en",
            "published_at": iso(at), "first_seen_at": iso(known), "source": "import"}  # fmt: skip
    db.table("posts").insert(post | changes)
    db.table("mentions").insert({"post": key, "song": song, "confidence": 0.95, "evidence": "[]"})
    db.table("tags").insert(
        {"post": key, "tag": tag, "confidence": 0.9, "by": "model", "version": "1", "probabilities": "{}"}
    )
    if views is not None:
        add_reading(db, key, known, views)


def add_reading(db: Database, key: str, at: datetime, views: int) -> None:
    """What a source said of a post at `at`."""
    db.table("readings").insert(
        {
            "post": key,
            "observed_at": iso(at),
            "views": views,
            "likes": None,
            "comments": None,
            "shares": None,
            "source": "import",
        }
    )


def _posts(db: Database) -> None:
    monday = week_start(LAST)
    kinds = (
        ("cover", "youtube", "ko"),
        ("edit", "tiktok", "en"),
        ("challenge", "tiktok", "id"),
        ("reaction", "mastodon", "th"),
    )
    for n in range(40):
        tag, platform, language = kinds[n % 4]
        song = "snow" if n % 3 else "tide"
        add_post(db, f"{platform}:n{n}", song, at=monday + HOUR * (4 * n), tag=tag, views=100 * n, language=language)
    for n in range(12):
        add_post(db, f"youtube:old{n}", "quiet", at=monday - DAY * (n + 1), views=n)
    for n in range(20):
        add_post(
            db, f"youtube:lamp{n}", "lamp", at=monday + HOUR * n, author=f"flood{n % 3}", tag="edit", language="ko"
        )
    add_post(db, "mastodon:evil", "evil", at=monday + DAY * 6, title=HOSTILE, url="javascript:alert(1)",
             tag="reaction", views=10_000_000, language="ar")  # fmt: skip
    add_post(db, "mastodon:quote", "evil", at=monday + DAY * 6 + HOUR, title="  ", text='=HYPERLINK("http://x")',
             url='https://e.org/"><script>', tag="challenge", views=9_999_999)  # fmt: skip
    add_post(
        db,
        "youtube:late",
        "snow",
        at=monday + DAY,
        known=monday + timedelta(days=20),
        title="known too late",
        views=10**9,
    )
    add_reading(db, "youtube:n4", monday + timedelta(days=20), 10**9)


def _collection(db: Database) -> None:
    monday = week_start(LAST)
    db.table("coverage").insert_all(
        {"platform": "tiktok", "hour": iso(monday + DAY * 2 + HOUR * n), "fraction": 0.0,
         "noted_at": iso(monday + DAY * 3 + HOUR)}
        for n in range(24)
    )  # fmt: skip
    db.table("runs").insert_all(
        [
            {"source": "mastodon", "started_at": iso(monday + DAY * n), "finished_at": iso(monday + DAY * n + HOUR),
             "status": "failed" if n == 3 else "ok", "seen": 100, "new": 80, "linked": 4,
             "error": HOSTILE if n == 3 else None}
            for n in range(8)
        ]
    )  # fmt: skip
    db.table("seen_counts").insert({"source": "mastodon", "hour": iso(monday), "posts": 640})
    db.table("alerts").insert_all(
        [
            {"song": "tide", "raised_at": iso(monday + DAY * 5), "confirmed_at": iso(monday + DAY * 5 + 6 * HOUR),
             "withdrawn_at": None, "score": 31.0, "origin": "word of mouth",
             "sentence": "18 people in 24 h, 4 expected"},
            {"song": "evil", "raised_at": iso(monday + DAY * 6), "confirmed_at": iso(monday + DAY * 30),
             "withdrawn_at": None, "score": 20.0, "origin": None, "sentence": HOSTILE},
        ]
    )  # fmt: skip


def cut_collection(db: Database, label: str, coverage: float = 0.4) -> None:
    """Make a week one of an outage, as scoring would have stored it."""
    db.execute("update trend_scores set coverage = ? where period = 'week' and label = ?", [coverage, label])
