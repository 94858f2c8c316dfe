"""Long titles with one slip of the pen in them: "Suden Shower", "사랑잉가봐".

They are looked for only among the songs of a drama or a singer that the post names: elsewhere a slip turns a title
into everyday words. A slip leaves the beginning or the end of a title as it is, so only these are searched for and what
stands around each is compared. Korean is compared by its letters, not by syllables: one wrong letter is a slip, another
syllable is another word. A letter more or less at the very end is grammar ("showers"), not a slip.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from models.linking.lexicon import Kind, Lexicon, Name
from models.linking.surprise import bits, is_distinctive
from models.scanning import Hit
from models.text import BREAK

LEAST_BITS = 22.0
"""With one letter free, shorter titles turn into everyday words."""
LEAST_LATIN, LEAST_HANGUL, LEAST_OTHER = 6, 4, 6
MAX_WINDOWS = 2_000

_Half = tuple[str, bool]
"""A part of a title, and whether it is its beginning."""


class SlipFinder:
    """Finds titles that are one slip away from what stands in a text."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._patterns = lexicon.patterns
        self._meanings = lexicon.meanings
        self._halves: dict[int, Sequence[_Half]] = {}
        """By number, those of the titles that were asked about before."""
        self._titles: dict[str, list[int]] = {}
        for number, names in enumerate(lexicon.meanings):
            for name in names:
                if name.kind is Kind.TITLE:
                    self._titles.setdefault(name.id, []).append(number)
        self._songs: dict[str, list[str]] = {}
        for song in lexicon.catalogue.songs.values():
            for subject in (song.drama, *song.artists):
                self._songs.setdefault(subject, []).append(song.id)

    def find(self, text: str, subjects: Iterable[str]) -> list[Hit]:
        """The places in a squashed text, of which some may lie on no boundary, where a title stands with one slip.

        Only titles of songs of `subjects` (ids of dramas and singers) are looked for.
        """
        songs = dict.fromkeys(song for subject in sorted(subjects) for song in self._songs.get(subject, ()))
        titles = dict.fromkeys(number for song in songs for number in self._titles.get(song, ()))
        found = dict.fromkeys(hit for hit in self._windows(text, titles) if self._is_slip(text, hit))
        return list(found)

    def _halves_of(self, number: int) -> Sequence[_Half]:
        """What to look for; nothing for a title that is too short."""
        known = self._halves.get(number)
        if known is None:
            pattern = self._patterns[number]
            known = self._halves[number] = _halves(pattern) if _is_long(pattern, self._meanings[number]) else ()
        return known

    def _is_slip(self, text: str, hit: Hit) -> bool:
        number, start, end = hit
        return is_slip(_letters(text[start:end]), _letters(self._patterns[number]))

    def _windows(self, text: str, titles: Iterable[int]) -> Iterator[Hit]:
        left = MAX_WINDOWS
        for number in titles:
            size = len(self._patterns[number])
            for half, begins in self._halves_of(number):
                if half not in text:
                    continue
                for at in _places(text, half):
                    for length in (size - 1, size, size + 1):
                        first = at if begins else at + len(half) - length
                        if first >= 0 and first + length <= len(text) and BREAK not in text[first : first + length]:
                            yield number, first, first + length
                    left -= 1
                    if left <= 0:
                        return


def _letters(pattern: str) -> str:
    return unicodedata.normalize("NFD", pattern)


def _halves(pattern: str) -> Sequence[_Half]:
    """Its beginning and its end; two letters exchanged in the very middle are in neither."""
    middle, gap = len(pattern) // 2, int(pattern.isascii())
    return (pattern[: middle - gap], True), (pattern[middle + gap :], False)


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _is_long(pattern: str, names: Sequence[Name]) -> bool:
    if any(name.kind is not Kind.TITLE or name.weak for name in names):
        return False
    if pattern.isascii():
        long = len(pattern) >= LEAST_LATIN
    elif is_distinctive(pattern):
        long = len(pattern) >= LEAST_HANGUL
    else:
        long = len(pattern) >= LEAST_OTHER and not any("가" <= sign <= "힣" for sign in pattern)
    return long and max(bits(name.spelling) for name in names) >= LEAST_BITS


def is_slip(written: str, meant: str) -> bool:
    """Whether one letter too many, too few, wrong, or two exchanged tell `written` from `meant`, but for the end."""
    if written == meant or written.startswith(meant) or meant.startswith(written):
        return False
    start = 0
    while written[start] == meant[start]:
        start += 1
    end = 0
    while end < min(len(written), len(meant)) - start and written[-1 - end] == meant[-1 - end]:
        end += 1
    one, other = written[start : len(written) - end], meant[start : len(meant) - end]
    return (len(one) <= 1 and len(other) <= 1) or (len(one) == 2 and one == other[::-1])
