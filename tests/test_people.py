"""Who counts: once a day, and by whether anybody saw the post."""

from __future__ import annotations

import numpy as np

from models.trends.heard import Count, Mention
from models.trends.people import People, once_a_day, rows_of

HOUR = 3600
SONGS = {"amber": 0}


def people(mentions: list[Mention]) -> People:
    found = People.none()
    found.grow(1)
    found.add(rows_of(mentions, SONGS, {"x": 0}, [7]))
    return found


def said(post: int, author: int, hour: float) -> Mention:
    return Mention(post, "amber", author, "x", 0, 1.0, int((1000 + hour) * HOUR), True)


def counted(*hours: float) -> list[bool]:
    return list(once_a_day(np.full(len(hours), 5, np.uint64), np.array([int(hour * HOUR) for hour in hours])))


def test_an_author_counts_again_when_a_day_has_passed_since_the_last_time_that_counted() -> None:
    assert counted(0, 5, 23.9, 24, 30, 47, 48) == [True, False, False, True, False, False, True]


def test_every_author_and_every_song_counts_for_itself() -> None:
    assert people([said(1, 1, 0), said(2, 2, 0), said(3, 1, 3)]).rows["counted"].sum() == 2


def test_the_same_post_twice_is_one() -> None:
    found = people([said(1, 1, 0)])
    found.add(rows_of([said(1, 1, 0)], SONGS, {"x": 0}, [7]))
    assert len(found.rows) == 1


def test_a_mention_of_an_unknown_song_is_left_out() -> None:
    assert len(rows_of([said(1, 1, 0)._replace(song="else")], SONGS, {"x": 0}, [7])) == 0


def test_a_post_nobody_watched_weighs_little_once_it_is_six_hours_old() -> None:
    many = [said(post, post, 0) for post in range(1, 41)]
    found = people(many)
    counts = [Count(post, 1007 * HOUR, 1 if post == 40 else 1000 + post, None) for post in range(1, 41)]
    found.read(counts, now=1005 * HOUR)
    assert set(found.rows["seen"]) == {1.0}
    found.read([], now=1007 * HOUR)
    seen = dict(zip(found.rows["post"].tolist(), found.rows["seen"].tolist(), strict=True))
    assert seen[40] < 0.11
    assert min(seen[post] for post in range(11, 40)) == 1.0


def test_reactions_stand_in_where_a_site_shows_no_views_and_missing_is_not_zero() -> None:
    found = people([said(post, post, 0) for post in range(1, 31)])
    found.read([Count(post, 1007 * HOUR, None, 3 + post) for post in range(1, 30)], now=1007 * HOUR)
    found.read([Count(30, 1007 * HOUR, None, None)], now=1007 * HOUR)
    seen = dict(zip(found.rows["post"].tolist(), found.rows["seen"].tolist(), strict=True))
    assert seen[30] == 1.0
    assert seen[1] < 1.0


def test_old_rows_are_forgotten_but_for_those_that_still_hold_the_day() -> None:
    found = people([said(1, 1, 0), said(2, 2, 20), said(3, 2, 21), said(4, 3, 30)])
    found.forget(1030)
    assert sorted(found.rows["post"].tolist()) == [2, 4]
