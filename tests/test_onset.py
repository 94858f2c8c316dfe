"""Alerts: once at the onset, confirmed by what is seen later, withdrawn otherwise."""

from __future__ import annotations

import numpy as np

from models.trends.onset import Moved, Onsets

YES = np.array([True])


def watch(surprises: list[float], *, seen: float = 1.0, covered: bool = True) -> list[Moved]:
    onsets = Onsets.none(1)
    return [
        onsets.step(hour, np.array([surprise]), np.array([seen]), np.array([covered]), YES)
        for hour, surprise in enumerate(surprises, 1000)
    ]


def hours(moved: list[Moved], what: str) -> list[int]:
    return [hour for hour, one in enumerate(moved) if getattr(one, what)]


def test_a_rise_raises_one_alert_at_its_onset_and_is_confirmed_six_hours_later() -> None:
    found = watch([0.5] * 30 + [2.2, 2.5, 3, 3.5, 4, 4, 4, 3.9, 3.5, 3] + [2.5] * 50)
    assert hours(found, "raised") == [30]
    assert hours(found, "confirmed") == [36]
    assert hours(found, "withdrawn") == []
    assert found[36].confirmed == [(0, 1030)]


def test_what_does_not_last_is_withdrawn() -> None:
    found = watch([0.5] * 30 + [2.2, 1.0] + [0.4] * 60)
    assert hours(found, "confirmed") == []
    assert hours(found, "withdrawn") == [78]


def test_what_nobody_watched_is_not_confirmed() -> None:
    assert hours(watch([0.5] * 30 + [5.0] * 40, seen=0.3), "confirmed") == []


def test_a_plateau_is_no_onset_and_a_gap_raises_nothing() -> None:
    assert len(hours(watch([0.5] * 30 + [2.5] * 200), "raised")) == 1
    assert hours(watch([0.5] * 30 + [2.5] * 20, covered=False), "raised") == []


def test_a_second_rise_after_calm_is_a_second_alert() -> None:
    assert hours(watch([0.5] * 30 + [3.0] * 20 + [0.5] * 60 + [3.0] * 5), "raised") == [30, 110]
