"""Copies: posts that say the same as another post, word for word or nearly so.

Word for word: an *exact key* over the squashed text without addresses, @names and "RT"; hashtags stay.
Nearly: a *signature* by b-bit minwise hashing (Li and König 2010, "b-Bit Minwise Hashing", WWW), one byte kept of each
of 64 permutations, over runs of three characters. The share of equal bytes estimates the share of runs that two texts
have in common. Names of the song, its drama and its singers are left out of the runs: whoever posts about a song writes
them, and with them two short posts of different people look like copies (measured: docs/decisions.md).

Only whole numbers are compared, so the same posts give the same clusters on every machine.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.post import Post
from models.text import BREAK, fold, squash, squashed

PERMUTATIONS: Final = 64
RUN: Final = 3
"""Characters that make one shingle."""

LEAST_CHARS: Final = 12
"""A text of fewer squashed characters beside the names has no signature: it is a copy only word for word."""

ALIKE: Final = 32
"""Of the 64 bytes so many must be equal: an estimated resemblance of one half (one byte in 256 is equal by chance)."""

MOST_CHARS: Final = 1_000
"""Of a longer text only its beginning goes into the signature; the exact key reads all of it."""

WINDOW_SECONDS: Final = 72 * 3600
"""Near copies are looked for among posts published within this time of each other."""

_ADDRESS = re.compile(r"(?:https?://|www\.|\b(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,6}/)[!-~]+")
_AT_NAME = re.compile(r"@[a-z0-9_.-]+(?:@[a-z0-9.-]+)?")
_REPOSTED = re.compile(
    r"\s*(?:#?(?:rt|mt|qt|repost(?:ed)?|reblog(?:ged)?)\b\s{0,3}(?:(?:from|by|via)\s{0,3})?"
    r"(?:@[\w.@-]{1,60}\s{0,3}:?|:)\s*)+"
)

_SEEDS = np.frombuffer(hashlib.shake_256(b"ostpulse copies 1").digest(16 * PERMUTATIONS), "<u8").astype(np.uint64)
_FACTORS = _SEEDS[:PERMUTATIONS] | np.uint64(1)
_ADDENDS = _SEEDS[PERMUTATIONS:]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """By what a post is known again: an exact key of 8 bytes and, unless it is too short, a signature of 64."""

    exact: bytes
    signature: bytes | None


def fingerprint(post: Post, names: Sequence[str] = ()) -> Fingerprint:
    """The fingerprint of a post's title and text; `names` (see `plain_names`) are left out of the signature.

    A post without words is known by its hashtags, and one without either is like no other.
    """
    words = BREAK.join(part for part in (post.title, post.text) if part)
    text = bare(words) or squashed(BREAK.join(post.hashtags))
    exact = hashlib.blake2b((text or f"post:{post.key}").encode(), digest_size=8).digest()
    return Fingerprint(exact, _signature(_without(text, names)))


def bare(text: str) -> str:
    """The squashed text without addresses, @names and the "RT @name:" before it."""
    folded = _AT_NAME.sub(" ", _ADDRESS.sub(" ", _without_prefix(fold(text))))
    return squash(folded).text.replace(BREAK, "")


def plain_names(names: Iterable[str]) -> tuple[str, ...]:
    """Squashed names, longest first; those that are too short to be told from parts of words are dropped."""
    plain = {squashed(name) for name in names}
    return tuple(
        sorted(
            (name for name in plain if len(name) >= (4 if name.isascii() else 2)), key=lambda name: (-len(name), name)
        )
    )


def _without_prefix(folded: str) -> str:
    found = _REPOSTED.match(folded)
    return folded[found.end() :] if found else folded


def _without(text: str, names: Sequence[str]) -> str:
    for name in names:
        if name in text:
            text = text.replace(name, BREAK)
    return text


def _signature(text: str) -> bytes | None:
    if len(text) - text.count(BREAK) < LEAST_CHARS:
        return None
    signs = np.frombuffer(text[:MOST_CHARS].encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    runs = np.zeros(len(signs) - RUN + 1, np.uint64)
    for place in range(RUN):
        runs = runs << np.uint64(21) | signs[place : place + len(runs)]
    least = (_mixed(runs)[:, np.newaxis] * _FACTORS + _ADDENDS).min(axis=0)
    return (_mixed(least) >> np.uint64(56)).astype(np.uint8).tobytes()


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each number spread over all 64 bits (Stafford's variant 13, the last step of SplitMix64)."""
    numbers = (numbers ^ numbers >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ numbers >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return numbers ^ numbers >> np.uint64(31)


@dataclass(frozen=True, slots=True)
class Known:
    """A post that has its cluster: its place in the order of storing, and when it was published (epoch seconds)."""

    order: int
    at: int
    cluster: str
    signature: bytes


class Neighbours:
    """The posts of one song among which near copies of a new one are looked for, in the order of storing."""

    def __init__(self, posts: Sequence[Known]) -> None:
        self._posts = list(posts)
        self._numbers: dict[str, int] = {}
        self._clusters = np.array([self._number(post.cluster) for post in posts], np.int64)
        self._at = np.array([post.at for post in posts], np.int64)
        self._signatures = np.frombuffer(b"".join(post.signature for post in posts), np.uint8).reshape(-1, PERMUTATIONS)

    def add(self, post: Known) -> None:
        """Take in a post that was stored after all others."""
        self._posts.append(post)
        self._clusters = np.append(self._clusters, self._number(post.cluster))
        self._at = np.append(self._at, post.at)
        row = np.frombuffer(post.signature, np.uint8)
        self._signatures = np.vstack((self._signatures, row))

    def like(self, signature: bytes, at: int) -> Known | None:
        """The first post stored whose cluster a post with this signature, published at `at`, belongs to, or None.

        A cluster stands for itself by its first post within the window alone: a chain of posts each a little like the
        last must not pull all that is said of a song together.
        """
        near = np.flatnonzero(np.abs(self._at - at) <= WINDOW_SECONDS)
        same = np.count_nonzero(self._signatures[near] == np.frombuffer(signature, np.uint8), axis=1)
        alike = near[same >= ALIKE]
        _, firsts = np.unique(self._clusters[alike], return_index=True)
        candidates: list[int] = sorted(alike[firsts].tolist())
        for place in candidates:
            cluster = self._clusters[place]
            if near[np.argmax(self._clusters[near] == cluster)] == place:
                return self._posts[place]
        return None

    def _number(self, cluster: str) -> int:
        return self._numbers.setdefault(cluster, len(self._numbers))
