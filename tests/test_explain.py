"""A score explained: sentences a person would say, numbers that can be checked with a pocket calculator."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from scored_archive import database, jump, steady
from sqlite_utils import Database

from models.korean_time import HOUR, iso, moment
from tracker.cli import main
from tracker.config import Score
from tracker.explain import NoScore, explain, explain_parts
from tracker.explain_show import kind_of, show_lines, show_parts
from tracker.migrations import MIGRATIONS
from tracker.scoring import score

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


def recomputed(found: dict[str, Any]) -> dict[str, float]:
    """The four parts as a pocket calculator finds them from what `explain --json` prints; see docs/scoring.md."""
    parts, sure = found["parts"], found["parts"]["weighted"][2] / (found["parts"]["weighted"][2] + 4)
    points = dict.fromkeys(("surge", "growth", "breadth", "engagement"), 0.0)
    points["surge"] = 40 * min(sum(parts["surprise"]) / 3 / 6, 1) * sure
    growth = math.log2((parts["week"] + 7) / (parts["quiet"] + 7)) * parts.get("history", 1)
    points["growth"] = 30 * min(max(growth / 4, 0), 1) * sure
    if "spread" in parts:
        platforms, kinds, new, beyond = parts["spread"]
        wide, varied = (min((number - 1) / 3, 1) for number in (platforms, kinds))
        points["breadth"] = beyond * (8 * wide + 4 * varied + 3 * new) * sure
    if len(parts.get("views", ())) == 3:
        gain, usual, day = parts["views"]
        points["engagement"] = 15 * min(max(math.log2((gain + day) / (usual + day)) / 3, 0), 1) * sure
    elif "views" in parts and parts["views"][0] > parts["views"][1]:
        points["engagement"] = 15 * sure
    return points


def test_the_score_can_be_computed_again_from_the_printed_numbers() -> None:
    db = database()
    steady(db, 40)
    jump(db, 30)
    for number, (key, at) in enumerate(db.execute("select key, published_at from posts order by key").fetchall()):
        for age in (1, 20, 40):
            views = int(100 * (1 + number % 7) * age**0.5 * (1 + (number % 3) * age / 20))
            known = iso(moment(at) + age * HOUR)
            db.execute(
                "insert into readings (post, observed_at, views, source) values (?, ?, ?, 'file')", (key, known, views)
            )
    db.conn.commit()
    score(db, settings=Score())
    told: set[str] = set()
    hours = "select start from trend_scores where song = 'letter' and period = 'hour' and score > 5"
    for (start,) in db.execute(hours).fetchall():
        found = explain_parts(db, "letter", at=moment(start) + HOUR)
        points = recomputed(found)
        for name, value in points.items():
            assert value == pytest.approx(found[name], abs=0.15), (start, name)
        assert sum(points.values()) == pytest.approx(found["score"], abs=0.15), start
        told |= {name for name in points if found[name] > 0.3}
    assert told == {"surge", "growth", "breadth", "engagement"}


def test_every_line_of_arithmetic_gives_what_it_says(db: Database) -> None:
    parts = PARTS | {"views": [5200, 1300, 300], "spread": [2.2, 5.0, 0.7, 0.43]}
    db.execute("update trend_scores set parts = ?, engagement = 7.0, breadth = 3.2", [json.dumps(parts)])
    text = "\n".join(explain(db, "walk", at=None))
    assert "18.0 / (18.0 + 4) = 0.8182." in text
    assert "10.20 weighted people in 72 h, / 0.90 that a person usually weighs = 11 people." in text
    assert "0.43 x (8 x (2.20 - 1)/3 + 4 x 1 + 3 x 0.70) x 0.8182 = 3.2." in text
    assert pytest.approx(3.2, abs=0.1) == 0.43 * (8 * 1.2 / 3 + 4 + 2.1) * 0.8182
    assert "log2((5,200 + 300) / (1,300 + 300)) = 1.781, 300 being a usual day's gain; 15 x 1.781/3 x 0.8182" in text


def name_show(db: Database) -> None:
    db["artists"].insert({"id": "haru", "name": "Haru", "hangul": "하루", "aliases": "[]"})
    db["song_artists"].insert({"song": "walk", "artist": "haru", "position": 0})
    db["buzz"].insert_all(
        {"subject": subject, "day": day, "source": source, "posts": posts}
        for subject, day, source, posts in (
            ("d", "2026-11-20", "reddit_feed", 5), ("d", "2026-11-20", "mastodon", 7), ("d", "2026-11-14", "lemmy", 2),
            ("d", "2026-11-13", "lemmy", 40), ("d", "2026-10-17", "mastodon", 2), ("d", "2026-10-16", "lemmy", 99),
            ("d", "2026-11-21", "lemmy", 99), ("haru", "2026-11-19", "mastodon", 3), ("other", "2026-11-19", "x", 9),
        )
    )  # fmt: skip


def test_a_drama_is_explained_by_its_own_buzz_and_its_songs(db: Database) -> None:
    name_show(db)
    assert kind_of(db, "d") == "drama"
    found = show_parts(db, "d", "drama", at=None)
    assert [day["day"] for day in found["buzz"]["days"]] == [f"2026-11-{day}" for day in range(14, 21)]
    assert [day["posts"] for day in found["buzz"]["days"]] == [2, 0, 0, 0, 0, 0, 12]
    assert found["buzz"]["days"][-1]["sources"] == {"mastodon": 7, "reddit_feed": 5}
    assert found["buzz"]["before"] == {"days": 28, "posts": 42, "sources": {"lemmy": 40, "mastodon": 2}}
    assert [(song["song"], song["score"]) for song in found["songs"]] == [("walk", 33.0), ("silent", 0)]
    assert found["songs"][0]["week"]["rank"] == 3
    lines = show_lines(found)
    assert lines[0] == "Lovely Walker, drama, 2026-11-20 19:00 KST"
    assert "14 in the last 7 Korean days; 42 in the 28 days before, 10.5 in seven of them." in lines[1]
    assert "    2026-11-20: 12 (mastodon 7, reddit_feed 5)" in lines
    assert "    Walk (산책): 33 of 100, rising; week 2026-W46 number 3, 2.3 times its usual week." in lines
    assert "    Silent: 0 of 100, dormant." in lines


def test_an_artist_is_explained_alike_and_an_earlier_time_shows_earlier_days(db: Database) -> None:
    name_show(db)
    found = show_parts(db, "haru", "artist", at=None)
    assert (found["title"], sum(day["posts"] for day in found["buzz"]["days"])) == ("Haru", 3)
    assert [song["song"] for song in found["songs"]] == ["walk"]
    early = show_parts(db, "haru", "artist", at=datetime(2026, 11, 18, 20, tzinfo=UTC))
    assert early["buzz"]["days"][-1]["day"] == "2026-11-19"
    assert kind_of(db, "nobody") is None


def test_the_command_tells_songs_from_shows(db: Database, tmp_path: Path) -> None:
    name_show(db)
    file = tmp_path / "a.db"
    db.conn.commit()
    db.execute("vacuum into ?", [str(file)])

    def said(*arguments: str) -> str:
        result = CliRunner().invoke(main, ["--db", str(file), "explain", *arguments])
        assert result.exit_code == 0, result.output
        return result.stdout

    assert said("walk").startswith("Walk (산책), Lovely Walker")
    assert said("d").startswith("Lovely Walker, drama")
    assert json.loads(said("haru", "--json"))["kind"] == "artist"
    unknown = CliRunner().invoke(main, ["--db", str(file), "explain", "nope"])
    assert unknown.exit_code == 2
    assert "nope: no song has this id, nor has a drama or an artist" in unknown.stderr
