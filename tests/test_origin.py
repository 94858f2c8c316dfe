"""Where a rise came from: the shape of the curve, what was dated near it, and that it is written once."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scored_archive import START, build_up, database, jump, say, steady
from sqlite_utils import Database

from models.korean_time import DAY, HOUR, iso, moment
from models.trends.origin import (
    AFTER,
    AIR_DAY,
    BEFORE,
    Dated,
    Origin,
    Sighting,
    judge,
    named,
    nearest,
    people_by_hour,
)
from tracker.config import Score
from tracker.explain import explain, explain_parts
from tracker.origins import write_origins
from tracker.score_input import hour_number
from tracker.scoring import score

SETTINGS = Score()
ALERT = date(2026, 10, 4)
FINALE = Dated("2026-10-04", "finale", "Long Walk: last episode")
HOURS = BEFORE + AFTER


def curve(**people: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Hours around the alert with people in some, as h<hour> of the six days."""
    hours = np.zeros(HOURS)
    for name, number in people.items():
        hours[int(name[1:])] = number
    return hours


JUMP = curve(h92=6, h93=8, h94=8, h95=6, h96=5, h98=3, h100=2, h110=2, h120=1)
BUILDING = np.linspace(0, 1, HOURS) ** 2
BETWEEN = curve(h50=4, h60=4, h70=5, h80=6, h90=6, h96=8, h100=6, h110=5, h125=6, h135=6)


def judged(people: np.ndarray[Any, np.dtype[np.float64]], *events: Dated, covered: float = 1.0) -> Origin:
    return judge(people, 0.05, alert=ALERT, events=events, covered=covered)


def test_a_jump_that_decays_is_an_event_and_names_the_nearest() -> None:
    assert judged(JUMP, FINALE).text == "event: finale 2026-10-04 (Long Walk: last episode)"
    assert judged(JUMP).text == "event: none known"


def test_a_rise_that_builds_up_over_days_is_word_of_mouth() -> None:
    found = judged(BUILDING)
    assert found.text == "word of mouth"
    assert found.figures["last_day"] == 1.0


def test_an_event_tips_what_the_shape_leaves_open_and_an_air_day_does_less() -> None:
    assert judged(BETWEEN).kind == "unclear"
    assert judged(BETWEEN, FINALE).kind == "event"
    air_day = judged(BETWEEN, FINALE._replace(kind=AIR_DAY)).figures["chance"]
    assert judged(BETWEEN).figures["chance"] < air_day < judged(BETWEEN, FINALE).figures["chance"]


def test_nothing_is_judged_from_a_handful_or_from_an_outage() -> None:
    few = judged(curve(h95=2, h96=1))
    assert (few.text, few.why) == ("unclear", "fewer than four people more than expected")
    dark = judged(JUMP, covered=0.4)
    assert (dark.text, dark.why) == ("unclear", "too little was collected")


def test_events_after_the_alert_or_long_before_it_are_not_looked_at() -> None:
    late, old = FINALE._replace(date="2026-10-05"), FINALE._replace(date="2026-09-30")
    assert nearest([late, old], ALERT) is None
    episode, award = Dated("2026-10-04", AIR_DAY, "Long Walk"), Dated("2026-10-02", "award", "Best song")
    assert nearest([late, episode, award], ALERT) == award
    assert nearest([episode], ALERT) == episode


def test_a_long_note_is_cut_and_kept_on_one_line() -> None:
    assert named(Dated("2026-10-02", "live_performance", "a\n b " * 80)).count("\n") == 0
    assert len(named(Dated("2026-10-02", "live_performance", "word " * 80))) < 160


SIGHTINGS = st.lists(
    st.builds(Sighting, st.sampled_from("abcdefgh"), st.integers(0, HOURS * 3600 - 1), st.sampled_from([0.6, 1.0])),
    max_size=40,
)


@given(SIGHTINGS, st.randoms(use_true_random=False))
def test_neither_order_nor_a_second_post_of_a_person_changes_the_curve(sightings: list[Sighting], random: Any) -> None:
    mixed = [*sightings, *(one._replace(at=one.at) for one in sightings)]
    random.shuffle(mixed)
    assert people_by_hour(mixed, 0).tolist() == people_by_hour(sightings, 0).tolist()


@given(st.lists(st.floats(0, 50), min_size=HOURS, max_size=HOURS), st.floats(0, 5))
def test_a_known_event_never_makes_an_event_less_likely(people: list[float], expected: float) -> None:
    bare, known = (judge(np.array(people), expected, alert=ALERT, events=e, covered=1) for e in ([], [FINALE]))
    assert bare.figures.keys() == known.figures.keys()
    if "chance" in bare.figures:
        assert 0 <= bare.figures["chance"] <= known.figures["chance"] <= 1


def origins(db: Database) -> list[tuple[Any, ...]]:
    return db.execute("select song, raised_at, confirmed_at, origin, origin_parts from alerts order by id").fetchall()


def test_it_is_written_48_hours_after_the_alert_and_never_changed_later() -> None:
    db = database()
    steady(db, 45)
    jump(db, 32)  # 3 October 2026 in Korea, the day before the finale
    score(db, settings=SETTINGS, until=START + 33 * DAY)
    ((song, raised, _, origin, _),) = origins(db)
    assert (song, origin) == ("letter", None)
    due = moment(raised) + AFTER * HOUR
    score(db, settings=SETTINGS, until=due - HOUR)
    assert origins(db)[0][3] is None
    assert "Origin" not in "\n".join(explain(db, "letter", at=None))
    score(db, settings=SETTINGS, until=due)
    written = origins(db)[0]
    assert written[3] == "event: air day 2026-10-03 (Long Walk)"
    assert set(json.loads(written[4])) == {"extra", "best_day", "last_day", "early", "chance", "event"}
    say(db, 777, "letter", due - 3 * HOUR, known=due + 5 * HOUR)
    score(db, settings=SETTINGS)
    assert origins(db)[0] == written


def test_the_song_s_the_drama_s_and_the_singer_s_dates_are_known() -> None:
    wanted = {
        "update songs set released = '2026-10-03'": "release 2026-10-03 (Letter released)",
        "insert into events (subject, date, kind, note) values ('haru', '2026-10-03', 'stage', 'Music Bank')": (
            "stage 2026-10-03 (Music Bank)"
        ),
        "insert into events (subject, date, kind, note) values ('walk', '2026-10-02', 'award', 'Best drama')": (
            "award 2026-10-02 (Best drama)"
        ),
        "update dramas set last_aired = '2026-10-03'": "finale 2026-10-03 (Long Walk: last episode)",
    }
    for change, expected in wanted.items():
        db = database()
        steady(db, 37)
        jump(db, 32)
        db.execute(change)
        db.conn.commit()
        score(db, settings=SETTINGS)
        assert origins(db)[0][3] == f"event: {expected}"


def test_people_who_tell_each_other_are_word_of_mouth_and_explain_shows_the_sum() -> None:
    db = database()
    steady(db, 45)
    build_up(db, 28)
    score(db, settings=SETTINGS)
    alert = origins(db)[0]
    assert alert[3] == "word of mouth"
    lines = explain(db, "letter", at=None)
    (told,) = (line for line in lines if "Odds of an event" in line)
    sum_, odds = told.split("Odds of an event: ")[1].split(";")[0].split(" = ")
    assert eval(sum_.replace(" x ", "*")) == pytest.approx(float(odds), abs=0.006)
    found = explain_parts(db, "letter", at=None)["alerts"][-1]
    assert 1 / (1 + np.exp(-float(odds))) == pytest.approx(found["origin_parts"]["chance"], abs=0.006)


def test_an_alert_that_was_withdrawn_has_no_origin_worth_a_name() -> None:
    db = database()
    steady(db, 40)
    jump(db, 30)
    score(db, settings=SETTINGS)
    ((song, raised, confirmed, origin, _),) = origins(db)
    assert origin != "unclear"
    db.execute("update alerts set origin = null, origin_parts = null, withdrawn_at = ?", [raised])
    write_origins(db.conn, hour_number(raised) + AFTER - 1)
    assert origins(db) == [(song, raised, confirmed, "unclear", '{"why": "withdrawn"}')]


@pytest.fixture(scope="module")
def replayed() -> list[tuple[Any, ...]]:
    return origins(_scored([]))


def _scored(stops: list[int]) -> Database:
    db = database()
    steady(db, 40)
    jump(db, 30)
    build_up(db, 22)
    for hour in sorted(stops):
        score(db, settings=SETTINGS, until=START + hour * HOUR)
    score(db, settings=SETTINGS)
    return db


@settings(max_examples=6, deadline=None)
@given(st.lists(st.integers(22 * 24, 39 * 24), min_size=1, max_size=8, unique=True))
def test_scored_in_pieces_gives_the_origins_of_a_replay(replayed: list[tuple[Any, ...]], stops: list[int]) -> None:
    assert replayed[0][3] is not None
    assert origins(_scored(stops)) == replayed


def test_a_late_file_brings_the_origin_of_a_replay() -> None:
    late, whole = database(), database()
    for db in (late, whole):
        steady(db, 40)
        jump(db, 30)
    score(late, settings=SETTINGS)
    for db in (late, whole):
        for number in range(60):
            say(db, 40_000 + number, "letter", START + 31 * DAY + number * HOUR / 2)
    known: datetime = START + 31 * DAY
    late.execute("insert into meta values ('dirty_from', ?)", (iso(known),))
    late.conn.commit()
    score(late, settings=SETTINGS)
    score(whole, settings=SETTINGS)
    assert [row for row in origins(late) if row[3]] == origins(whole)
