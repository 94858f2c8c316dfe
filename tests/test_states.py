"""What a song is doing: entered plainly, left slowly, never through a gap in the collection."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.trends.states import STATES, Signs, States


def signs(**changed: float | bool) -> Signs:
    """One song, by default as steady as can be."""
    usual: dict[str, float | bool] = {
        "surprise": 0.3, "score": 3, "growth": 0, "confidence": 0.6, "people_week": 10, "today": 1, "yesterday": 1,
        "few": 0.5, "confirmed": False, "standing": False, "covered": True, "quiet": 10, "age": 99999, "past": 300,
    }  # fmt: skip
    return Signs(**{name: np.array([value]) for name, value in (usual | changed).items()})  # type: ignore[arg-type]


RISE = signs(surprise=2.5, confirmed=True, standing=True)
HOLD = signs(surprise=2.0, standing=True)
VIRAL = signs(surprise=5, score=60, growth=2, confidence=0.9, standing=True, today=3)


def after(*steps: Signs, start: int = 5000) -> str:
    states = States.none(1)
    code = np.zeros(1, int)
    for number, step in enumerate(steps):
        code = states.step(start + number, step)
    return STATES[int(code[0])]


def test_a_song_nobody_names_is_dormant_and_one_that_is_named_is_steady() -> None:
    assert after(signs(people_week=2)) == "dormant"
    assert after(signs()) == "steady"


def test_a_confirmed_alert_makes_it_rising_and_an_unconfirmed_surprise_does_not() -> None:
    assert after(signs(), RISE) == "rising"
    assert after(signs(), signs(surprise=5, confidence=0.9)) == "steady"


def test_rising_is_left_after_a_whole_day_below_sixty_percent() -> None:
    calm = signs(surprise=1.0, standing=True)
    assert after(RISE, *[calm] * 23) == "rising"
    assert after(RISE, *[calm] * 24) == "steady"
    assert after(RISE, *[calm] * 20, HOLD, *[calm] * 10) == "rising"


def test_nothing_goes_down_while_the_collection_has_a_gap() -> None:
    gap = signs(surprise=0, people_week=0, today=0, few=0.001, covered=False, standing=True)
    assert after(RISE, *[gap] * 100) == "rising"
    assert after(signs(), *[gap] * 100) == "steady"


def test_viral_then_peaking_then_fading_then_steady() -> None:
    level = replace(VIRAL, yesterday=np.array([3.0]))
    falls = signs(today=1, yesterday=3, few=0.001, surprise=1)
    assert after(RISE, VIRAL) == "viral"
    assert after(RISE, VIRAL, level) == "peaking"
    assert after(RISE, VIRAL, level, falls) == "fading"
    assert after(RISE, VIRAL, level, falls, *[signs()] * 10) == "fading"
    assert after(RISE, VIRAL, level, falls, *[signs()] * 24) == "steady"


def test_a_quiet_song_that_was_watched_for_long_resurges() -> None:
    assert after(signs(), replace(RISE, past=np.array([2500.0]))) == "resurging"
    young = replace(RISE, past=np.array([2500.0]), age=np.array([2500.0]))
    assert after(signs(), young) == "rising"


def test_a_second_rise_within_ninety_days_is_no_return() -> None:
    again = replace(RISE, past=np.array([2500.0]))
    assert after(again, *[signs()] * 30, again) == "rising"
