"""How much of each day a platform was collected, from coverage lines and the span in which it was watched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from models.korean_time import DAY, HOUR, hour_of, iso, moment
from tracker.report.week import ReportWeek


def covered_days(
    lines: Iterable[Mapping[str, Any]], spans: Iterable[Mapping[str, Any]], week: ReportWeek
) -> dict[str, tuple[float, ...]]:
    """By platform, the covered share of the week's seven days.

    An hour without a line counts as covered only between the platform's first and last post, run or line.
    """
    stated = {(line["platform"], line["hour"]): line["fraction"] for line in lines}
    return {span["platform"]: tuple(_day(span, stated, week, day) for day in range(7)) for span in spans}


def _day(span: Mapping[str, Any], stated: Mapping[tuple[str, str], float], week: ReportWeek, day: int) -> float:
    first, last = hour_of(moment(span["first"])), hour_of(moment(span["last"]))
    hours = [week.start + DAY * day + HOUR * hour for hour in range(24)]
    shares = (stated.get((span["platform"], iso(hour)), float(first <= hour <= last)) for hour in hours)
    return round(sum(shares) / 24, 4)
