from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.korean_time import (
    WEEK,
    day_label,
    day_of,
    hour_of,
    iso,
    moment,
    week_label,
    week_of,
    week_start,
)

moments = st.datetimes(
    min_value=datetime(2001, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    max_value=datetime(2099, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def test_a_korean_day_begins_at_three_in_the_afternoon_utc() -> None:
    assert iso(day_of(moment("2026-11-22T15:00:00Z"))) == "2026-11-22T15:00:00Z"
    assert day_label(day_of(moment("2026-11-22T14:59:59Z"))) == "2026-11-22"
    assert day_label(day_of(moment("2026-11-22T15:00:00Z"))) == "2026-11-23"


def test_a_week_is_the_iso_week_of_korea() -> None:
    assert iso(week_start("2026-W47")) == "2026-11-15T15:00:00Z"
    assert week_label(week_of(moment("2026-11-22T14:59:59Z"))) == "2026-W47"
    assert week_label(week_of(moment("2026-11-22T15:00:00Z"))) == "2026-W48"


def test_the_last_days_of_a_year_may_lie_in_week_one() -> None:
    assert week_label(week_of(moment("2025-12-30T00:00:00Z"))) == "2026-W01"


@pytest.mark.parametrize("label", ["2026-47", "2026-W54", "W47", "2026-W4", "2026-W00", "２０２６-W47"])
def test_what_is_no_week_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="week"):
        week_start(label)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        moment("2026-11-22T15:00:00")


@given(moments)
def test_bounds_hold_the_moment_they_were_made_from(when: datetime) -> None:
    assert hour_of(when) <= when < hour_of(when) + timedelta(hours=1)
    assert week_of(when) <= day_of(when) <= when < week_of(when) + WEEK
    assert week_start(week_label(week_of(when))) == week_of(when)
