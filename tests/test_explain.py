"""A score explained: sentences a person would say, numbers that can be checked with a pocket calculator."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime

import pytest
from sqlite_utils import Database

from models.korean_time import HOUR, iso, moment
from tracker.explain import NoScore, explain, explain_parts
from tracker.migrations import MIGRATIONS

PARTS = {
    "people": [6, 18, 21],
    "weighted": [5.6, 16.4, 18.0],
    "expected": [0.8, 3.6, 10.2],
    "surprise": [2.31, 3.4, 0.92],
    "per_head": 0.9,
    "week": 41.0,
    "quiet": 9.0,
    "spread": [2.2, 1.6, 0.7, 0.43],
    "views": [5200, 1300],
}


@pytest.fixture
def db() -> Database:
    db = Database(memory=True)
    MIGRATIONS.apply(db)
    db["dramas"].insert({"id": "d", "title": "Lovely Walker", "aliases": "[]"})
    songs = [("walk", "Walk", "산책"), ("silent", "Silent", None)]
    db["songs"].insert_all(
        {"id": song, "title": title, "hangul": hangul, "drama": "d", "ambiguous": 0, "aliases": "[]"}
        for song, title, hangul in songs
    )
    db["meta"].insert({"key": "scored_until", "value": "2026-11-20T10:00:00Z"})
    common = {"song": "walk", "state": "rising", "coverage": 0.9, "version": "trend-1", "confidence": 0.8182}
    db["trend_scores"].insert(
        common
        | {"period": "hour", "start": "2026-11-20T09:00:00Z", "label": "2026-11-20T18", "score": 33.0, "rank": 1}
        | {"surge": 12.1, "growth": 9.7, "breadth": 1.9, "engagement": 9.3, "posts": 2, "authors": 2}
        | {"growth_log2": 1.585, "parts": json.dumps(PARTS)}
    )
    db["trend_scores"].insert(
        common
        | {"period": "week", "start": "2026-11-08T15:00:00Z", "label": "2026-W46", "score": 11.0, "rank": 3}
        | {"surge": 2, "growth": 9, "breadth": 0, "engagement": 0, "posts": 30, "authors": 22}
        | {"growth_log2": 1.2, "parts": '{"week": 30.0, "quiet": 9.0, "per_head": 0.9}'}
    )
    db["alerts"].insert(
        {"song": "walk", "raised_at": "2026-11-20T02:00:00Z", "confirmed_at": "2026-11-20T09:00:00Z", "score": 20.0}
        | {"sentence": "9 people in 24 h where 3 were expected"}
    )
    return db


def test_it_says_who_came_and_who_was_expected(db: Database) -> None:
    text = "\n".join(explain(db, "walk", at=None))
    assert "Walk (산책), Lovely Walker" in text
    assert "2026-11-20 19:00 KST: 33 of 100, rising, number 1 of the hour." in text
    assert "18 people in 24 h where 4 were expected" in text
    assert "70% are new to the song" in text
    assert "5,200 views" in text
    assert "3.0 times" in text
    assert "Week 2026-W46: number 3 of the chart, 2.3 times its usual week, 30 posts by 22 people." in text
    assert "confirmed 2026-11-20 18:00 KST" in text


def test_the_arithmetic_it_prints_is_right(db: Database) -> None:
    text = "\n".join(explain(db, "walk", at=None))
    (total,) = re.findall(r"Sum: ([\d.+ ]+) = (\d+\.?\d*)", text)
    assert sum(float(part) for part in total[0].split("+")) == pytest.approx(float(total[1]))
    surge = re.search(r"40 x ([\d.]+)/6 x confidence ([\d.]+) = (\d+\.?\d*)", text)
    assert surge
    assert 40 * float(surge[1]) / 6 * float(surge[2]) == pytest.approx(float(surge[3]), abs=0.1)
    growth = re.search(r"log2\(\(([\d.]+) \+ 7\) / \(([\d.]+) \+ 7\)\) = (\d+\.?\d*)", text)
    assert growth
    assert math.log2((float(growth[1]) + 7) / (float(growth[2]) + 7)) == pytest.approx(float(growth[3]), abs=0.01)


def test_what_was_not_measured_is_said_to_be_so(db: Database) -> None:
    parts = {name: value for name, value in PARTS.items() if name not in ("views", "spread")} | {"history": 0.4}
    db.execute("update trend_scores set parts = ?, engagement = 0, breadth = 0", [json.dumps(parts)])
    text = "\n".join(explain(db, "walk", at=None))
    assert "Engagement 0 of 15: not measured" in text
    assert "Too new to compare" in text


def test_a_silent_song_has_score_nought_and_no_parts(db: Database) -> None:
    text = "\n".join(explain(db, "silent", at=None))
    assert "0 of 100, dormant" in text
    assert explain_parts(db, "silent", at=None)["parts"] is None


def test_an_earlier_time_knows_nothing_of_what_came_after(db: Database) -> None:
    found = explain_parts(db, "walk", at=datetime(2026, 11, 20, 5, 30, tzinfo=UTC))
    assert found["end"] == "2026-11-20T05:00:00Z"
    assert found["score"] == 0
    assert found["alerts"][0]["confirmed_at"] is None


def see(db: Database, number: int, at: datetime, *, author: str, cluster: str | None = None) -> None:
    key = f"x:{number}"
    post = {"key": key, "platform": "x", "author": author, "hashtags": "[]", "source": "file"}
    db["posts"].insert(post | {"published_at": iso(at), "first_seen_at": iso(at)})
    db["mentions"].insert({"post": key, "song": "walk", "confidence": 0.9, "evidence": "[]"})
    if cluster:
        db["copies"].insert({"post": key, "cluster": cluster, "exact": b"12345678"})


def test_posts_distinct_posts_and_people_are_told_apart(db: Database) -> None:
    end = moment("2026-11-20T10:00:00Z")
    for number in range(4):
        see(db, number, end - HOUR * number * 5 - HOUR / 2, author=f"a{number % 3}", cluster="x:0" if number else "x:3")
    see(db, 8, end, author="too late")
    see(db, 9, end - 73 * HOUR, author="too early")
    text = "\n".join(explain(db, "walk", at=None))
    assert "Seen in 72 h: 4 posts, 2 distinct, by 3 authors." in text
    assert "Sign of a flood" not in text
    found = explain_parts(db, "walk", at=None)
    assert found["seen"] == {"posts": 4, "distinct_posts": 2, "authors": 3, "signs": []}
    assert found["week"]["seen"] is None


def test_signs_of_a_flood_are_told_for_the_hour_and_for_the_week(db: Database) -> None:
    hour, week = moment("2026-11-20T09:00:00Z"), moment("2026-11-10T00:00:00Z")
    for number in range(30):
        see(db, number, hour - HOUR * number, author="loud", cluster="x:0")
        see(db, 100 + number, week + HOUR * number * number / 9, author=f"a{number}", cluster="x:100")
    text = explain(db, "walk", at=None)
    assert "    Sign of a flood: 30 posts come from 1 account." in text
    assert "    Sign of a flood: 30 of 30 posts (100%) are copies of one text." in text
    told = next(line for line in text if line.startswith("Week"))
    assert told.endswith("30 posts (1 distinct) by 22 people.")
    assert text.index(told) < len(text) - text[::-1].index(
        "    Sign of a flood: 30 of 30 posts (100%) are copies of one text."
    )
    db.execute("delete from mentions where post = 'x:100'")
    assert any("30 posts (1 distinct of the 29 still held)" in line for line in explain(db, "walk", at=None))


def test_an_unknown_song_and_an_unscored_time_are_said_plainly(db: Database) -> None:
    with pytest.raises(NoScore, match="nope: no song has this id"):
        explain(db, "nope", at=None)
    with pytest.raises(LookupError, match="nothing was scored by 2020"):
        explain(db, "walk", at=datetime(2020, 1, 1, tzinfo=UTC))
    db.execute("delete from meta")
    with pytest.raises(NoScore, match="run ostpulse score first"):
        explain(db, "walk", at=None)
