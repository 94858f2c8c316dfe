"""Years in which nothing is known: passed over at once, to the rows and the memory that stepping through them gives."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy

import numpy as np
import pytest

from models.trends.exposure import DAYS, RING
from models.trends.heard import NOTHING, Count, Heard, Line, Mention
from models.trends.memory import TrackedSong
from models.trends.scores import HourScores
from models.trends.silence import LEAST_LEAP, leap, silent
from models.trends.snapshot import pack
from models.trends.trend import Trend

START = 490_000
BUSY_HOURS = 20 * 24
SINCE = START + (DAYS + 30) * 24 + 5 * 168


def songs() -> list[TrackedSong]:
    """One that was always tracked, one that was released lately, and one added in the midst of the silence."""
    return [TrackedSong("amber"), TrackedSong("birch", released=START + 24), TrackedSong("cedar", since=SINCE)]


def heard(seed: int) -> Iterator[Heard]:
    """Twenty days of posts of all weights with readings, and a line that ends the collection."""
    rng = random.Random(seed)
    for hour in range(START, START + BUSY_HOURS):
        posts = [
            Mention(hour * 10 + n, song.id, rng.randrange(900), "x", 0, rng.choice((0.6, 0.8, 1.0)), hour * 3600, True)
            for n, song in enumerate(songs())
            if rng.random() < 0.2
        ]
        counts = [Count(post.post, post.at + 60, rng.randrange(5000), None) for post in posts]
        yield Heard(posts, counts, [Line("x", hour, 1.0)])
    yield Heard(lines=[Line("x", START + BUSY_HOURS, 0.0)])


@pytest.fixture(scope="module")
def asleep() -> Trend:
    """An engine that has stepped until there is nothing left to change."""
    trend = Trend(songs(), hour=START)
    for hour in heard(7):
        assert not silent(trend)
        trend.step(hour)
    while not silent(trend):
        trend.step(NOTHING)
    return trend


def said(found: HourScores) -> list[object]:
    """Everything that would be stored of an hour."""
    rows = []
    for row in found.rows:
        at = np.flatnonzero(row.stored)
        columns = [getattr(row, name)[at].tolist() for name in ("points", "states", "posts", "authors")]
        figures = [getattr(row, name)[at].round(4).tolist() for name in ("coverage", "growth_log2", "confidence")]
        rows.append([row.period, row.start, at.tolist(), columns, figures, row.parts_of(at)])
    return [row for row in rows if row[2]]


def test_silence_begins_half_a_year_and_the_windows_after_the_last_hour_collected(asleep: Trend) -> None:
    days = (asleep.hour - START - BUSY_HOURS) / 24
    assert DAYS + RING / 24 <= days <= DAYS + RING / 24 + 8


@pytest.mark.parametrize("weeks", [2, 12])
def test_weeks_passed_over_say_what_weeks_stepped_through_say(asleep: Trend, weeks: int) -> None:
    stop = asleep.hour + LEAST_LEAP + weeks * 168 + 5
    stepped, leapt = deepcopy(asleep), deepcopy(asleep)
    one = {found.hour: said(found) for found in (stepped.step(NOTHING) for _ in range(stop - stepped.hour))}
    two = {found.hour: said(found) for found in leap(leapt, stop)}
    assert leapt.hour == asleep.hour + (weeks + 1) * 168
    two |= {found.hour: said(found) for found in (leapt.step(NOTHING) for _ in range(stop - leapt.hour))}
    assert {hour: rows for hour, rows in one.items() if rows} == {hour: rows for hour, rows in two.items() if rows}
    assert pack(stepped) == pack(leapt)


def test_what_is_heard_after_the_silence_is_scored_as_ever(asleep: Trend) -> None:
    stop = asleep.hour + LEAST_LEAP + 168
    stepped, leapt = deepcopy(asleep), deepcopy(asleep)
    list(leap(leapt, stop))
    later = [Mention(n, "amber", n, "x", 0, 1.0, (stop - n % 200) * 3600, True) for n in range(30)]
    for trend in (stepped, leapt):
        while trend.hour < stop:
            trend.step(NOTHING)
    for hour in range(100):
        news = Heard(later if hour == 3 else (), lines=[Line("x", stop + hour, 1.0)])
        assert said(stepped.step(news)) == said(leapt.step(news))


def test_no_silence_where_songs_are_judged_without_any_coverage(asleep: Trend) -> None:
    trend = deepcopy(asleep)
    trend.suppress_below = 0.0
    assert not silent(trend)
