"""Which stored posts a person should be asked about: those that teach most, and a fair sample to measure on.

Most is learnt where the models doubt (uncertainty sampling: Lewis and Gale 1994), less from what nearly repeats a post
asked about before, and nothing of a language that is never asked about. Figures measured on such posts would be too
bad, so a fifth of all posts is set apart by lot: these are asked about in the order of their lots, one in five
questions, whatever the models think of them.
"""

from __future__ import annotations

import hashlib
import math
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.linking.linker import POSSIBLE, SURE
from models.tagging.ngrams import fold

ONE_IN = 5
"""One question in so many is drawn by lot, from the share of the posts that is set apart for it."""

ALIKE = 0.45
"""Posts whose n-grams have a larger cosine say nearly the same."""

GRAM = 4
BUCKETS = 1024
MOST_CHARS = 1_000
PATIENCE = 1_000

USEFUL, RANDOM, ASKED = "useful", "random", "asked"
"""Why a person was asked: the models doubt, the lot fell on it, or it was named."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post that may be asked about, and what the models say of it.

    `probabilities` are those of the tags (none where it has no tag), `links` the confidences of its sure and possible
    songs, `cluster` the name that it shares with its copies.
    """

    key: str
    language: str
    probabilities: tuple[float, ...]
    links: tuple[float, ...]
    cluster: str | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """A post to ask about, and why: USEFUL, RANDOM or ASKED."""

    key: str
    picked: str


def usefulness(one: Candidate) -> float:
    """From 0 to 2: how little its tag leads the next one, and how near its links are to being taken otherwise."""
    first, second, *_ = *sorted(one.probabilities, reverse=True), 0.0, 0.0
    return 1 - (first - second) + max(map(closeness, one.links), default=0.0)


def closeness(confidence: float) -> float:
    """1 at the confidence from which a link is sure or possible, 0.5 half way between, 0 far from both (log-odds)."""
    here = _log_odds(confidence)
    return max(0.0, 1 - min(abs(here - _SURE), abs(here - _POSSIBLE)) / (_SURE - _POSSIBLE))


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log(bounded / (1 - bounded))


_SURE, _POSSIBLE = _log_odds(SURE), _log_odds(POSSIBLE)


def lot(key: str) -> float:
    """A post's place in the draw, from 0 to 1: it hangs on the key alone, not on the words or on when it came."""
    digest = hashlib.blake2b(key.encode(), digest_size=8, key=b"ostpulse label").digest()
    return int.from_bytes(digest) / 2**64


def is_set_apart(key: str) -> bool:
    """Whether a post is only ever asked about by lot: it stays in the sample however useful it would be."""
    return lot(key) < 1 / ONE_IN


def spread(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """The most useful first, over languages: each language's next counts less with every one of it that was given.

    The next is that of the largest usefulness over one more than its language was given (the divisors of D'Hondt).
    """
    waiting: dict[str, list[tuple[float, str, Candidate]]] = {}
    for one in candidates:
        waiting.setdefault(one.language, []).append((-usefulness(one), one.key, one))
    for ranked in waiting.values():
        ranked.sort(key=lambda entry: entry[:2], reverse=True)
    given: Counter[str] = Counter()
    while waiting:
        language = min(waiting, key=lambda name: (waiting[name][-1][0] / (1 + given[name]), name))
        given[language] += 1
        yield waiting[language].pop()[2]
        if not waiting[language]:
            del waiting[language]


class Told:
    """What has been asked about, so that nothing nearly the same is asked again."""

    def __init__(self) -> None:
        self._grams = np.zeros((64, BUCKETS), np.float32)
        self._posts = 0
        self._clusters: set[str] = set()

    def add(self, words: str, cluster: str | None) -> None:
        """Remember a post by its words and the cluster of its copies."""
        if self._posts == len(self._grams):
            self._grams = np.vstack([self._grams, np.zeros_like(self._grams)])
        self._grams[self._posts] = grams(words)
        self._posts += 1
        if cluster is not None:
            self._clusters.add(cluster)

    def knows(self, words: str, cluster: str | None) -> bool:
        """Whether a copy of the post, or a post that says nearly the same, is remembered."""
        if cluster is not None and cluster in self._clusters:
            return True
        return bool((self._grams[: self._posts] @ grams(words) > ALIKE).any())


def grams(words: str) -> NDArray[np.float32]:
    """(BUCKETS,): the hashed character n-grams of a text at length 1, so that a product of two is their cosine."""
    text = " ".join(fold(words[:MOST_CHARS]).split())
    counted = Counter(text[place : place + GRAM] for place in range(max(1, len(text) - GRAM + 1)))
    vector = np.zeros(BUCKETS, np.float32)
    for gram, count in counted.items():
        hashed = zlib.crc32(gram.encode("utf-8", "replace"))
        vector[hashed % BUCKETS] += math.sqrt(count) * (1 if hashed >> 31 else -1)  # signs keep long texts apart
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if text and length else np.zeros_like(vector)


def distinct(candidates: Iterable[Candidate], words: Callable[[str], str], told: Told) -> Iterator[Candidate]:
    """Those, in order, that nothing in `told` nearly repeats; each is added to it. `words` gives a key's text.

    Ends after PATIENCE repeats in a row, unless nothing else was found: a flood of copies is not read to its end.
    """
    repeats, found = 0, False
    for one in candidates:
        text = words(one.key)
        if not told.knows(text, one.cluster):
            told.add(text, one.cluster)
            repeats, found = 0, True
            yield one
        elif (repeats := repeats + 1) >= PATIENCE and found:
            return


def by_lot(candidates: Iterable[Candidate]) -> list[str]:
    """The keys of those set apart, in the order of their lots: at any time the first of them are a fair sample."""
    return sorted((one.key for one in candidates if is_set_apart(one.key)), key=lambda key: (lot(key), key))


def queue(useful: Iterable[str], drawn: Iterable[str], *, asked: int = 0, asked_by_lot: int = 0) -> Iterator[Pick]:
    """Both in their order, every fifth from `drawn`; when one is used up, the other alone.

    `asked` posts were asked about before, `asked_by_lot` of them by lot: short sessions get their share as well.
    """
    waiting = {USEFUL: deque(useful), RANDOM: deque(drawn)}
    while any(waiting.values()):
        asked += 1
        turn = RANDOM if asked_by_lot < asked // ONE_IN else USEFUL
        picked = turn if waiting[turn] else next(other for other in waiting if other != turn)
        asked_by_lot += picked == RANDOM
        yield Pick(waiting[picked].popleft(), picked)
