"""Views gained against what posts of that age usually gain."""

from __future__ import annotations

import numpy as np
import pytest

from models.trends.engagement import engagement
from models.trends.heard import Count, Mention
from models.trends.people import NOT_YET, People, rows_of

HOUR = 3600


def after_two_readings(gains: dict[int, float]) -> People:
    """Posts published together, read at 6 h with 100 views and at 24 h with `gains` times as many."""
    found = People.none()
    found.grow(1)
    found.add(rows_of([Mention(post, "a", post, "x", 0, 1, 0, True) for post in gains], {"a": 0}, {"x": 0}, [1]))
    for at, factor in ((6, lambda _: 1.0), (24, lambda post: gains[post])):
        counts = [Count(post, at * HOUR, int(100 * factor(post)), None) for post in sorted(gains)]
        found.read(counts, now=at * HOUR)
    return found


def test_a_post_that_gains_eight_times_the_usual_is_told_from_its_peers() -> None:
    found = after_two_readings(dict.fromkeys(range(1, 41), 2.0) | {41: 9.0, 42: 2.0})
    rows = found.rows
    place = {int(post): number for number, post in enumerate(rows["post"])}
    assert rows["usual"][place[42]] == pytest.approx(rows["gain"][place[42]], rel=0.05)
    assert rows["gain"][place[41]] >= rows["usual"][place[41]]


def test_a_post_read_once_says_nothing() -> None:
    found = People.none()
    found.grow(1)
    found.add(rows_of([Mention(1, "a", 1, "x", 0, 1, 0, True)], {"a": 0}, {"x": 0}, [1]))
    found.read([Count(1, 5 * HOUR, 100, None)], now=5 * HOUR)
    assert found.rows["gain_at"].tolist() == [NOT_YET]


def test_few_peers_measure_nothing() -> None:
    assert set(after_two_readings(dict.fromkeys(range(1, 6), 2.0)).rows["gain_at"].tolist()) == {NOT_YET}


def test_the_part_is_none_at_the_usual_and_full_at_eight_times() -> None:
    found = engagement(np.array([100.0, 800.0, 50.0]), np.array([100.0, 100.0, 100.0]), np.zeros(3))
    assert found.tolist() == [0.0, 1.0, 0.0]
