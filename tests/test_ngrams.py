"""Hashed n-grams: what is told apart, what is not, and that texts do not touch one another."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.tagging.ngrams import NOTHING, Shape, buckets, fold, lay_out

SHAPE = Shape(bits=16, longest=4, seed=7)


def grams(texts: list[str], spaces: list[int] | None = None) -> list[list[int]]:
    """The buckets of each text, sorted."""
    laid = lay_out(texts)
    owner = np.append(laid.owner, len(texts) - 1)
    found: list[list[int]] = [[] for _ in texts]
    for kind in buckets(laid, np.array(spaces or [0] * len(texts), np.uint32), SHAPE):
        for place in np.flatnonzero(kind != NOTHING):
            found[owner[place]].append(int(kind[place]))
    return [sorted(one) for one in found]


def test_full_width_letters_case_and_invisible_signs_make_no_difference() -> None:
    assert fold("ＣＯＶＥＲ") == fold("co\u200bver") == "cover"
    assert grams(["ＣＯＶＥＲ"]) == grams(["cover"])


def test_accents_make_a_difference() -> None:
    assert grams(["hát"]) != grams(["hat"])


def test_number_of_grams_of_a_word() -> None:
    # " ab ": a b | _a ab b_ | _ab ab_ | _ab_ , and the word itself
    assert len(grams(["ab"])[0]) == 9


def test_two_words_add_their_pair_and_share_no_gram_across_the_space() -> None:
    alone, both = grams(["ab", "ab cd"])
    assert len(both) == 2 * len(alone) + 1


def test_a_space_changes_every_gram() -> None:
    title, tags = grams(["edit", "edit"], [0, 1])
    assert not set(title) & set(tags)


def test_an_empty_text_has_no_grams() -> None:
    assert grams(["", "a", ""]) == [[], grams(["a"])[0], []]
    assert grams([""]) == [[]]


def test_a_sign_held_down_counts_three_times() -> None:
    assert grams(["so" + "o" * 500]) == grams(["sooo"])


@settings(max_examples=60)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=6))
def test_a_text_has_the_same_grams_alone_as_among_others(texts: list[str]) -> None:
    assert grams(texts) == [grams([text])[0] for text in texts]


@given(st.text(max_size=60))
def test_buckets_are_below_two_to_the_bits(text: str) -> None:
    assert all(0 < bucket < SHAPE.buckets for bucket in grams([text])[0])
