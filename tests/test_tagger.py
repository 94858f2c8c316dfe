"""The shipped tagger: what it says of plain posts, what it survives, and what it refuses to load."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.post import TAGS, Post
from models.tagging.corpus import checksum, packaged_corpus
from models.tagging.tagger import Tagger, TaggerError, load_tagger, rounded, tagger_from_bytes

WEIGHTS = Path(__file__).parent.parent / "models" / "data" / "tagger.npz"


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    """The shipped one."""
    return load_tagger()


def post(text: str | None = None, *, title: str | None = None, tags: tuple[str, ...] = (), platform: str = "x") -> Post:
    """A post of no particular time."""
    return Post(platform, "1", datetime(2026, 11, 1, tzinfo=UTC), title=title, text=text, hashtags=tags)


@pytest.mark.parametrize(
    ("one", "tag"),
    [
        (post(title="♪ - 에일리 | 피아노 커버 piano cover", platform="youtube"), "cover"),
        (post("♪ 불러봤어요 🎤 집에서 녹음했습니다"), "cover"),
        (post("♪ を歌ってみた"), "cover"),
        (post("gong yoo #goblinedit #kdramaedit", tags=("goblinedit", "kdramaedit")), "edit"),
        (post(title="Goblin x Grim Reaper FMV | ♪ (slowed + reverb)", platform="youtube"), "edit"),
        (post("우리도 해봤다 #♪챌린지 with 선배님", tags=("♪챌린지",)), "challenge"),
        (post("thử thách nhảy cùng bạn thân #dancechallenge", tags=("dancechallenge",)), "challenge"),
        (post(title="Vocal coach reacts to ♪ for the first time", platform="youtube"), "reaction"),
        (post("♪ 들을 때마다 눈물이 나... 오열함 ㅠㅠ"), "reaction"),
        (post(title="[MV] 에일리(Ailee) - ♪ (Official Music Video) 도깨비 OST", platform="youtube"), "other"),
        (post(title="[4K 직캠] 음악중심 fancam", platform="youtube"), "other"),
    ],
)
def test_plain_posts(tagger: Tagger, one: Post, tag: str) -> None:
    assert tagger.tag_all([one])[0].tag == tag


@pytest.mark.parametrize("one", [post(), post(""), post("   \n"), post("#fyp #viral", tags=("fyp", "viral"))])
def test_a_post_that_says_nothing_is_other(tagger: Tagger, one: Post) -> None:
    (said,) = tagger.tag_all([one])
    assert said.tag == "other"
    assert said.confidence < 1


def test_order_and_company_make_no_difference(tagger: Tagger) -> None:
    posts = [post("my cover of ♪"), post(""), post("챌린지"), post("a" * 5000), post("slowed + reverb")]
    together = tagger.tag_all(posts)
    assert together == [tagger.tag_all([one])[0] for one in posts]
    assert together[::-1] == tagger.tag_all(posts[::-1])
    assert tagger.tag_all([]) == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60), st.lists(st.text(max_size=20), max_size=5))
def test_any_text_gives_five_probabilities(text: str, title: str, tags: list[str]) -> None:
    (said,) = load_tagger_once().tag_all([post(text, title=title, tags=tuple(tags), platform="youtube")])
    assert sum(round(share * 10_000) for share in said.probabilities) == 10_000
    assert said.confidence == max(said.probabilities) == said.probabilities[TAGS.index(said.tag)]


def test_a_wall_of_one_word_is_no_more_certain_than_a_few(tagger: Tagger) -> None:
    few, wall = tagger.tag_all([post("selam arkadaslar " * 3), post("selamarkadaslar" * 400)])
    assert wall.confidence < 0.99
    assert few.confidence < 0.99


def test_explanation_names_the_word_that_decided(tagger: Tagger) -> None:
    reasons = tagger.explain(post("nightcore version of ♪"))
    assert any("nightcore" in reason.what or "audio_edit" in reason.what for reason in reasons[:3])
    assert [abs(reason.weight) for reason in reasons] == sorted((abs(r.weight) for r in reasons), reverse=True)
    assert {reason.what for reason in tagger.explain(post(""))} <= {
        "[hardly a word]",
        "[no subject]",
        "[no subject and hardly a word]",
    }


def test_loading_needs_no_scikit_learn() -> None:
    code = "import sys; from models.tagging.tagger import load_tagger; load_tagger(); print('sklearn' in sys.modules)"
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_shipped_weights_are_small_and_fitted_on_the_shipped_corpus(tagger: Tagger) -> None:
    assert WEIGHTS.stat().st_size < 2_000_000
    corpus = packaged_corpus()
    assert tagger.metadata["corpus"] == checksum(corpus), "the corpus has changed: run `ostpulse train`"
    assert tagger.metadata["posts"] == len(corpus)
    assert tagger.version.startswith("0.")


def changed(**changes: object) -> bytes:
    """The shipped weights with some arrays replaced; of 'metadata' only the keys given."""
    with np.load(WEIGHTS) as archive:
        arrays = {name: archive[name] for name in archive.files}
    for name, value in changes.items():
        if name == "metadata":
            assert isinstance(value, dict)
            value = json.dumps({**json.loads(arrays[name].tobytes()), **value}).encode()
            arrays[name] = np.frombuffer(value, np.uint8)
        else:
            arrays[name] = np.asarray(value)
    packed = io.BytesIO()
    np.savez(packed, **arrays)  # type: ignore[arg-type]
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "not the weights of a tagger"),
        (b"PK\x03\x04 nonsense", "not the weights of a tagger"),
        (WEIGHTS.read_bytes()[:5000], "not the weights of a tagger"),
        (changed(metadata={"format": "something else"}), "weights of another kind"),
        (changed(metadata={"tags": ["a", "b"]}), "weights of another kind"),
        (changed(metadata={"words": "0"}), "other tag words"),
        (changed(metadata={"bits": 9}), "grams is"),
        (changed(metadata={"bits": 999}), "999 bits"),
        (changed(metadata={"temperature": float("nan")}), "temperature"),
        (changed(metadata={"temperature": "warm"}), "damaged weights"),
        (changed(bias=np.full(5, np.nan)), "bias holds numbers that are none"),
        (changed(rules=np.zeros((3, 5))), "rules is"),
        (changed(idf=np.array(["a"])), "not the weights of a tagger"),
        (changed(surprise=np.zeros(1)), "damaged weights"),
    ],
)
def test_foreign_stale_and_damaged_weights_are_refused(data: bytes, problem: str) -> None:
    with pytest.raises(TaggerError, match=problem):
        tagger_from_bytes(data)


def test_the_same_bytes_are_the_same_version() -> None:
    data = WEIGHTS.read_bytes()
    assert tagger_from_bytes(data).version == tagger_from_bytes(data).version
    assert f"0.{tagger_from_bytes(data).version}" == load_tagger().version


@given(st.lists(st.floats(0.001, 1), min_size=5, max_size=5))
def test_rounding_moves_no_probability_by_more_than_one_unit(weights: list[float]) -> None:
    exact = np.array([weights]) / sum(weights)
    result = rounded(exact)
    assert round(float(result.sum()) * 10_000) == 10_000
    assert np.abs(result - exact).max() < 1e-4 + 1e-12


_loaded: list[Tagger] = []


def load_tagger_once() -> Tagger:
    """For laws, which cannot take a fixture."""
    if not _loaded:
        _loaded.append(load_tagger())
    return _loaded[0]
