"""Hours in UTC, days and ISO weeks in Korean time: names, bounds and the stored form of a moment."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")
"""Korea has had no summer time since 1988, so a fixed offset is exact."""

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
WEEK_CLOSES_AFTER = timedelta(hours=33)
"""A week's row closes on Tuesday 09:00 KST, 33 hours after its Sunday ends: hand captures come late."""

_WEEK_LABEL = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)


def iso(moment: datetime) -> str:
    """The stored form: ISO 8601, UTC, whole seconds, 'Z'."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """Read an ISO 8601 time with a zone; raises ValueError where the zone or the time is missing or wrong."""
    parsed = datetime.fromisoformat(text)
    if parsed.tzinfo is None:
        raise ValueError(f"time without a zone: {text!r}")
    return parsed.astimezone(UTC)


def hour_of(moment: datetime) -> datetime:
    """The start of the UTC hour that holds `moment`."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def day_of(moment: datetime) -> datetime:
    """The UTC moment at which the Korean day of `moment` began (15:00 UTC of the day before)."""
    local = moment.astimezone(KST)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def week_of(moment: datetime) -> datetime:
    """The UTC moment at which the Korean ISO week (Monday) of `moment` began."""
    start = day_of(moment)
    return start - DAY * start.astimezone(KST).weekday()


def day_label(start: datetime) -> str:
    """'2026-11-23' for a day's start."""
    return start.astimezone(KST).date().isoformat()


def week_label(start: datetime) -> str:
    """'2026-W48' for a week's start."""
    year, week, _ = start.astimezone(KST).isocalendar()
    return f"{year}-W{week:02d}"


def week_start(label: str) -> datetime:
    """The UTC start of the week named '2026-W48'; raises ValueError for anything else."""
    match = _WEEK_LABEL.fullmatch(label)
    if match is None:
        raise ValueError(f"not a week such as 2026-W47: {label!r}")
    try:
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        raise ValueError(f"there is no week {label!r}") from None
    return datetime(monday.year, monday.month, monday.day, tzinfo=KST).astimezone(UTC)
