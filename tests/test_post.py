from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.korean_time import moment
from models.post import LONGEST_TEXT, BadPost, Post, Reading, check_times, clean_text, cleaned

NOW = moment("2026-11-22T12:00:00Z")


def a_post(**changes: object) -> Post:
    return Post(**{"platform": "x", "id": "1", "published_at": NOW, "text": "도깨비 OST", **changes})  # type: ignore[arg-type]


def test_a_post_is_known_when_it_was_first_observed() -> None:
    assert a_post(reading=Reading(NOW + timedelta(hours=3))).known_at == NOW + timedelta(hours=3)
    assert a_post().known_at == NOW


def test_a_post_is_never_known_before_it_was_published() -> None:
    assert a_post(reading=Reading(NOW - timedelta(hours=3))).known_at == NOW


@pytest.mark.parametrize("text", ["2099-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-11-24T00:00:00Z"])
def test_dates_that_cannot_be_true_are_refused_by_name(text: str) -> None:
    with pytest.raises(BadPost, match="published_at"):
        check_times(a_post(published_at=moment(text)), now=NOW)
    with pytest.raises(BadPost, match="observed_at"):
        check_times(a_post(reading=Reading(moment(text))), now=NOW)


def test_a_clock_a_little_fast_is_forgiven() -> None:
    fast = a_post(published_at=NOW + timedelta(hours=2))
    assert check_times(fast, now=NOW) is fast


def test_missing_counts_are_not_zero() -> None:
    assert not Reading(NOW).says_something()
    assert Reading(NOW, views=0).says_something()


def test_hashtags_lose_their_sign_and_their_repeats() -> None:
    assert cleaned(a_post(hashtags=("#ost", "ost", " ＃도깨비 ", "#", ""))).hashtags == ("ost", "도깨비")


def test_half_an_emoji_does_not_stop_a_post() -> None:
    text = clean_text("눈물 \ud83d\ude2d 반쪽 \ud83d")
    assert text == "눈물 😭 반쪽 �"


@given(st.text(alphabet=st.characters(), max_size=200))
def test_clean_text_can_always_be_stored(text: str) -> None:
    found = clean_text(text)
    assert found is None or (found.encode() and "\0" not in found and len(found) <= LONGEST_TEXT)


def test_endless_text_is_cut() -> None:
    assert len(clean_text("가" * 1_000_000) or "") == LONGEST_TEXT
