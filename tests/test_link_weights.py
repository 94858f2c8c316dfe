"""The linker's weights: fitted near what is known beforehand, stored in a file that is checked."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from models.catalogue import Catalogue
from models.linking.evidence import PRIORS
from models.linking.fitting import Material, fit, fit_weights, material
from models.linking.link_corpus import LabelledLinkPost, LinkCorpusError, packaged_link_corpus, read_link_corpus
from models.linking.link_corpus import checksum as corpus_checksum
from models.linking.linker import Linker
from models.linking.weights import LinkWeights, LinkWeightsError, packaged_weights, weights_from_bytes
from models.post import Post

NAMES = list(PRIORS)


def told(text: str, *songs: str, acceptable: tuple[str, ...] = ()) -> LabelledLinkPost:
    post = Post("x", "1", datetime(2025, 9, 1, tzinfo=UTC), text=text)
    return LabelledLinkPost(post, frozenset(songs), frozenset(acceptable))


def seen_with(*names: str, meant: bool, times: int = 1) -> Material:
    row = np.zeros(len(NAMES))
    for name in ("prior", *names):
        row[NAMES.index(name)] = 1
    return Material(np.tile(row, (times, 1)), np.full(times, meant), np.zeros(times, np.intp))


def both(one: Material, other: Material) -> Material:
    return Material(*(np.concatenate(pair) for pair in zip(vars(one).values(), vars(other).values(), strict=True)))


def test_without_labels_the_weights_are_what_is_known_beforehand() -> None:
    assert fit_weights(seen_with(meant=True, times=0)) == PRIORS


def test_labels_move_a_weight_their_way_but_never_to_the_other_side() -> None:
    against = fit_weights(seen_with("OST word", "music word", meant=False, times=500))
    assert 0 <= against["OST word"] < PRIORS["OST word"]
    towards = fit_weights(seen_with("OST word", "music word", meant=True, times=500))
    assert towards["OST word"] > PRIORS["OST word"]
    doubted = fit_weights(seen_with("another singer named", "singer named", meant=True, times=500))
    assert PRIORS["another singer named"] < doubted["another singer named"] <= 0


def test_what_labels_are_silent_about_stays() -> None:
    fitted = fit_weights(seen_with("OST word", meant=True, times=50))
    assert fitted["drama named"] == PRIORS["drama named"]
    assert fitted["prior"] == PRIORS["prior"]


def test_a_stronger_prior_holds_the_weights_nearer() -> None:
    found = both(
        seen_with("OST word", meant=False, times=40),
        seen_with("OST word", "drama named", meant=True, times=40),
    )
    loose, firm = fit_weights(found, strength=1.0), fit_weights(found, strength=100.0)
    assert abs(firm["OST word"] - PRIORS["OST word"]) < abs(loose["OST word"] - PRIORS["OST word"])


def test_the_material_holds_each_song_once_a_post_and_leaves_the_acceptable_out(catalogue: Catalogue) -> None:
    found = material(
        catalogue,
        [
            told("Crush - Beautiful, Goblin OST. Beautiful!", "beautiful-crush"),
            told("Ailee - I Will Go to You Like the First Snow", acceptable=("i-will-go-to-you-like-the-first-snow",)),
            told("nothing of the kind"),
        ],
    )
    assert found.shares.shape == (1, len(NAMES))
    assert found.meant.tolist() == [True]
    assert found.shares[0, NAMES.index("singer named")] > 0


def test_the_same_labels_give_the_same_bytes_and_read_back(catalogue: Catalogue) -> None:
    labelled = [told("Crush - Beautiful, Goblin OST", "beautiful-crush"), told("what a beautiful day on stage, song")]
    once, again = fit(catalogue, labelled), fit(catalogue, labelled)
    assert once.to_bytes() == again.to_bytes()
    read = weights_from_bytes(once.to_bytes())
    assert read.values == once.values
    assert read.metadata["posts"] == 2
    assert read.metadata["corpus"] == corpus_checksum(labelled)


def test_other_weights_are_another_version_and_other_links(catalogue: Catalogue) -> None:
    doubtful = LinkWeights({**PRIORS, "drama named": 0.1, "singer named": 0.1, "stands as a name": 0.0})
    post = told("Sweet Night from Itaewon Class").post
    linker, doubter = Linker(catalogue, LinkWeights(PRIORS)), Linker(catalogue, doubtful)
    assert linker.version != doubter.version
    assert linker.link(post).sure
    assert not doubter.link(post).sure


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content: content.update(format="tea"), "weights of another kind"),
        (lambda content: content["weights"].pop("OST word"), "OST word"),
        (lambda content: content["weights"].update(tea=1.0), "tea"),
        (lambda content: content["weights"].update({"OST word": -1.0}), "damaged weights: OST word"),
        (lambda content: content["weights"].update({"OST word": float("nan")}), "damaged weights: OST word"),
        (lambda content: content.pop("weights"), "not the weights of a linker"),
    ],
)
def test_foreign_and_damaged_weights_are_refused(change: object, message: str) -> None:
    content = json.loads(packaged_weights().to_bytes())
    change(content)  # type: ignore[operator]
    with pytest.raises(LinkWeightsError, match=message):
        weights_from_bytes(json.dumps(content).encode())


@pytest.mark.parametrize("data", [b"", b"\x93NUMPY", b"[]", b"7", b'{"weights": 3}'])
def test_what_is_no_weights_file_is_refused(data: bytes) -> None:
    with pytest.raises(LinkWeightsError):
        weights_from_bytes(data)


def test_the_packaged_weights_are_those_fitted_on_the_packaged_corpus(catalogue: Catalogue) -> None:
    labelled = packaged_link_corpus(catalogue.songs)
    assert packaged_weights().metadata["corpus"] == corpus_checksum(labelled), "run ostpulse train --linker-out"
    assert fit(catalogue, labelled).values == packaged_weights().values


def test_the_corpus_is_large_and_half_of_it_are_traps(catalogue: Catalogue) -> None:
    labelled = packaged_link_corpus(catalogue.songs)
    assert len(labelled) >= 1_200
    assert 0.4 <= sum(not one.songs for one in labelled) / len(labelled) <= 0.65
    assert len({song for one in labelled for song in one.songs}) >= 150
    assert len({one.post.language for one in labelled}) >= 14


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not a post"),
        ('{"platform": "x"}', "published_at: is missing"),
        ('{"platform": "x", "published_at": "soon", "songs": []}', "not a post"),
        (
            '{"platform": "x", "published_at": "2025-01-01T00:00:00Z", "songs": ["tea"]}',
            "songs: there is no song 'tea'",
        ),
        ('{"platform": "x", "published_at": "2025-01-01T00:00:00Z", "songs": "tea"}', "songs: expected a list"),
    ],
)
def test_a_bad_corpus_line_is_named(line: str, message: str) -> None:
    with pytest.raises(LinkCorpusError, match=f"own.jsonl: line 1: {message}"):
        read_link_corpus("own.jsonl", [line], songs={"stay-with-me"})
