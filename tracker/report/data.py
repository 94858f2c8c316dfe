"""The report as data: one JSON file, and CSV tables that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from models.post import TAGS
from tracker.report.facts import SongWeek
from tracker.report.plain_text import cell
from tracker.report.report import Report
from tracker.report.wording import confidence_word, movement, years_since


def render_json(report: Report) -> str:
    """The whole report; texts stand as collected, so whoever shows them must escape them."""
    facts, week = report.facts, report.week
    content: dict[str, Any] = {
        "week": week.label,
        **{name: value for name, value in week.moments().items() if name in ("start", "end", "closes", "last")},
        "demo": report.demo,
        "first_week": facts.first_week,
        "tracked_songs": facts.tracked,
        "openings": [asdict(line) for line in report.openings],
        "chart": [_song(one, report) for one in facts.songs],
        "sections": {
            name: [one.song.id for one in getattr(report, name)]
            for name in ("climbers", "fallers", "debuts", "re_entries", "returns", "everywhere", "one_place")
        }
        | {"early": [one.song.id for one in report.early], "unchanged": [one.song.id for one in report.unchanged]},
        "shows": [
            {**_without(asdict(show), "songs"), "songs": [one.song.id for one in show.songs]} for show in report.shows
        ],
        "platforms": [asdict(one) for one in facts.platforms],
        "sources": [asdict(one) for one in facts.sources],
        "languages": [asdict(one) for one in facts.languages],
        "first_covers": [_named(asdict(one)) for one in facts.first_covers],
        "alerts": [_named(asdict(one)) for one in facts.alerts],
        "examples": [asdict(one) for one in facts.examples],
        "corrections": [asdict(one) for one in facts.corrections],
        "versions": facts.versions,
        "notes": list(report.notes),
        "queries": report.queries,
    }
    return json.dumps(content, ensure_ascii=False, indent=1, default=list) + "\n"


def _without(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "song": values["song"]["id"]}


def _song(one: SongWeek, report: Report) -> dict[str, Any]:
    move = movement(one)
    values = asdict(one)
    return {
        **values,
        "song": _without(values["song"], "subjects"),
        "movement": move.kind,
        "places": move.places,
        "times_usual": round(one.times_usual, 4),
        "confidence_word": confidence_word(one),
        "ranks": report.facts.ranks[one.song.id],
    }


def csv_tables(report: Report) -> dict[str, str]:
    """CSV text by table name: chart, ranks, days, tags, languages, platforms, alerts."""
    facts = report.facts
    weeks = sorted({label for ranks in facts.ranks.values() for label in ranks})
    return {
        "chart": _csv(_CHART, (_chart_row(one, report) for one in facts.songs)),
        "ranks": _csv(
            ("song", "title", *weeks),
            (
                (one.song.id, one.song.title, *(facts.ranks[one.song.id].get(label) for label in weeks))
                for one in facts.songs
            ),
        ),
        "days": _csv(
            ("song", "day", "posts", "authors", "coverage"),
            (
                (one.song.id, day.day, day.posts, day.authors, day.coverage)
                for one in facts.chart
                for day in facts.days.get(one.song.id, ())
            ),
        ),
        "tags": _csv(
            ("song", *TAGS, "untagged"),
            ((one.song.id, *(one.tags.get(tag, 0) for tag in (*TAGS, "untagged"))) for one in facts.chart),
        ),
        "languages": _csv(
            ("language", "posts", "last_week"),
            ((one.language, one.posts, None if facts.has_gap else one.last_week) for one in facts.languages),
        ),
        "platforms": _csv(
            ("platform", "days_covered", "posts", "authors"),
            ((one.platform, round(one.days_covered, 4), one.posts, one.authors) for one in facts.platforms),
        ),
        "alerts": _csv(
            ("song", "raised_at", "confirmed_at", "withdrawn_at", "score", "origin", "sentence"),
            (
                (a.song.id, a.raised_at, a.confirmed_at, a.withdrawn_at, a.score, a.origin, a.sentence)
                for a in facts.alerts
            ),
        ),
    }


_CHART = (
    "rank", "last_week", "movement", "places", "peak", "peak_week", "weeks", "song", "title", "hangul", "artists",
    "drama", "released", "years_old", "times_usual", "score", "surge", "growth", "breadth", "engagement", "posts",
    "distinct_posts", "authors", "share_of_posts", "coverage", "state", "confidence",
    "flood",
)  # fmt: skip


def _chart_row(one: SongWeek, report: Report) -> Sequence[object]:
    move = movement(one)
    total = sum(each.posts for each in report.facts.chart)
    until = date.fromisoformat(report.week.days[-1])
    return (
        one.rank, one.last_rank, move.kind, move.places, one.peak, one.peak_week, one.weeks, one.song.id,
        one.song.title, one.song.hangul, one.song.artists, one.song.drama, one.song.released,
        years_since(one.song.released, until), round(one.times_usual, 4), one.score, one.surge, one.growth,
        one.breadth, one.engagement, one.posts, one.distinct_posts, one.authors,
        round(one.posts / total, 4) if total else None, one.coverage, one.state, confidence_word(one),
        "; ".join(sign.name for sign in one.flood),
    )  # fmt: skip


def _csv(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heading)
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue()
