"""Reads one week of the database into `Facts`, in one read transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlite_utils import Database

from models.korean_time import day_label, moment
from tracker.report.coverage import covered_days
from tracker.report.examples import choose_examples
from tracker.report.facts import (
    Alert,
    Correction,
    DayCount,
    Facts,
    FirstCover,
    LanguageWeek,
    Near,
    PlatformWeek,
    Song,
    SourceWeek,
)
from tracker.report.nearness import events_of_songs, near
from tracker.report.queries import ask
from tracker.report.song_weeks import song_weeks
from tracker.report.week import ReportWeek

Row = Mapping[str, Any]


@contextmanager
def one_moment(db: Database) -> Iterator[None]:
    """Everything read inside is of one state of the database, whatever is written meanwhile."""
    if db.conn.in_transaction:
        yield
        return
    db.conn.execute("begin")
    try:
        yield
    finally:
        db.conn.execute("rollback")


def read_facts(db: Database, week: ReportWeek) -> Facts:
    """All facts of `week`, none that became known after it closed."""
    with one_moment(db):
        songs = _songs(db, week)
        events = events_of_songs(db, week, songs)
        scores = ask(db, "scores", week)
        days = _days(db, week)
        coverage = _coverage(scores)
        now = [row for row in scores if row["label"] == week.label]
        last = [row for row in scores if row["label"] == week.before.label]
        return Facts(
            week=week,
            first_week=min((row["label"] for row in scores if row["rank"] is not None), default=week.label),
            tracked=len(now),
            songs=song_weeks(db, week, songs, scores, days, events, usual_coverage=coverage.get(week.before.label)),
            ranks=_ranks(scores),
            days=days,
            events=events,
            platforms=_platforms(db, week),
            sources=_sources(db, week),
            alerts=_alerts(db, week, songs, events),
            lists=_lists(db, week),
            corrections=tuple(Correction(**row) for row in ask(db, "corrections", week)),
            examples=choose_examples(db, week),
            languages=tuple(LanguageWeek(**row) for row in ask(db, "languages", week)),
            first_covers=_first_covers(db, week, songs),
            versions={row[0]["label"]: tuple(sorted({r["version"] for r in row})) for row in (last, now) if row},
            coverage=coverage,
            human_tags=ask(db, "human", week)[0]["posts"],
        )


def _songs(db: Database, week: ReportWeek) -> dict[str, Song]:
    names: dict[str, list[str]] = defaultdict(list)
    subjects: dict[str, set[str]] = defaultdict(set)
    for row in ask(db, "singers", week):
        names[row["song"]].append(row["name"])
        subjects[row["song"]].add(row["id"])
    return {
        row["id"]: Song(
            id=row["id"],
            title=row["title"],
            hangul=row["hangul"],
            artists=" & ".join(names[row["id"]]),
            drama=row["drama_title"],
            drama_id=row["drama"],
            drama_hangul=row["drama_hangul"],
            network=row["network"],
            released=row["released"],
            tracked_since=row["tracked_since"],
            subjects=frozenset({row["id"], row["drama"], *subjects[row["id"]]}),
        )
        for row in ask(db, "songs", week)
    }


def _days(db: Database, week: ReportWeek) -> dict[str, tuple[DayCount, ...]]:
    days: dict[str, list[DayCount]] = defaultdict(list)
    for row in ask(db, "days", week):
        days[row["song"]].append(DayCount(row["day"], row["posts"], row["authors"], row["coverage"]))
    return {song: tuple(counts) for song, counts in days.items()}


def _ranks(scores: Iterable[Row]) -> dict[str, dict[str, int]]:
    ranks: dict[str, dict[str, int]] = defaultdict(dict)
    for row in scores:
        if row["rank"] is not None:
            ranks[row["song"]][row["label"]] = row["rank"]
    return dict(ranks)


def _coverage(scores: Iterable[Row]) -> dict[str, float]:
    shares: dict[str, list[float]] = defaultdict(list)
    for row in scores:
        shares[row["label"]].append(row["coverage"])
    return {label: round(sum(each) / len(each), 4) for label, each in shares.items()}


def _platforms(db: Database, week: ReportWeek) -> tuple[PlatformWeek, ...]:
    days = covered_days(ask(db, "coverage", week), ask(db, "spans", week), week)
    counts = {row["platform"]: (row["posts"], row["authors"]) for row in ask(db, "seen_platforms", week)}
    return tuple(PlatformWeek(name, days[name], *counts.get(name, (0, 0))) for name in sorted(days))


def _sources(db: Database, week: ReportWeek) -> tuple[SourceWeek, ...]:
    runs = {row["source"]: row for row in ask(db, "runs", week)}
    read, named = ({row["source"]: row["posts"] for row in ask(db, query, week)} for query in ("read", "named"))
    nothing = {"runs": 0, "failed": 0, "error": None}
    found = []
    for source in sorted({*runs, *read, *named}):
        row, counts = runs.get(source, nothing), (read.get(source, 0), named.get(source, 0))
        found.append(SourceWeek(source, row["runs"], row["failed"], *counts, row["error"]))
    return tuple(found)


def _alerts(
    db: Database, week: ReportWeek, songs: Mapping[str, Song], events: Mapping[str, tuple[Near, ...]]
) -> tuple[Alert, ...]:
    return tuple(
        Alert(
            **{**row, "song": songs[row["song"]]},
            near=near(events.get(row["song"], ()), day_label(moment(row["raised_at"]))),
        )
        for row in ask(db, "alerts", week)
    )


def _lists(db: Database, week: ReportWeek) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in ask(db, "lists", week):
        found[row["list"]].append(row["song"])
    return {name: tuple(songs) for name, songs in found.items()}


def _first_covers(db: Database, week: ReportWeek, songs: Mapping[str, Song]) -> tuple[FirstCover, ...]:
    return tuple(
        FirstCover(songs[row["song"]], row["language"], row["first_at"], row["posts"])
        for row in ask(db, "first_covers", week)
    )
