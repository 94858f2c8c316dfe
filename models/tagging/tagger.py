"""Says what the person who posted is doing: cover, edit, challenge, reaction or other.

One linear model over hashed n-grams and the senses of data/tag_words.toml, scored with numpy alone; see
`models.tagging.training` for how it is fitted. Each place of a post counts by its own: the n-grams of a long
description do not drown the title.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.complaint import Complaint
from models.post import TAGS, Post
from models.tagging.corpus import packaged_fingerprint
from models.tagging.features import PLACES, rule_names, see
from models.tagging.ngrams import Shape
from models.tagging.plain_words import plain_tags
from models.tagging.words import Senses, packaged

FORMAT = "ostpulse tagger 2"
DECIMALS = 4
LOUDEST = 1.5
"""What the n-grams of one place add at most: a text that repeats one word would shout down all else."""


class TaggerError(Complaint):
    """Weights that cannot be used; the message says what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tag, the probability of it, and the five probabilities in the order of TAGS.

    The probabilities are whole ten-thousandths that add up to 1.
    """

    tag: str
    confidence: float
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A word or a rule and what it adds to the log-odds of the tag against the mean of all five."""

    what: str
    weight: float


@dataclass(frozen=True)
class Weights:
    """A fitted model.

    `grams` is (buckets, tags), `idf` (buckets,), `rules` (rules, tags), `bias` (tags,), `scales` (places,);
    `plain_word` is what a tag gets whose plain word stands in the post.
    """

    shape: Shape
    grams: NDArray[np.float32]
    idf: NDArray[np.float32]
    rules: NDArray[np.float32]
    bias: NDArray[np.float32]
    scales: NDArray[np.float32]
    temperature: float
    plain_word: float = 0.0

    @cached_property
    def table(self) -> NDArray[np.float32]:
        """(buckets, tags + 1): what a gram adds to each tag, and to the squared length of its text."""
        centred = self.grams - self.grams.mean(axis=1, keepdims=True)
        return np.hstack([centred * self.idf[:, None], self.idf[:, None] ** 2]).astype(np.float32)


class Tagger:
    """A fitted model with its version."""

    def __init__(self, weights: Weights, senses: Senses, version: str, metadata: dict[str, Any]) -> None:
        self.version = version
        self.metadata = metadata
        self._weights = weights
        self._senses = senses

    def tag_all(self, posts: Sequence[Post]) -> list[Tagged]:
        """Tag `posts`, in order; batches of about 1,000 are fastest. A post without text is 'other'."""
        if not posts:
            return []
        probabilities = rounded(softmax(self.scores(posts) / self._weights.temperature))
        best = probabilities.argmax(axis=1)
        return [
            Tagged(TAGS[tag], row[tag], tuple(row))
            for tag, row in zip(best.tolist(), probabilities.tolist(), strict=True)
        ]

    def scores(self, posts: Sequence[Post]) -> NDArray[np.float64]:
        """(posts, tags): the scores before the temperature."""
        weights, seen = self._weights, see(posts)
        by_text = np.add.reduceat(self._by_character(seen.grams(weights.shape)), seen.texts.starts[:-1], axis=0)
        by_place = (by_text[:, :-1] * _share(by_text)[:, None]).reshape(len(posts), len(PLACES), len(TAGS))
        total: NDArray[np.float64] = (by_place * weights.scales[:, None]).sum(axis=1, dtype=np.float64) + weights.bias
        post, rule = np.nonzero(seen.rules(self._senses))
        np.add.at(total, post, weights.rules[rule])  # one after another: a matrix product differs with the batch
        return total + weights.plain_word * by_plain_word(posts)

    def _by_character(self, grams: list[NDArray[np.uint32]]) -> NDArray[np.float32]:
        table = self._weights.table
        total = np.zeros((len(grams[0]), table.shape[1]), np.float32)
        taken = np.empty_like(total)
        for kind in grams:
            total += table.take(kind, axis=0, out=taken, mode="clip")
        return total

    def explain(self, post: Post, most: int = 8) -> list[Reason]:
        """The words and rules that speak most for or against the tag given to `post`, the strongest first."""
        weights, seen = self._weights, see([post])
        tag = int(self.scores([post])[0].argmax())
        rules = weights.rules - weights.rules.mean(axis=1, keepdims=True)
        holds = seen.rules(self._senses)[0]
        names = rule_names(self._senses)
        reasons = [Reason(f"[{names[rule]}]", float(rules[rule, tag])) for rule in np.flatnonzero(holds)]
        by_character = self._by_character(seen.grams(weights.shape))
        by_text = np.add.reduceat(by_character, seen.texts.starts[:-1], axis=0)
        share = weights.scales * _share(by_text)
        worth = by_character[:, tag] * share[seen.owner]
        reasons += _by_word(seen.texts.folded, worth)
        return sorted(reasons, key=lambda reason: -abs(reason.weight))[:most]


def _share(by_text: NDArray[np.float32]) -> NDArray[np.float32]:
    """By what the sums of each text are multiplied: its n-grams have length 1 together, and add at most LOUDEST."""
    length = np.sqrt(by_text[:, -1])
    share = 1 / np.where(length > 0, length, 1)
    loudest = np.abs(by_text[:, :-1]).max(axis=1) * share
    result: NDArray[np.float32] = share * np.minimum(1, LOUDEST / np.maximum(loudest, LOUDEST))
    return result


def _by_word(folded: str, worth: NDArray[np.floating[Any]]) -> list[Reason]:
    totals: dict[str, float] = {}
    start = 0
    for place, character in enumerate(folded):
        if character.isspace():
            word = folded[start:place].strip()
            if word:
                totals[word] = totals.get(word, 0.0) + float(worth[start:place].sum())
            start = place
    return [Reason(word, weight) for word, weight in totals.items()]


def by_plain_word(posts: Sequence[Post]) -> NDArray[np.float64]:
    """(posts, tags): 1 at the tag whose plain word stands in each post, at 'other' where none does."""
    result: NDArray[np.float64] = np.eye(len(TAGS))[plain_tags(posts)]
    return result


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities row by row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
    return result


def rounded(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows as whole ten-thousandths that add up to 1: what rounding down leaves goes to the largest remainders."""
    unit = 10**DECIMALS
    scaled = probabilities * unit
    whole = np.floor(scaled)
    missing = (unit - whole.sum(axis=1)).astype(np.intp)
    order = np.argsort(-(scaled - whole), axis=1, kind="stable")
    rank = np.argsort(order, axis=1, kind="stable")
    result: NDArray[np.float64] = (whole + (rank < missing[:, None])) / unit
    return result


def load_tagger() -> Tagger:
    """The tagger that ships with ostpulse: version 0, and the fingerprint of its weights."""
    data = (files("models") / "data" / "tagger.npz").read_bytes()
    tagger = tagger_from_bytes(data)
    tagger.version = f"0.{tagger.version}"
    return tagger


def tagger_from_bytes(data: bytes) -> Tagger:
    """A tagger from what `models.tagging.training.train` returned; its version is the fingerprint of `data`.

    Raises TaggerError for anything else: another program's file, damaged, fitted for other tag words or another
    format, or holding numbers that are none.
    """
    arrays, metadata = _read(data)
    if metadata.get("format") != FORMAT or metadata.get("tags") != list(TAGS):
        raise TaggerError(f"weights of another kind ({metadata.get('format')!r}); fit them again: ostpulse train")
    if metadata.get("packaged_corpus") != packaged_fingerprint():
        raise TaggerError("weights fitted with another release's corpus; fit them again: ostpulse train")
    senses = packaged()
    if metadata.get("words") != senses.fingerprint:
        raise TaggerError(
            "weights fitted for other tag words (tag_words.toml has changed); fit them again: ostpulse train"
        )
    try:
        shape = Shape(int(metadata["bits"]), int(metadata["longest"]), int(metadata["seed"]))
        temperature, plain_word = float(metadata["temperature"]), float(metadata["plain_word"])
        weights = Weights(shape=shape, temperature=temperature, plain_word=plain_word, **arrays)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise TaggerError(f"damaged weights: {error}") from None
    if not (4 <= shape.bits <= 24 and 1 <= shape.longest <= 12):
        raise TaggerError(f"damaged weights: {shape.bits} bits, n-grams up to {shape.longest}")
    _check(weights, len(rule_names(senses)))
    return Tagger(weights, senses, hashlib.blake2b(data, digest_size=6).hexdigest(), metadata)


def _read(data: bytes) -> tuple[dict[str, NDArray[np.float32]], dict[str, Any]]:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        metadata = json.loads(arrays.pop("metadata").tobytes())
        return {name: array.astype(np.float32) for name, array in arrays.items()}, dict(metadata)
    except (OSError, ValueError, KeyError, EOFError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise TaggerError(f"not the weights of a tagger: {error}") from None


def _check(weights: Weights, rules: int) -> None:
    expected = {
        "grams": (weights.shape.buckets, len(TAGS)),
        "idf": (weights.shape.buckets,),
        "rules": (rules, len(TAGS)),
        "bias": (len(TAGS),),
        "scales": (len(PLACES),),
    }
    for name, size in expected.items():
        array = getattr(weights, name)
        if array.shape != size:
            raise TaggerError(f"damaged weights: {name} is {array.shape}, expected {size}")
        if not np.isfinite(array).all():
            raise TaggerError(f"damaged weights: {name} holds numbers that are none")
    if not 0.01 <= weights.temperature <= 100:
        raise TaggerError(f"damaged weights: temperature {weights.temperature}")
    if not 0 <= weights.plain_word <= 100:
        raise TaggerError(f"damaged weights: plain_word {weights.plain_word}")
