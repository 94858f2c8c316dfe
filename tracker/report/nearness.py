"""Which events stand near a moment: those of the song, its drama or a singer, up to a week before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlite_utils import Database

from tracker.report.facts import Near, Song
from tracker.report.queries import ask
from tracker.report.week import ReportWeek

EVENT_DAYS = range(-1, 8)
"""An event counts as near from the day after a moment to seven days before it."""


def events_of_songs(db: Database, week: ReportWeek, songs: Mapping[str, Song]) -> dict[str, tuple[Near, ...]]:
    """By song, its events in the weeks shown, oldest first; one a day and kind."""
    rows = ask(db, "events", week)
    found = {
        song.id: {(row["date"], row["kind"]): row for row in reversed(rows) if row["subject"] in song.subjects}
        for song in songs.values()
    }
    return {
        song: tuple(Near(day, kind, row["note"], 0) for (day, kind), row in sorted(by_day.items()))
        for song, by_day in found.items()
        if by_day
    }


def near(events: Iterable[Near], day: str | None) -> tuple[Near, ...]:
    """The events near the Korean date `day`, nearest first."""
    if day is None:
        return ()
    dated = [(date.fromisoformat(day) - date.fromisoformat(event.date)).days for event in events]
    found = [Near(e.date, e.kind, e.note, days) for e, days in zip(events, dated, strict=True) if days in EVENT_DAYS]
    return tuple(sorted(found, key=lambda event: (abs(event.days), event.date, event.kind)))
