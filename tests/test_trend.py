"""The scoring engine: laws that hold whatever is posted, and the rises, floods and outages it was made for."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.korean_time import KST
from models.trends.heard import NOTHING, Count, Heard, Line, Mention, number
from models.trends.memory import TrackedSong
from models.trends.scores import HourScores, Rows, tenths
from models.trends.snapshot import BadSnapshot, pack, unpack
from models.trends.surprise import surprise
from models.trends.trend import Trend, week_ends

START = 490_000  # an epoch hour
SONGS = tuple(TrackedSong(song) for song in ("amber", "birch", "cedar"))
PLATFORMS = ("tiktok", "x", "youtube")


def mention(hour: int, song: str, author: int, platform: str = "x", post: int | None = None) -> Mention:
    number_of_post = post if post is not None else number(f"{hour}{song}{author}{platform}")
    return Mention(number_of_post, song, author, platform, 0, 1.0, (START + hour) * 3600, True)


def hours_of(mentions: Sequence[Mention], hours: int) -> list[Heard]:
    """Each mention known in its own hour."""
    found: list[list[Mention]] = [[] for _ in range(hours)]
    for one in mentions:
        found[one.at // 3600 - START].append(one)
    return [Heard(mentions=one) if one else NOTHING for one in found]


def calm(hours: int, *, seed: int = 1, songs: Sequence[TrackedSong] = SONGS, gap: float = 12.0) -> list[Mention]:
    """Every song gets a post by somebody every `gap` hours on average."""
    rng = random.Random(seed)
    return [
        mention(hour, song.id, rng.randrange(10**9), rng.choice(PLATFORMS))
        for hour in range(hours)
        for song in songs
        if rng.random() < 1 / gap
    ]


def run(heard: Sequence[Heard], songs: Sequence[TrackedSong] = SONGS) -> tuple[Trend, list[HourScores]]:
    trend = Trend(songs, hour=START)
    return trend, [trend.step(hour) for hour in heard]


def figures(rows: Rows) -> np.ndarray:
    return np.column_stack([rows.points, rows.states, rows.posts, rows.authors, rows.growth_log2, rows.coverage])


def same(one: Sequence[HourScores], other: Sequence[HourScores]) -> bool:
    return all(
        len(a.rows) == len(b.rows)
        and a.moved == b.moved
        and all(np.array_equal(figures(x), figures(y)) for x, y in zip(a.rows, b.rows, strict=True))
        for a, b in zip(one, other, strict=True)
    )


@given(st.lists(st.floats(0, 40), min_size=4, max_size=4))
def test_tenths_add_up_to_the_rounded_total(points: list[float]) -> None:
    whole = tenths(np.array([points]))
    assert whole.sum() == np.floor(sum(p * 10 for p in points) + 0.5)
    assert np.abs(whole[0] / 10 - points).max() <= 0.1 + 1e-9


@given(st.floats(0, 300), st.floats(0, 50), st.floats(0.05, 200), st.floats(0.03, 2))
def test_more_people_are_never_less_surprising(people: float, more: float, expected: float, noise: float) -> None:
    mean, phi = np.array([expected]), np.array([noise])
    low, high = (surprise(np.array([number_of]), mean, phi)[0] for number_of in (people, people + more))
    assert high >= low - 1e-9


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 1000), st.integers(1, 20))
def test_more_authors_in_the_last_six_hours_never_lower_surprise(seed: int, more: int) -> None:
    hours = 14 * 24
    few = calm(hours, seed=seed)
    many = few + [mention(hours - 1 - extra % 6, "amber", extra, "x") for extra in range(more)]
    (_, before), (_, after) = run(hours_of(few, hours)), run(hours_of(many, hours))
    assert (after[-1].now.evidence.surprise[0] >= before[-1].now.evidence.surprise[0] - 0.02).all()


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 1000))
def test_doubling_the_posts_of_an_author_changes_neither_surge_nor_growth(seed: int) -> None:
    hours = 14 * 24
    once = calm(hours, seed=seed)
    twice = once + [one._replace(post=one.post + 1) for one in once if one.author % 3 == 0]
    (_, before), (_, after) = run(hours_of(once, hours)), run(hours_of(twice, hours))
    for one, two in zip(before, after, strict=True):
        assert np.array_equal(one.now.points[:, :2], two.now.points[:, :2])
        assert np.array_equal(one.now.growth_log2, two.now.growth_log2)


def test_a_platform_that_was_never_covered_changes_nothing_present_or_absent() -> None:
    hours = 16 * 24
    without = hours_of(calm(hours), hours)
    lines = [Line("mastodon", START + hour, 0.0) for hour in range(hours)]
    present = [replace(heard, lines=(line,)) for heard, line in zip(without, lines, strict=True)]
    for one, two in zip(run(without)[1], run(present)[1], strict=True):
        assert one.moved == two.moved
        assert np.allclose(figures(one.now), figures(two.now), atol=1e-9)


def test_the_order_of_songs_changes_nothing() -> None:
    hours = 16 * 24
    heard = hours_of(calm(hours) + [mention(380, "birch", author) for author in range(30)], hours)
    order = [2, 0, 1]
    (_, one), (_, two) = run(heard), run(heard, [SONGS[place] for place in order])
    for a, b in zip(one, two, strict=True):
        assert np.allclose(figures(a.now)[order], figures(b.now), atol=1e-9)


@pytest.mark.parametrize("stop", [1, 23, 200, 333])
def test_a_snapshot_goes_on_as_if_nothing_had_happened(stop: int) -> None:
    hours = 16 * 24
    mentions = calm(hours)
    heard = [
        replace(hour, counts=tuple(Count(one.post, one.at + 60, 100 + one.author % 900, None) for one in hour.mentions))
        for hour in hours_of(mentions, hours)
    ]
    _, whole = run(heard)
    trend, first = run(heard[:stop])
    packed = pack(trend)
    assert pack(unpack(packed, SONGS)) == packed
    rest = unpack(packed, SONGS)
    assert same(whole, first + [rest.step(hour) for hour in heard[stop:]])


def test_a_snapshot_is_read_for_a_catalogue_that_has_grown() -> None:
    trend, _ = run(hours_of(calm(300), 300))
    wider = unpack(pack(trend), [TrackedSong("aaron"), *SONGS])
    assert np.array_equal(wider.memory.past.days[1:], trend.memory.past.days)
    assert wider.memory.past.days[0].sum() == 0
    wider.step(Heard(mentions=[mention(300, "aaron", 5)]))


@pytest.mark.parametrize("junk", [b"", b"PK\x03\x04 not really", b"\x80\x04N."])
def test_junk_is_not_a_snapshot(junk: bytes) -> None:
    with pytest.raises(BadSnapshot):
        unpack(junk, SONGS)


def test_a_late_post_counts_from_the_hour_in_which_it_became_known_and_lies_in_its_own() -> None:
    hours = 20 * 24
    heard = hours_of(calm(hours), hours)
    late = list(heard)
    posts = [mention(400, "amber", author) for author in range(12)]
    late[430] = replace(late[430], mentions=[*late[430].mentions, *posts])
    (_, without), (_, with_late) = run(heard), run(late)
    assert same(without[:430], with_late[:430])
    assert with_late[430].now.evidence.heads[0].tolist() == (without[430].now.evidence.heads[0] + [0, 0, 12]).tolist()


def test_posts_older_than_the_windows_belong_to_the_past_and_make_no_rise() -> None:
    hours = 24 * 24
    heard = hours_of(calm(hours), hours)
    old = [mention(hour, "amber", 10_000 + hour, "x") for hour in range(0, 200, 2)]
    heard[560] = replace(heard[560], mentions=[*heard[560].mentions, *old])
    (_, before), (trend, after) = run(heard[:560]), run(heard)
    assert trend.memory.past.days[0].sum() > 100
    assert not any(scores.moved.raised for scores in after)
    assert after[-1].now.growth_log2[0] <= before[-1].now.growth_log2[0] + 0.2


def test_an_hour_without_coverage_is_not_an_hour_without_people() -> None:
    hours = 26 * 24
    posts = [one for one in calm(hours, gap=2.0) if one.at < (START + 500) * 3600]
    dead = hours_of(posts, hours)
    noted = [
        replace(heard, lines=[Line(platform, START + hour, 0.0) for platform in PLATFORMS]) if hour >= 500 else heard
        for hour, heard in enumerate(dead)
    ]
    alive = [
        replace(heard, alive=[(platform, START + hour) for platform in PLATFORMS]) for hour, heard in enumerate(dead)
    ]
    (_, gap), (_, silence) = run(noted), run(alive)
    assert gap[-1].now.growth_log2.min() > -0.5
    assert silence[-1].now.growth_log2.max() < -0.8
    assert gap[-1].now.coverage.max() == 0


def test_no_alert_while_a_quarter_of_the_songs_rise_in_the_same_hour() -> None:
    songs = [TrackedSong(f"song-{place:02d}") for place in range(20)]
    hours = 20 * 24
    base = calm(hours, songs=songs)
    alone = base + [mention(450, "song-00", author) for author in range(40)]
    crowd = base + [mention(450, song.id, author) for author in range(40) for song in songs]
    assert sum(len(scores.moved.raised) for scores in run(hours_of(alone, hours), songs)[1]) == 1
    assert sum(len(scores.moved.raised) for scores in run(hours_of(crowd, hours), songs)[1]) == 0


def test_a_week_ends_on_monday_midnight_in_korea() -> None:
    ends = [hour for hour in range(START, START + 400) if week_ends(hour)]
    assert [b - a for a, b in pairwise(ends)] == [168] * (len(ends) - 1)
    assert datetime.fromtimestamp(ends[0] * 3600, KST).strftime("%a %H") == "Mon 00"
