"""Cutting run-together words with known names."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.linking.hashtags import Edge, cheapest_cover


def cut(word: str, *names: str) -> list[str] | None:
    edges = [Edge(at, at + len(name)) for name in names for at in range(len(word)) if word.startswith(name, at)]
    way = cheapest_cover(0, len(word), edges)
    return None if way is None else [word[edge.start : edge.end] for edge in way]


@pytest.mark.parametrize(
    ("word", "names", "parts"),
    [
        ("goblinostcover", ("goblin", "ost", "cover"), ["goblin", "ost", "cover"]),
        ("staywithmecover", ("stay", "with", "me", "staywithme", "cover"), ["staywithme", "cover"]),
        ("소나기챌린지", ("소나기", "챌린지"), ["소나기", "챌린지"]),
        ("lovestorylyn", ("love", "story", "lovestory", "lyn"), ["lovestory", "lyn"]),
    ],
)
def test_the_fewest_names_that_cover_the_word(word: str, names: tuple[str, ...], parts: list[str]) -> None:
    assert cut(word, *names) == parts


def test_a_name_inside_another_word_is_no_mention() -> None:
    assert cut("everlastingbeautifulness", "beautiful") is None
    assert cut("hashtag", "hash") is None


def test_a_little_may_be_left_over() -> None:
    assert cut("suddenshowerlovelyrunnerx", "suddenshower", "lovelyrunner") == ["suddenshower", "lovelyrunner"]


def test_nothing_known_nothing_cut() -> None:
    assert cut("whatever") is None
    assert cheapest_cover(3, 3, []) is None


def test_edges_outside_the_span_are_ignored() -> None:
    assert cheapest_cover(2, 6, [Edge(0, 6), Edge(2, 6), Edge(2, 9)]) == [Edge(2, 6)]


@given(
    st.integers(1, 30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8)), max_size=30),
)
@settings(max_examples=200, deadline=None)
def test_a_cut_is_in_order_disjoint_and_covers_nine_tenths(size: int, spans: list[tuple[int, int]]) -> None:
    way = cheapest_cover(0, size, [Edge(start, start + length) for start, length in spans])
    if way is not None:
        assert all(one.end <= other.start for one, other in itertools.pairwise(way))
        assert sum(edge.end - edge.start for edge in way) >= 0.9 * size
