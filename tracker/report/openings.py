"""The three lines at the top: what leads, what moved, what to watch, each built from rows."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.report.facts import Facts, SongWeek
from tracker.report.plain_text import plain
from tracker.report.sections import climbers, debuts, early_signals, is_borne_out, re_entries, returns
from tracker.report.wording import beside, count, movement, posts_of, times_usual, why


@dataclass(frozen=True, slots=True)
class Opening:
    """One line; `song` is the id of the row it speaks of, None where it speaks of none."""

    heading: str
    text: str
    song: str | None


def openings(facts: Facts, top: int) -> tuple[Opening, Opening, Opening]:
    """Leader, mover, early signal; each says so when the week has none."""
    return _leader(facts), _mover(facts, top), _watch(facts)


def _named(one: SongWeek) -> str:
    return f"“{plain(one.song.title, 60)}” ({plain(one.song.drama, 60)})"


def _size(one: SongWeek) -> str:
    return f"{times_usual(one)} its usual week, {posts_of(one)} by {count(one.authors, 'author')}"


def _leader(facts: Facts) -> Opening:
    if not facts.chart:
        return Opening("Leads", "We saw no post on a song of the catalogue this week.", None)
    one = facts.chart[0]
    return Opening("Leads", f"{_named(one)} {movement(one).phrase}: {_size(one)} that we saw.", one.song.id)


def _mover(facts: Facts, top: int) -> Opening:
    candidates = [
        *returns(facts),
        *climbers(facts, top),
        *(one for one in (*debuts(facts), *re_entries(facts)) if (one.rank or top) < top and is_borne_out(one)),
    ]
    one = next((one for one in candidates if one.rank != 1), None)
    if one is not None:
        known = "" if why(one) == "unclear" else f"; {why(one, 2)}"
        return Opening("Moves", f"{_named(one)} {movement(one).phrase}: {_size(one)}{known}.", one.song.id)
    if facts.is_first:
        return Opening("Moves", "This is the first week of the record: there is nothing to compare it with.", None)
    reason = "movement is n/a for what a source gap hides" if facts.has_gap else "no other song rises"
    return Opening("Moves", f"Below the first place {reason}.", None)


def _watch(facts: Facts) -> Opening:
    signals = early_signals(facts)
    if not signals:
        return Opening("Watch", "No song below the first ten shows a rise that the rows support.", None)
    one = signals[0]
    alert = next((alert for alert in facts.alerts if alert.song.id == one.song.id), None)
    event = one.near or (alert.near if alert else ())
    tail = f"; {beside(event[0])}" if event else ""
    return Opening("Watch", f"{_named(one)} at {one.rank}, {_size(one)}, is {plain(one.state, 20)}{tail}.", one.song.id)
