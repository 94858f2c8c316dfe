"""Which posts a person is asked about: the doubtful first, every language, no copies, a fair fifth by lot."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.asking import (
    ONE_IN,
    PATIENCE,
    RANDOM,
    USEFUL,
    Candidate,
    Told,
    by_lot,
    closeness,
    distinct,
    is_set_apart,
    lot,
    queue,
    spread,
    usefulness,
)
from models.linking.linker import POSSIBLE, SURE

CERTAIN = (0.96, 0.01, 0.01, 0.01, 0.01)
TORN = (0.4, 0.39, 0.1, 0.1, 0.01)


def candidate(key: str, language: str = "en", chances: tuple[float, ...] = TORN, *links: float) -> Candidate:
    return Candidate(key, language, chances, links)


candidates = st.lists(
    st.builds(
        Candidate,
        st.text(min_size=1, max_size=6),
        st.sampled_from(["ko", "en", "ja", ""]),
        st.lists(st.floats(0, 1), min_size=5, max_size=5).map(tuple),
        st.lists(st.floats(0, 1), max_size=3).map(tuple),
    ),
    max_size=30,
    unique_by=lambda one: one.key,
)


def test_a_narrow_lead_and_a_link_at_a_threshold_are_useful() -> None:
    sure = candidate("a", "en", CERTAIN, 0.999)
    assert usefulness(candidate("b", "en", TORN, 0.999)) > usefulness(sure)
    assert usefulness(candidate("b", "en", CERTAIN, 0.49)) > usefulness(candidate("c", "en", CERTAIN, 0.4))
    assert usefulness(candidate("b", "en", CERTAIN, 0.4)) > usefulness(candidate("c", "en", CERTAIN, 0.66))
    assert usefulness(candidate("b", "en", CERTAIN, 0.66)) > usefulness(sure)
    assert usefulness(candidate("b", "en", ())) == 1


def test_closeness_peaks_at_both_thresholds() -> None:
    assert closeness(SURE) == pytest.approx(1)
    assert closeness(POSSIBLE) == pytest.approx(1)
    assert closeness(0.3956) == pytest.approx(0.5, abs=0.01)
    assert closeness(0.0) == closeness(1.0) == 0


@given(st.lists(st.floats(0, 1), min_size=5, max_size=5), st.lists(st.floats(0, 1), max_size=4))
def test_usefulness_is_bounded(chances: list[float], links: list[float]) -> None:
    assert 0 <= usefulness(Candidate("a", "en", tuple(chances), tuple(links))) <= 2


@given(candidates)
def test_spreading_loses_none_and_keeps_the_order_within_a_language(found: list[Candidate]) -> None:
    order = list(spread(found))
    assert Counter(order) == Counter(found)
    assert list(spread(reversed(found))) == order
    for language in {one.language for one in found}:
        worth = [usefulness(one) for one in order if one.language == language]
        assert worth == sorted(worth, reverse=True)
    if order:
        assert usefulness(order[0]) == max(map(usefulness, found))


@given(st.integers(1, 8), st.integers(1, 8), st.integers(1, 8))
def test_languages_of_equal_doubt_take_turns(korean: int, english: int, thai: int) -> None:
    sizes = {"ko": korean, "en": english, "th": thai}
    found = [candidate(f"{name}{number}", name) for name, size in sizes.items() for number in range(size)]
    for seen in range(1, len(found) + 1):
        given_so_far = Counter(one.language for one in islice(spread(found), seen))
        left = [given_so_far[name] for name, size in sizes.items() if given_so_far[name] < size]
        assert not left or max(given_so_far.values()) - min(left) <= 1


def test_a_language_of_which_all_is_certain_waits_behind_much_doubt() -> None:
    found = [candidate(f"en{number}", "en", TORN, 0.8) for number in range(3)]
    order = list(spread([*found, candidate("ko", "ko", CERTAIN, 0.999)]))
    assert [one.language for one in order] == ["en", "en", "en", "ko"]


WORDS = {
    "a": "Goblin OST Stay With Me on the kalimba, recorded in my kitchen at midnight",
    "b": "Goblin OST Stay With Me on the kalimba, recorded in my kitchen at midnight!! 🎵",
    "c": "who else cannot listen to this without thinking of the last bus scene",
    "d": "도깨비 보고 나서 첫눈처럼 너에게 가겠다만 백번째 듣는 중",
}


def test_what_nearly_repeats_a_post_is_left_out() -> None:
    kept = [one.key for one in distinct([candidate(key) for key in WORDS], WORDS.__getitem__, Told())]
    assert kept == ["a", "c", "d"]


def test_what_nearly_repeats_a_post_asked_about_before_is_left_out() -> None:
    told = Told()
    told.add(WORDS["b"], None)
    kept = [one.key for one in distinct([candidate(key) for key in WORDS], WORDS.__getitem__, told)]
    assert kept == ["c", "d"]


def test_a_copy_is_known_by_its_cluster_whatever_its_words() -> None:
    told = Told()
    told.add("one text", "x:1")
    assert told.knows("另一个", "x:1")
    assert not told.knows("另一个", "x:2")
    assert not told.knows("另一个", None)


@given(st.lists(st.text(max_size=40), max_size=12))
def test_everything_told_is_known_and_empty_posts_are_like_nothing(texts: list[str]) -> None:
    told = Told()
    for text in texts:
        told.add(text, None)
    assert all(told.knows(text, None) for text in texts if text.split())
    assert not told.knows("", None)


def test_a_flood_of_copies_is_not_read_to_its_end_but_passed() -> None:
    read: list[str] = []

    def words(key: str) -> str:
        read.append(key)
        return WORDS["a"] if key.startswith("copy") else WORDS["d"]

    flood = [candidate(f"copy{number}") for number in range(3 * PATIENCE)]
    assert [one.key for one in distinct([*flood, candidate("late")], words, Told())] == ["copy0"]
    assert len(read) == PATIENCE + 1
    told = Told()
    told.add(WORDS["a"], None)
    assert [one.key for one in distinct([*flood, candidate("late")], words, told)] == ["late"]


def test_many_posts_are_remembered() -> None:
    told = Told()
    for number in range(300):
        told.add(f"{number * 7919} words of post {number * 104729}", None)
    assert told.knows("0 words of post 0", None)
    assert told.knows(f"{299 * 7919} words of post {299 * 104729}", None)


@given(st.text(max_size=30))
def test_a_lot_hangs_on_the_key_alone(key: str) -> None:
    assert lot(key) == lot(key)
    assert 0 <= lot(key) < 1
    assert is_set_apart(key) == (lot(key) < 1 / ONE_IN)


def test_the_lot_sets_a_fifth_apart_whatever_the_models_think() -> None:
    keys = [f"youtube:{number}" for number in range(5000)]
    apart = by_lot(candidate(key) for key in keys)
    assert 0.18 < len(apart) / len(keys) < 0.22
    assert by_lot(candidate(key, "ko", CERTAIN) for key in reversed(keys)) == apart
    assert [lot(key) for key in apart] == sorted(lot(key) for key in apart)


@given(st.integers(0, 40), st.integers(0, 20), st.integers(0, 60))
def test_every_fifth_question_is_drawn_by_lot(useful: int, drawn: int, asked: int) -> None:
    before = asked // ONE_IN
    picks = list(
        queue((f"u{n}" for n in range(useful)), (f"r{n}" for n in range(drawn)), asked=asked, asked_by_lot=before)
    )
    assert [pick.key for pick in picks if pick.picked == USEFUL] == [f"u{n}" for n in range(useful)]
    assert [pick.key for pick in picks if pick.picked == RANDOM] == [f"r{n}" for n in range(drawn)]
    for place in range(1, len(picks) + 1):
        by_then = Counter(pick.picked for pick in picks[:place])
        if by_then[USEFUL] < useful and by_then[RANDOM] < drawn:
            assert before + by_then[RANDOM] == (asked + place) // ONE_IN


def test_sessions_of_one_question_get_their_share_of_lots_too() -> None:
    asked = by_lot = 0
    for _ in range(20):
        pick = next(queue(["u"], ["r"], asked=asked, asked_by_lot=by_lot))
        asked, by_lot = asked + 1, by_lot + (pick.picked == RANDOM)
    assert by_lot == 4
