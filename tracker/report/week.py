"""Which week a report may be made for, and the moments that bound it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from models.complaint import Complaint
from models.korean_time import (
    DAY,
    KST,
    WEEK,
    WEEK_CLOSES_AFTER,
    day_label,
    iso,
    moment,
    week_label,
    week_of,
    week_start,
)


class ReportError(Complaint):
    """A report that cannot be made; the message is one line that says why."""


BUMP_WEEKS = 12
"""Weeks of the rank chart, this one included."""

TIMELINE_WEEKS = 8
"""Weeks of the daily charts, this one included."""


@dataclass(frozen=True, slots=True)
class ReportWeek:
    """A Korean ISO week by its first moment (aware UTC)."""

    start: datetime

    @property
    def label(self) -> str:
        """'2026-W46'."""
        return week_label(self.start)

    @property
    def end(self) -> datetime:
        """The first moment after the week."""
        return self.start + WEEK

    @property
    def closes(self) -> datetime:
        """Tuesday 09:00 KST: what became known later is in no report of this week."""
        return self.end + WEEK_CLOSES_AFTER

    @property
    def before(self) -> ReportWeek:
        """The comparable week: the seven days just before."""
        return ReportWeek(self.start - WEEK)

    @property
    def days(self) -> tuple[str, ...]:
        """Its seven Korean dates, Monday first."""
        return tuple(day_label(self.start + DAY * n) for n in range(7))

    def labels(self, count: int) -> tuple[str, ...]:
        """The labels of the last `count` weeks, this one last."""
        return tuple(week_label(self.start - WEEK * back) for back in reversed(range(count)))

    def moments(self) -> dict[str, str]:
        """Every value that a query of the report may name, in stored form."""
        last = self.before
        since = self.start - WEEK * (TIMELINE_WEEKS - 1)
        return {
            "week": self.label,
            "last": last.label,
            "start": iso(self.start),
            "end": iso(self.end),
            "closes": iso(self.closes),
            "last_start": iso(last.start),
            "last_closes": iso(last.closes),
            "since": iso(since),
            "since_day": day_label(since),
            "end_day": day_label(self.end),
        }


def long_date(at: datetime) -> str:
    """'Monday 9 November 2026' in Korea."""
    local = at.astimezone(KST)
    return f"{local:%A} {local.day} {local:%B %Y}"


def short_date(day: str) -> str:
    """'9 Nov' for '2026-11-09'."""
    parsed = datetime.fromisoformat(day)
    return f"{parsed.day} {parsed:%b}"


def choose_week(db: Database, asked: str | None) -> ReportWeek:
    """The week named, or the last closed one; 'now' is the end of the last scored hour.

    Raises ReportError where the name is no week, the week is not closed, or no scores are stored for it.
    """
    row = db.execute("select value from meta where key = 'scored_until'").fetchone()
    if row is None:
        raise ReportError("nothing is scored yet: run 'ostpulse score' first")
    now = moment(row[0])
    week = _named(asked) if asked is not None else ReportWeek(week_of(now - WEEK_CLOSES_AFTER) - WEEK)
    if week.closes > now:
        raise ReportError(
            f"{week.label} is not closed: it closes on {long_date(week.closes)} 09:00 KST, "
            f"and the scores reach {now.astimezone(KST):%Y-%m-%d %H:%M} KST"
        )
    _check_stored(db, week, asked)
    return week


def _named(label: str) -> ReportWeek:
    try:
        return ReportWeek(week_start(label))
    except (ValueError, OverflowError) as error:
        raise ReportError(str(error)) from None


def _check_stored(db: Database, week: ReportWeek, asked: str | None) -> None:
    weeks = "select min(label), max(label), max(label = ?) from trend_scores where period = 'week' and start <= ?"
    first, last, found = db.execute(weeks, [week.label, iso(week.start)]).fetchone()
    if found:
        return
    if asked is None:
        raise ReportError("no week has closed since scoring began: the first report comes on the Tuesday after it")
    held = f"weeks {first} to {last} are" if first else "no earlier week is"
    raise ReportError(f"no scores are stored for {week.label}: {held} stored")
