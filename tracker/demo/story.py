"""What happens in the demo, and when: 26 weeks of invented posts, written as data.

Every event here is fiction, also where a real song is named. Times are UTC; comments give Korean time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from tracker.demo.acts import Chatter, Gap, Note, Shares, Steady, Wave


def _utc(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


START = _utc(5, 17, 15)  # Monday 18 May, 00:00 KST: the first hour of 2026-W21
LAST_WEEK_ENDS = _utc(11, 15, 15)  # Monday 16 November, 00:00 KST: 26 weeks later, the end of 2026-W46
END = _utc(11, 17, 0)  # Tuesday 17 November, 09:00 KST: the moment at which W46 closes

AUDIENCES: Mapping[str, Shares] = {
    "world": {
        "en": 28,
        "ko": 14,
        "es": 8,
        "pt": 7,
        "id": 9,
        "th": 8,
        "vi": 6,
        "tl": 5,
        "ja": 6,
        "zh": 4,
        "fr": 3,
    }
    | {"ar": 3, "hi": 3},
    "korea": {"ko": 64, "en": 12, "ja": 6, "zh": 5, "th": 4, "vi": 3, "id": 3, "es": 1, "tl": 1, "pt": 1},
    "southeast": {"id": 24, "th": 19, "vi": 18, "tl": 14, "en": 12, "ko": 8, "hi": 3, "es": 2},
    "east": {"ja": 46, "ko": 18, "zh": 16, "en": 9, "th": 7, "vi": 2, "fr": 2},
    "army": {
        "en": 27,
        "es": 13,
        "pt": 12,
        "id": 9,
        "ko": 9,
        "th": 7,
        "hi": 6,
        "ar": 6,
        "fr": 5,
        "ja": 4,
        "vi": 2,
    },
}

USUAL: Shares = {"cover": 26, "edit": 23, "challenge": 4, "reaction": 25, "other": 22}


STEADY = (
    Steady("sudden-shower", 2.4, "world", START),
    Steady("stay-with-me", 2.2, "world", START),
    Steady("sweet-night", 1.8, "army", START),
    Steady("i-will-go-to-you-like-the-first-snow", 1.6, "korea", START),
    Steady("every-day-every-moment", 1.0, "korea", START),
    Steady("start-over", 1.0, "southeast", START),
    Steady("love-maybe", 1.0, "southeast", START),
    Steady("tell-me-its-not-a-dream", 0.9, "korea", START),
    Steady("its-definitely-you", 0.8, "army", START),
    Steady("everytime", 0.6, "world", START),
    Steady("can-you-hear-my-heart", 0.5, "world", START),
    Steady("every-moment-of-you", 0.5, "korea", START),
    Steady("all-about-you", 0.5, "korea", START),
    Steady("your-shampoo-scent-in-the-flowers", 0.5, "korea", START),
    Steady("aloha", 0.45, "korea", START),
    Steady("i-give-you-my-heart", 0.45, "world", START),
    Steady("christmas-tree", 0.4, "army", START),
    Steady("you-are-my-everything", 0.4, "southeast", START),
    Steady("love-so-fine", 0.4, "southeast", START),
    Steady("run-run", 0.4, "world", START),
    Steady("romantic-sunday", 0.35, "world", START),
    Steady("youre-my-garden", 0.35, "southeast", START),
    Steady("blue-flower-lia", 0.3, "world", START),
    Steady("grown-ups-sondia", 0.3, "korea", START),
    Steady("pink-soldiers", 0.3, "world", START),
    Steady("bong-hwan-a", 0.15, "southeast", START),
    Steady("from-the-beginning-until-now", 0.15, "east", START),
    Steady("moon-mechanic", 0.3, "world", _utc(6, 20, 9)),
    Steady("cotton-gravity", 0.2, "world", _utc(6, 27, 9)),
    Steady("the-tide-remembers", 0.3, "world", _utc(10, 5, 9)),
    Steady("light-the-window", 0.3, "world", _utc(10, 12, 9)),
)

_RIPPLE = ((0, 0), (2, 10), (10, 5), (24, 3), (72, 0))
_DOUBLING = (
    *((0, 0.1), (72, 0.3), (144, 1.5), (192, 3.4), (240, 6.5), (288, 10), (336, 12)),
    *((600, 11), (900, 6), (1400, 2), (2300, 0.4)),
)
_ENDING_SCENE = (
    *((0, 0), (0.4, 70), (2, 80), (5, 44), (10, 22), (22, 12)),  # the night itself
    *((24.5, 18), (30, 10), (48, 7), (160, 4.5)),  # episode 10, and the days after
    *((169, 9), (194, 8), (220, 4.5), (348, 3.2)),  # episodes 11 and 12
)
_HEARING: Shares = {"cover": 13, "edit": 10, "challenge": 3, "reaction": 38, "other": 36}

WAVES = (
    # Saturday 20 June, 18:00 KST: Part 1 of The Moon Repair Shop; Sunday 26 July: the last episode.
    Wave(
        "moon-mechanic",
        "release",
        _utc(6, 20, 9),
        560,
        ((0, 0), (0.5, 40), (4, 30), (12, 18), (24, 14), (48, 10), (96, 6), (240, 3), (480, 1.4), (900, 0)),
        "world",
        _HEARING,
        heat=2.5,
    ),
    Wave(
        "moon-mechanic",
        "release",
        _utc(7, 26, 14),
        70,
        ((0, 4), (3, 10), (24, 4), (120, 0)),
        "world",
        _HEARING,
    ),
    Wave("cotton-gravity", "release", _utc(6, 27, 9), 40, _RIPPLE, "world", _HEARING),
    # Monday 6 July: a re-run and a station piano; four weeks up, eight weeks along the top, a slow way down.
    Wave(
        "from-the-beginning-until-now",
        "classic",
        _utc(7, 6),
        640,
        ((0, 0), (168, 2), (336, 5), (504, 8), (672, 10), (1008, 10.5), (1848, 9.5), (2352, 5), (3100, 1.5)),
        "east",
        {"cover": 42, "edit": 10, "challenge": 2, "reaction": 26, "other": 20},
        heat=1.4,
        sleepless=0.1,
    ),
    # Monday 3 August: the first slow-walk clips; doubling every two to three days, a fortnight on top.
    Wave(
        "romantic-sunday",
        "challenge",
        _utc(8, 3),
        820,
        _DOUBLING,
        "southeast",
        {"challenge": 74, "cover": 5, "reaction": 9, "edit": 5, "other": 7},
        heat=1.6,
        sleepless=0.1,
        platforms={
            "tiktok": 42,
            "instagram": 24,
            "youtube": 16,
            "x": 12,
            "bluesky": 2,
            "mastodon": 2,
            "reddit": 2,
        },
    ),
    # Saturday 19 September, 20:40 KST: sung on the stage of the Han River Drama Awards; over in three days.
    Wave(
        "tell-me-its-not-a-dream",
        "award",
        _utc(9, 19, 11, 40),
        190,
        ((0, 0), (0.7, 30), (3, 20), (8, 9), (20, 5), (36, 2), (72, 0)),
        "korea",
        {"reaction": 38, "other": 44, "edit": 10, "cover": 8},
        heat=2.0,
        sleepless=0.5,
    ),
    # Monday 5 October: Part 1 of Letters to the Lighthouse, hardly noticed ...
    Wave("the-tide-remembers", "release", _utc(10, 5, 9), 25, _RIPPLE, "world", _HEARING),
    Wave("light-the-window", "release", _utc(10, 12, 9), 45, _RIPPLE, "world", _HEARING),
    # ... until Monday 2 November, 22:05 KST: the ending scene of episode 9. A rush, and then it stays.
    Wave(
        "the-tide-remembers",
        "scene",
        _utc(11, 2, 13, 5),
        800,
        _ENDING_SCENE,
        "world",
        {"reaction": 40, "edit": 28, "cover": 16, "other": 14, "challenge": 2},
        heat=3.0,
        sleepless=0.5,
    ),
    # Thursday 15 October, 23:00 KST: 48 fresh accounts in five hours whom nobody watches.
    Wave(
        "cotton-gravity",
        "flood",
        _utc(10, 15, 14),
        48,
        ((0, 5), (5, 5)),
        "world",
        {"other": 1},
        heat=0.001,
        sleepless=1,
        accounts=48,
        platforms={"x": 60, "tiktok": 40},
    ),
    # Wednesday 11 November, 12:00 KST: 270 posts in six hours by three accounts. It must not win.
    Wave(
        "light-the-window",
        "flood",
        _utc(11, 11, 3),
        270,
        ((0, 5), (6, 5)),
        "world",
        {"other": 1},
        heat=0.004,
        sleepless=1,
        accounts=3,
        platforms={"x": 1},
    ),
)

CHATTER = (
    Chatter("anything", START, END, 2480, "world"),
    Chatter("rain", _utc(7, 7), _utc(7, 14), 80, "korea"),
    Chatter("the-moon-repair-shop", _utc(6, 20, 12), _utc(7, 28), 110, "world"),
    Chatter("letters-to-the-lighthouse", _utc(10, 5, 12), END, 160, "world"),
)

ON_AIR = {
    "the-moon-repair-shop": (_utc(6, 20), _utc(7, 28)),
    "letters-to-the-lighthouse": (_utc(10, 5), END),
}
"""The invented dramas are spoken of only while they run; all others at any time."""


GAPS = (
    Gap("tiktok", _utc(8, 24, 15), _utc(8, 30, 15), 0.0),  # Tuesday 25 to Sunday 30 August KST, six days
    Gap("reddit", _utc(6, 10, 2), _utc(6, 10, 8), 0.4),
    Gap("x", _utc(9, 2, 20), _utc(9, 3, 5), 0.5),
    Gap("instagram", _utc(10, 21, 6), _utc(10, 21, 12), 0.6),
)


NOTES = (
    Note(
        "release",
        "moon-mechanic",
        "2026-06-20",
        "released with an invented drama's first episode; a first-day rush that fades over a few weeks",
    ),
    Note(
        "classic",
        "from-the-beginning-until-now",
        "2026-07-06",
        "a song of 2002 climbs for four weeks and stays up for eight, half of it in Japanese",
    ),
    Note(
        "challenge",
        "romantic-sunday",
        "2026-08-03",
        "a walking challenge by word of mouth, doubling every two or three days, many small authors",
    ),
    Note(
        "outage",
        "tiktok",
        "2026-08-25",
        "not collected for six days, 25 to 30 August; no song may look as if it fell",
    ),
    Note(
        "award",
        "tell-me-its-not-a-dream",
        "2026-09-19",
        "jumps after an award stage at 20:40 and is back to usual three days later",
    ),
    Note(
        "swarm",
        "cotton-gravity",
        "2026-10-15",
        "48 fresh accounts post it within five hours and nobody watches; it must not win the week",
    ),
    Note(
        "scene",
        "the-tide-remembers",
        "2026-11-02",
        "out and unnoticed for four weeks, it jumps within hours after an ending scene at 22:05",
    ),
    Note(
        "flood",
        "light-the-window",
        "2026-11-11",
        "three accounts post it 270 times in six hours; it must not win the week",
    ),
)
