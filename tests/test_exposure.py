"""What could have been seen: the log's word, the signs of life, and all songs' word where the log is silent."""

from __future__ import annotations

import numpy as np
import pytest

from models.trends.breadth import effective_number
from models.trends.exposure import BACK, Exposure, estimated, mixture
from models.trends.heard import Heard, Line
from models.trends.level import full_week, growth, quiet_level

EDGE = 500_000


def hours(exposure: Exposure, first: int, last: int) -> list[float]:
    return exposure.logged(BACK + first, BACK + last)[0].tolist()


def test_hours_count_as_covered_only_between_the_first_and_the_last_sign_of_life() -> None:
    exposure = Exposure.none(EDGE)
    exposure.hear(Heard(alive=[("x", EDGE + 2)]))
    exposure.hear(Heard(lines=[Line("x", EDGE + 5, 0.25)]))
    assert hours(exposure, 0, 8) == [0, 0, 1, 1, 1, 0.25, 0, 0]


def test_the_last_line_holds_and_what_lies_before_the_windows_is_reported() -> None:
    exposure = Exposure.none(EDGE)
    exposure.hear(Heard(lines=[Line("x", EDGE + 1, 0.2)]))
    assert not exposure.hear(Heard(lines=[Line("x", EDGE + 1, 0.9)]))
    assert hours(exposure, 1, 2) == [0.9]
    assert exposure.hear(Heard(lines=[Line("x", EDGE - 100, 0.5)]))
    assert exposure.by_day().sum() == pytest.approx(0.5 + 99)


def test_a_day_moves_from_the_windows_into_the_past() -> None:
    exposure = Exposure.none(EDGE)
    exposure.hear(Heard(lines=[Line("x", EDGE + hour, 1.0) for hour in range(24)]))
    exposure.advance(np.ones((1, 24)))
    assert exposure.edge == EDGE + 24
    assert exposure.by_day()[0, -1] == 24


def test_the_mix_follows_people_per_exposure_and_ignores_a_platform_without_people() -> None:
    people = np.array([[40.0, 20.0, 0.0], [0.0, 0.0, 0.0]])
    mix = mixture(people, np.array([400.0, 100.0, 400.0]))
    assert mix.sum(axis=1) == pytest.approx([1, 1])
    assert mix[0, 1] > mix[0, 0]
    assert mix[:, 2].tolist() == [0, 0]


def test_a_silent_outage_is_guessed_and_a_small_platform_is_left_alone() -> None:
    expected = np.full((2, 6), [[40.0], [0.5]])
    seen = expected.copy()
    seen[:, 3:] = 0
    guess = estimated(seen, expected)
    assert guess[0, :3].tolist() == [1, 1, 1]
    assert guess[0, 5] < 0.1
    assert guess[1].tolist() == [1] * 6


def test_the_quiet_level_ignores_festivals_and_gaps() -> None:
    days = np.full((1, 182), 3.0)
    days[0, 60:90] = 50
    exposed = np.full((1, 182), 24.0)
    days[0, 120:150], exposed[0, 120:150] = 0, 0
    quiet, own = quiet_level(days, exposed)
    assert own.all()
    assert quiet[0] == pytest.approx(21, rel=0.05)


def test_a_song_without_a_week_of_its_own_borrows_that_of_a_busy_one() -> None:
    days = np.array([[1.0] * 182, [10.0] * 182, [0.0] * 182])
    exposed = np.full((3, 182), 24.0)
    exposed[2] = 0
    quiet, own = quiet_level(days, exposed)
    assert own.tolist() == [True, True, False]
    assert quiet[2] > 40


def test_a_week_that_was_not_seen_is_a_usual_week() -> None:
    people, exposed, quiet = np.array([0.0, 20.0, 20.0]), np.array([0.0, 168.0, 84.0]), np.array([20.0, 20.0, 20.0])
    week = full_week(people, exposed, quiet)
    assert week[:2] == pytest.approx([20, 20])
    assert 30 < week[2] <= 40
    assert growth(week, quiet, np.ones(3))[:2] == pytest.approx([0, 0])


def test_an_effective_number_counts_equal_places() -> None:
    found = effective_number(np.array([[1.0, 1, 1, 1], [5, 0, 0, 0], [0, 0, 0, 0]]))
    assert found == pytest.approx([4, 1, 1])
