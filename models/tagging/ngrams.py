"""Hashed character n-grams and words of many short texts at once, with whole-array operations.

No vocabulary is kept: an n-gram is a number below 2**bits (the hashing trick, Weinberger et al. 2009). Every text
belongs to a *space* (title, body, hashtags ...); the same n-gram in another space is another number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NOTHING = 0
"""The bucket of whatever is not an n-gram; its weights are zero."""

_BOUNDARY = "\n"
_HALF = re.compile(r"[\ud800-\udfff]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\u00ad]+")
_WORD_BASE = np.uint32(0x01000193)
_SPREAD = np.uint32(0x9E3779B1)


def _word_characters() -> NDArray[np.bool_]:
    """Whether each code point below 2**16 belongs to a word: letters, marks and digits."""
    return np.fromiter((unicodedata.category(chr(code))[0] in "LMN" for code in range(1 << 16)), np.bool_, 1 << 16)


IS_WORD = _word_characters()
IS_SPACE = np.fromiter((chr(code).isspace() for code in range(1 << 16)), np.bool_, 1 << 16)


def fold(text: str) -> str:
    """Compatibility forms and letter case equal, invisible signs taken out. Accents stay: they tell words apart."""
    if text.isascii():
        return text.lower()
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold())


@dataclass(frozen=True)
class Texts:
    """Folded texts laid end to end.

    `characters` are code points, one boundary before each text and one after the last; text i runs from
    `starts[i]` (its boundary) to `starts[i + 1]`.
    """

    folded: str
    characters: NDArray[np.uint32]
    starts: NDArray[np.intp]

    @property
    def owner(self) -> NDArray[np.intp]:
        """The text to which each character belongs."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


def lay_out(texts: Sequence[str]) -> Texts:
    """Fold `texts` and lay them end to end; a sign repeated more than three times stands there three times."""
    folded = fold(_BOUNDARY.join(["", *(text.replace(_BOUNDARY, " ") for text in texts), ""]))
    encoded = folded.encode("utf-32-le", "replace")
    characters = np.frombuffer(encoded, dtype="<u4")
    if not folded.isascii() and _HALF.search(folded):
        folded = encoded.decode("utf-32-le")
    held_down = _held_down(characters)
    if held_down.any():
        characters = characters[~held_down]
        folded = characters.tobytes().decode("utf-32-le")
    return Texts(folded, characters, np.flatnonzero(characters == ord(_BOUNDARY)))


def _held_down(characters: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which characters repeat the three before them."""
    same = characters[1:] == characters[:-1]
    result = np.zeros(len(characters), np.bool_)
    result[3:] = same[2:] & same[1:-1] & same[:-2] & (characters[3:] != ord(_BOUNDARY))
    return result


@dataclass(frozen=True)
class Shape:
    """Which n-grams are taken and into how many buckets they fall."""

    bits: int = 17
    longest: int = 5
    seed: int = 20261122

    @property
    def buckets(self) -> int:
        """How many buckets there are."""
        return 1 << self.bits


def buckets(texts: Texts, spaces: NDArray[np.uint32], shape: Shape) -> Iterator[NDArray[np.uint32]]:
    """For each kind of gram an array as long as `texts.characters`: the bucket of the gram that starts there.

    The kinds are character n-grams of 1 to `shape.longest` (never across a space, but with the space at either end),
    then words, then pairs of words. `spaces` holds the space of each text. Where none starts stands NOTHING.
    """
    last = texts.starts[-1]
    space = np.append(np.repeat(spaces, np.diff(texts.starts)), np.uint32(0))
    salt = (space + np.uint32(1)) * np.uint32(0x85EBCA6B) + np.uint32(shape.seed & 0xFFFFFFFF)
    codes = np.minimum(texts.characters, 0xFFFF)
    blank = IS_SPACE[codes]
    characters = np.where(blank, np.uint32(32), texts.characters)
    for found, valid in (
        *_character_grams(characters, blank, shape.longest),
        *_word_grams(characters, IS_WORD[codes], texts.starts),
    ):
        bucket = _mix(found ^ salt) >> np.uint32(32 - shape.bits)
        bucket[~valid] = NOTHING
        bucket[last:] = NOTHING
        yield bucket


_Found = tuple[NDArray[np.uint32], NDArray[np.bool_]]


def _character_grams(characters: NDArray[np.uint32], blank: NDArray[np.bool_], longest: int) -> Iterator[_Found]:
    size = len(characters)
    rolled = np.zeros(size, np.uint32)
    inner_blank = np.zeros(size, np.bool_)
    for length in range(1, longest + 1):
        reach = max(size - length + 1, 0)
        following = np.zeros(size, np.uint32)
        following[:reach] = characters[length - 1 :]
        rolled = _mix(rolled * _WORD_BASE + following + np.uint32(length))
        if length > 2:
            inner_blank[:reach] |= blank[length - 2 : size - 1]
        valid = np.zeros(size, np.bool_)
        valid[:reach] = ~inner_blank[:reach] & ~(blank[:reach] & (blank[length - 1 :] if length < 3 else False))
        yield rolled, valid


def _word_grams(
    characters: NDArray[np.uint32], in_word: NDArray[np.bool_], starts: NDArray[np.intp]
) -> Iterator[_Found]:
    size = len(characters)
    before = np.append(False, in_word[:-1])
    first = np.flatnonzero(in_word & ~before)
    valid, found = np.zeros(size, np.bool_), np.zeros(size, np.uint32)
    if len(first):
        place = np.arange(size, dtype=np.int64)
        offset = place - np.maximum.accumulate(np.where(in_word & ~before, place, 0))
        powers = np.cumprod(np.full(int(offset.max()) + 1, _WORD_BASE, np.uint32), dtype=np.uint32)
        terms = np.where(in_word, _mix(characters) * powers[offset], np.uint32(0))
        words = np.add.reduceat(terms, first).astype(np.uint32)
        valid[first], found[first] = True, words
    yield found ^ np.uint32(0x5BD1E995), valid
    together, pairs = np.zeros(size, np.bool_), np.zeros(size, np.uint32)
    if len(first) > 1:
        text = np.searchsorted(starts, first)
        together[first[:-1]] = text[:-1] == text[1:]
        pairs[first[:-1]] = _mix(words[:-1]) * _WORD_BASE + words[1:]
    yield pairs ^ np.uint32(0x27D4EB2F), together


def _mix(values: NDArray[Any]) -> NDArray[np.uint32]:
    mixed: NDArray[np.uint32] = values * _SPREAD
    mixed ^= mixed >> np.uint32(15)
    return mixed * np.uint32(0x85EBCA77)
