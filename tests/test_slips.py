"""A long title with one slip in it is understood where the post names its drama or singer, and only there."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.catalogue import Catalogue
from models.linking.linker import Linker
from models.linking.slips import is_slip
from models.post import Post


@pytest.fixture(scope="module")
def linker(catalogue: Catalogue) -> Linker:
    return Linker(catalogue)


def post(text: str) -> Post:
    return Post("x", "1", datetime(2025, 9, 1, tzinfo=UTC), text=text)


def sure(linker: Linker, text: str) -> set[str]:
    return {link.song for link in linker.link(post(text)).sure}


@pytest.mark.parametrize(
    ("text", "song"),
    [
        ("Suden Shower from Lovely Runner is stuck in my head", "sudden-shower"),
        ("Sudden Shwoer, the Lovely Runner OST, on kalimba", "sudden-shower"),
        ("tocando Sudden Showet de Lovely Runner en la guitarra", "sudden-shower"),
        ("ดู Lovely Runner แล้วฟัง Sudden Shover วนทั้งคืน", "sudden-shower"),
        ("nyanyi Can You Se My Heart, Heize, ost Hotel del Luna", "can-you-see-my-heart"),
        ("Ailee - I Will Go to You Like the Frist Snow", "i-will-go-to-you-like-the-first-snow"),
        ("멜로망스 사랑잉가봐 커버", "love-maybe"),
        ("눈물의 여왕 고장난걸가 무한반복", "tell-me-its-not-a-dream"),
        ("#SudenShower #LovelyRunner", "sudden-shower"),
    ],
)
def test_one_slip_is_mended(linker: Linker, text: str, song: str) -> None:
    assert sure(linker, text) == {song}
    (link,) = linker.link(post(text)).sure
    assert any(piece.name == "spelt with a slip" and piece.weight < 0 for piece in link.evidence)
    assert "♪" in (linker.mask(post(text)).text or "")


@pytest.mark.parametrize(
    "text",
    [
        "Suden Shower caught us on the way home",  # nothing that a song could belong to
        "suden shower again in london lol",
        "sudden showers in Lovely Runner ep 3",  # grammar, not a slip
        "Lovely Runner, sudden flowers everywhere",  # two letters off
        "Sweat Night, Itaewon Class",  # too short a title for slips
        "Goblin: Stay Wit Me",
        "별에서 온 그대 너의 모든 숨",
        "슬기로운 의사생활 보고 싶어",
        "Lovely Runner finale, Sunjae and Sol forever",
    ],
)
def test_what_is_no_slip_of_a_title(linker: Linker, text: str) -> None:
    assert sure(linker, text) == set()


def test_a_slip_makes_a_link_less_sure(linker: Linker) -> None:
    (right,) = linker.link(post("ดู Lovely Runner แล้วเปิด Sudden Shower วนทั้งคืน")).sure
    slipped = linker.link(post("ดู Lovely Runner แล้วเปิด Sudden Shover วนทั้งคืน"))
    (link,) = (*slipped.sure, *slipped.possible)
    assert link.song == right.song == "sudden-shower"
    assert link.confidence < right.confidence - 0.1


def test_a_title_spelt_right_is_not_mended(linker: Linker) -> None:
    (link,) = linker.link(post("Sudden Shower from Lovely Runner")).sure
    assert all(piece.name != "spelt with a slip" for piece in link.evidence)


@pytest.mark.parametrize(
    ("written", "meant", "slip"),
    [
        ("sudenshower", "suddenshower", True),
        ("suddennshower", "suddenshower", True),
        ("suddemshower", "suddenshower", True),
        ("suddehnsower", "suddenshower", False),
        ("suddensohwer", "suddenshower", True),
        ("suddenshowers", "suddenshower", False),
        ("suddenshowe", "suddenshower", False),
        ("suddenshower", "suddenshower", False),
        ("", "suddenshower", False),
        ("winter", "summer", False),
    ],
)
def test_one_letter(written: str, meant: str, slip: bool) -> None:
    assert is_slip(written, meant) is slip


@given(st.text("abc", min_size=1, max_size=9), st.text("abc", max_size=9))
@settings(max_examples=200, deadline=None)
def test_a_slip_works_both_ways(one: str, other: str) -> None:
    assert is_slip(one, other) == is_slip(other, one)


def test_looking_for_slips_takes_little_time(linker: Linker) -> None:
    text = "Lovely Runner OST suddensho suddenshowwer " * 24
    start = time.process_time()
    linker.link(post(text[:1000]))
    assert time.process_time() - start < 0.5
