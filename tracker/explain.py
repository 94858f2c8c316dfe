"""A score as a person would say it, with the numbers behind each part and the arithmetic, from stored rows alone."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from models.complaint import Complaint
from models.flood import crowd, signs
from models.korean_time import HOUR, KST, WEEK, WEEK_CLOSES_AFTER, hour_of, iso, moment
from models.trends.breadth import KIND_POINTS, NEW_POINTS, PLATFORM_POINTS
from models.trends.engagement import FULL_MARKS
from models.trends.level import ONE_A_DAY
from models.trends.scores import (
    BREADTH_POINTS,
    DOUBT,
    ENGAGEMENT_POINTS,
    FULL_GROWTH,
    FULL_SURPRISE,
    GROWTH_POINTS,
    SURGE_POINTS,
)
from models.trends.sentence import people_in, plain
from models.trends.surprise import EVIDENCE, WINDOWS
from tracker.store import get_meta
from tracker.store_copies import posts_of, usual_languages

COLUMNS = (
    "song", "period", "start", "label", "score", "rank", "state", "surge", "growth", "breadth", "engagement", "posts",
    "authors", "coverage", "growth_log2", "confidence", "parts", "version",
)  # fmt: skip

SEEN_HOURS = WINDOWS[-1]
"""The window in which posts, distinct posts and authors are counted: the longest that surprise looks at."""


class NoScore(Complaint, LookupError):
    """There is nothing to explain: the song is unknown, or nothing was scored at that time."""


def explain(db: Database, song: str, *, at: datetime | None) -> list[str]:
    """Lines of text about the last hour scored by `at` (None: of all). Raises NoScore."""
    found = explain_parts(db, song, at=at)
    lines = [_title(found), _standing(found)]
    lines += _crowd(found)
    if _anybody(found):
        lines += ["", *_surge(found), *_growth(found), *_breadth(found), *_engagement(found), _sum(found)]
    return lines + _week(found) + _alerts(found)


def explain_parts(db: Database, song: str, *, at: datetime | None) -> dict[str, Any]:
    """Everything `explain` says, as stored: the hour's row, the last closed week's and the last alerts.

    An hour that was not stored (see the contract) is given as score 0 with `parts` None. `seen` (of the row's last 72
    hours) and `week.seen` count the posts still held, None where there are none. Raises NoScore.
    """
    place = _hour(db, at)
    title = db.execute(
        "select songs.title, songs.hangul, dramas.title from songs join dramas on dramas.id = drama where songs.id = ?",
        [song],
    ).fetchone()
    if title is None:
        raise NoScore(f"{song}: no song has this id; ostpulse songs lists them")
    end = iso(place + HOUR)
    row = _row(db, "period = 'hour' and song = ? and start = ?", [song, iso(place)]) or _silent(db, song, place)
    week = _row(db, "period = 'week' and song = ? and start <= ? order by start desc", [song, _last_week(end)])
    alerts = db.execute(
        "select raised_at, confirmed_at, withdrawn_at, sentence from alerts where song = ? and raised_at <= ?"
        " order by raised_at desc limit 3",
        [song, end],
    ).fetchall()
    names = ("raised_at", "confirmed_at", "withdrawn_at", "sentence")
    told = [dict(zip(names, alert, strict=True)) for alert in alerts]
    for alert in told:
        for name in ("confirmed_at", "withdrawn_at"):
            alert[name] = alert[name] if alert[name] and alert[name] <= end else None
    head = {"title": title[0], "hangul": title[1], "drama": title[2], "end": end}
    seen = _seen(db, song, place + HOUR - SEEN_HOURS * HOUR, place + HOUR, known=place + HOUR - timedelta(seconds=1))
    if week:
        start = moment(week["start"])
        week["seen"] = _seen(db, song, start, start + WEEK, known=start + WEEK + WEEK_CLOSES_AFTER)
    return {**head, **row, "seen": seen, "week": week, "alerts": told}


def _seen(db: Database, song: str, start: datetime, end: datetime, *, known: datetime) -> dict[str, Any] | None:
    """Posts, distinct posts, authors and signs of a flood among what was published from `start` to `end`."""
    posts = posts_of(db, song, start=start, end=end, known=known)
    if not posts:
        return None
    found = signs(posts, usual_languages(db, song, before=start, known=known))
    return {**asdict(crowd(posts)), "signs": [asdict(sign) for sign in found]}


def _hour(db: Database, at: datetime | None) -> datetime:
    """The start of the last hour scored by `at`."""
    until = get_meta(db, "scored_until")
    if until is None:
        raise NoScore("nothing was scored yet: run ostpulse score first")
    last = moment(until)
    end = min(hour_of(at), last) if at else last
    first = db.execute("select min(start) from trend_scores").fetchone()[0]
    if first is None or iso(end) <= first:
        raise NoScore(f"nothing was scored by {iso(end)}: the first scored hour begins at {first}")
    return end - HOUR


def _last_week(end: str) -> str:
    """The latest start a week closed by `end` can have."""
    return iso(moment(end) - WEEK - WEEK_CLOSES_AFTER)


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


def _title(found: dict[str, Any]) -> str:
    hangul = f" ({found['hangul']})" if found["hangul"] else ""
    return f"{found['title']}{hangul}, {found['drama']}"


def _standing(found: dict[str, Any]) -> str:
    rank = f", number {found['rank']} of the hour" if found["rank"] else ""
    line = f"{_when(found['end'])}: {found['score']:g} of 100, {found['state']}{rank}."
    if not _anybody(found):
        return f"{line} Nobody was seen posting about it in the three days before."
    line += f" {found['coverage']:.0%} of what should have been collected in 24 h was."
    return line


def _anybody(found: dict[str, Any]) -> bool:
    return "people" in (found["parts"] or {})


def _crowd(found: dict[str, Any]) -> list[str]:
    seen = found["seen"]
    if seen is None:
        return []
    counted = f"{_counted(seen['posts'], 'post')}, {seen['distinct_posts']:,} distinct"
    return [f"Seen in {SEEN_HOURS} h: {counted}, by {_counted(seen['authors'], 'author')}.", *_flood(seen)]


def _flood(seen: Mapping[str, Any]) -> list[str]:
    return [f"    Sign of a flood: {sign['sentence']}" for sign in seen["signs"]]


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _surge(found: dict[str, Any]) -> list[str]:
    parts = found["parts"]
    surprise = parts["surprise"]
    seen = "; ".join(
        f"{people_in(parts, window)} ({_chance(surprise[window])})" for window in reversed(range(len(WINDOWS)))
    )
    mean = sum(surprise) / len(surprise)
    lines = [
        f"Surge {found['surge']:g} of {SURGE_POINTS:g}: {seen}.",
        f"    Mean surprise ({' + '.join(f'{one:.2f}' for one in surprise)}) / 3 = {mean:.2f};"
        f" {SURGE_POINTS:g} x {min(mean, FULL_SURPRISE):.2f}/{FULL_SURPRISE:g} x confidence {found['confidence']:.2f}"
        f" = {found['surge']:g}.",
        f"    Confidence: {parts['weighted'][2]:.1f} weighted people in 72 h, n/(n + {DOUBT:g}).",
    ]
    if max(parts["weighted"]) < EVIDENCE:
        lines.append(f"    Fewer than {EVIDENCE:g} weighted people: no window may count for more than 1.")
    return lines


def _chance(surprise: float) -> str:
    if surprise < 0.3:
        return "as usual"
    once = 10**surprise
    if once >= 1e6:
        return "by chance less than once in a million"
    digits = 10 ** max(math.floor(surprise) - 1, 0)
    return f"by chance once in {round(once / digits) * digits:,}"


def _growth(found: dict[str, Any]) -> list[str]:
    parts, growth = found["parts"], found["growth_log2"]
    usual = "a busy song's quiet week, for want of one of its own," if "borrowed" in parts else "its quiet week"
    history = f" x {parts['history']:.2f} of the history needed" if "history" in parts else ""
    counted = min(max(growth, 0), FULL_GROWTH)
    lines = [
        f"Growth {found['growth']:g} of {GROWTH_POINTS:g}: {plain(parts['week'])} weighted people in 7 days, {usual}"
        f" has {plain(parts['quiet'])}: {2**growth:.1f} times.",
        f"    log2(({parts['week']:.1f} + {ONE_A_DAY:g}) / ({parts['quiet']:.1f} + {ONE_A_DAY:g})){history}"
        f" = {growth:.2f}; {GROWTH_POINTS:g} x {counted:.2f}/{FULL_GROWTH:g} x {found['confidence']:.2f}"
        f" = {found['growth']:g}.",
    ]
    if "history" in parts:
        lines.append("    Too new to compare: tracked for less than 21 days.")
    return lines


def _breadth(found: dict[str, Any]) -> list[str]:
    spread = found["parts"].get("spread")
    if spread is None:
        return [f"Breadth 0 of {BREADTH_POINTS:g}: nobody beyond those expected."]
    platforms, kinds, new, beyond = spread
    return [
        f"Breadth {found['breadth']:g} of {BREADTH_POINTS:g}: {beyond:.0%} of the people are beyond those expected;"
        f" they spread like {platforms:.1f} equal platforms and {kinds:.1f} kinds of posts;"
        f" {new:.0%} are new to the song.",
        f"    {beyond:.2f} x ({PLATFORM_POINTS:g} x {_third(platforms):.2f} + {KIND_POINTS:g} x {_third(kinds):.2f}"
        f" + {NEW_POINTS:g} x {new:.2f}) x {found['confidence']:.2f} = {found['breadth']:g}.",
    ]


def _third(number: float) -> float:
    return min(max((number - 1) / 3, 0.0), 1.0)


def _engagement(found: dict[str, Any]) -> list[str]:
    views = found["parts"].get("views")
    if views is None:
        return [f"Engagement 0 of {ENGAGEMENT_POINTS:g}: not measured (no post was read twice, or too few peers were)."]
    gain, usual = views
    return [
        f"Engagement {found['engagement']:g} of {ENGAGEMENT_POINTS:g}: its posts gained {gain:,} views in 24 h where"
        f" posts of their age usually gain {usual:,}; {2**FULL_MARKS:g} times the usual would be full marks."
    ]


def _sum(found: dict[str, Any]) -> str:
    parts = [found[name] for name in ("surge", "growth", "breadth", "engagement")]
    return f"Sum: {' + '.join(f'{part:g}' for part in parts)} = {found['score']:g}. Method {found['version']}."


def _week(found: dict[str, Any]) -> list[str]:
    week = found["week"]
    if week is None:
        return []
    rank = f"number {week['rank']} of the chart" if week["rank"] else "not on the chart"
    line = f"Week {week['label']}: {rank}, {2 ** week['growth_log2']:.1f} times its usual week,"
    seen = week["seen"]
    held = f" of the {seen['posts']:,} still held" if seen and seen["posts"] != week["posts"] else ""
    distinct = f" ({seen['distinct_posts']:,} distinct{held})" if seen else ""
    told = f"{line} {week['posts']} posts{distinct} by {week['authors']} people."
    return ["", told, *(_flood(seen) if seen else [])]


def _alerts(found: dict[str, Any]) -> list[str]:
    return [
        f"Alert {_when(alert['raised_at'])}: {alert['sentence']}; "
        + (
            f"withdrawn {_when(alert['withdrawn_at'])}"
            if alert["withdrawn_at"]
            else f"confirmed {_when(alert['confirmed_at'])}"
            if alert["confirmed_at"]
            else "not confirmed yet"
        )
        + "."
        for alert in found["alerts"]
    ]


def _when(text: str) -> str:
    return moment(text).astimezone(KST).strftime("%Y-%m-%d %H:%M KST")
