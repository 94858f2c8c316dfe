"""Every song's week beside its own history: places, peak, weeks, and what kinds of posts made it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database

from models.flood import Seen, Sign, signs
from tracker.report.facts import DayCount, Near, Song, SongWeek
from tracker.report.nearness import near
from tracker.report.queries import ask
from tracker.report.week import ReportWeek
from tracker.store_copies import as_seen

Row = Mapping[str, Any]

REMEMBERED_WEEKS = 26
"""How far back a week is compared when it is called a song's best."""

_COPIED = (
    "rank", "score", "surge", "growth", "breadth", "engagement", "growth_log2", "posts", "authors", "coverage",
    "state", "confidence",
)  # fmt: skip


def song_weeks(
    db: Database,
    week: ReportWeek,
    songs: Mapping[str, Song],
    scores: Iterable[Row],
    days: Mapping[str, tuple[DayCount, ...]],
    events: Mapping[str, tuple[Near, ...]],
    *,
    usual_coverage: float | None,
) -> tuple[SongWeek, ...]:
    """The songs ranked this week, best first, then those ranked only last week.

    `scores` are all week rows up to this one, oldest first. `usual_coverage` is last week's mean over all songs: it
    stands in for a song that had no row, so that a song added during an outage is no debut.
    """
    found = []
    counts = _counts(db, week)
    for song, rows in _histories(scores).items():
        now = rows[-1] if rows[-1]["label"] == week.label else None
        last = next((row for row in rows if row["label"] == week.before.label), None)
        if now is None or (now["rank"] is None and (last is None or last["rank"] is None)):
            continue
        beside = near(events.get(song, ()), _busiest(days.get(song, ()), week))
        found.append(
            SongWeek(
                song=songs[song],
                near=beside,
                too_new=bool(now["too_new"]),
                **{name: now[name] for name in _COPIED},
                **_before(rows, last, usual_coverage),
                **{name: by_song.get(song, none) for name, (by_song, none) in counts.items()},
            )
        )
    return tuple(sorted(found, key=lambda one: (one.rank is None, one.rank or one.last_rank, one.song.id)))


def _histories(scores: Iterable[Row]) -> dict[str, list[Row]]:
    history: dict[str, list[Row]] = defaultdict(list)
    for row in scores:
        history[row["song"]].append(row)
    return history


def _busiest(days: Iterable[DayCount], week: ReportWeek) -> str | None:
    inside = [count for count in days if count.day in week.days and count.posts]
    return max(inside, key=lambda count: count.posts).day if inside else None


def _before(rows: list[Row], last: Row | None, usual_coverage: float | None) -> dict[str, Any]:
    ranked = [row for row in rows if row["rank"] is not None]
    peak = min(ranked, key=lambda row: row["rank"])
    return {
        "last_rank": last["rank"] if last else None,
        "last_posts": last["posts"] if last else None,
        "last_coverage": last["coverage"] if last else usual_coverage,
        "peak": peak["rank"],
        "peak_week": peak["label"],
        "weeks": len(ranked),
        "weeks_stored": len(rows),
        "best_before": max((row["score"] for row in rows[-1 - REMEMBERED_WEEKS : -1]), default=None),
    }


def _counts(db: Database, week: ReportWeek) -> dict[str, tuple[Mapping[str, Any], Any]]:
    """By field of SongWeek, its value by song and the value of a song without posts."""
    accounts = {row["song"]: round(row["of_five"] / row["posts"], 4) for row in ask(db, "accounts", week)}
    return {
        "tags": (_counted(ask(db, "tags", week), "tag", "posts"), {}),
        "languages": (_counted(ask(db, "song_languages", week), "language", "posts"), {}),
        "platforms": (_counted(ask(db, "platforms", week), "platform", "authors"), {}),
        "of_five": (accounts, None),
        "distinct_posts": ({row["song"]: row["distinct_posts"] for row in ask(db, "copies", week)}, None),
        "flood": (_floods(db, week), ()),
    }


def _floods(db: Database, week: ReportWeek) -> dict[str, tuple[Sign, ...]]:
    usual = _counted(ask(db, "usual_languages", week), "language", "posts")
    seen: dict[str, list[Seen]] = defaultdict(list)
    for row in ask(db, "flood", week):
        seen[row["song"]].append(as_seen(row))
    return {song: signs(posts, usual.get(song)) for song, posts in seen.items()}


def _counted(rows: Iterable[Row], name: str, figure: str) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        counts[row["song"]][row[name]] = row[figure]
    return dict(counts)
