"""Long titles with one slip of the pen in them: "Suden Shower", "사랑잉가봐".

They are looked for only among the songs of a drama or a singer that the post names: elsewhere a slip turns a title
into everyday words. A slip leaves the beginning or the end of a title as it is, so only these are searched for and what
stands around each is compared. Korean is compared by its letters, not by syllables: one wrong letter is a slip, another
syllable is another word. A letter more or less at the very end is grammar ("showers"), not a slip.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence

from models.linking.lexicon import Kind, Lexicon, Name
from models.linking.surprise import bits, is_distinctive
from models.scanning import Hit
from models.text import BREAK

LEAST_BITS = 22.0
"""With one letter free, shorter titles turn into everyday words."""
LEAST_LATIN, LEAST_HANGUL, LEAST_OTHER = 6, 4, 6
MAX_WINDOWS = 2_000

_Half = tuple[str, int, bool]
"""A part of a title, the title's number, and whether it is its beginning."""


class SlipFinder:
    """Finds titles that are one slip away from what stands in a text."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._patterns = lexicon.patterns
        self._meanings = lexicon.meanings
        self._titles: dict[str, array[int]] = {}
        for number, names in enumerate(lexicon.meanings):
            for name in names:
                if name.kind is Kind.TITLE:
                    self._titles.setdefault(name.id, array("L")).append(number)
        self._songs: dict[str, list[str]] = {}
        for song in lexicon.catalogue.songs.values():
            for subject in (song.drama, *song.artists):
                self._songs.setdefault(subject, []).append(song.id)
        self._halves: dict[str, list[_Half]] = {}
        """Of the songs that were asked about before."""

    def find(self, text: str, subjects: Iterable[str]) -> list[Hit]:
        """The places in a squashed text, of which some may lie on no boundary, where a title stands with one slip.

        Only titles of songs of `subjects` (ids of dramas and singers) are looked for.
        """
        songs = dict.fromkeys(song for subject in sorted(subjects) for song in self._songs.get(subject, ()))
        halves = dict.fromkeys(half for song in songs for half in self._halves_of(song) if half[0] in text)
        found = dict.fromkeys(hit for hit in self._windows(text, halves) if self._is_slip(text, hit))
        return list(found)

    def _halves_of(self, song: str) -> list[_Half]:
        """The halves of a song's longer titles."""
        known = self._halves.get(song)
        if known is None:
            numbers = self._titles.get(song, ())
            known = self._halves[song] = [half for number in numbers for half in self._cut(number)]
        return known

    def _cut(self, number: int) -> Iterator[_Half]:
        """A title's beginning and its end; two letters exchanged in the very middle are in neither."""
        pattern = self._patterns[number]
        if _is_long(pattern, self._meanings[number]):
            middle, gap = len(pattern) // 2, int(pattern.isascii())
            yield pattern[: middle - gap], number, True
            yield pattern[middle + gap :], number, False

    def _is_slip(self, text: str, hit: Hit) -> bool:
        number, start, end = hit
        return is_slip(_letters(text[start:end]), _letters(self._patterns[number]))

    def _windows(self, text: str, halves: Iterable[_Half]) -> Iterator[Hit]:
        left = MAX_WINDOWS
        for half, number, begins in halves:
            size = len(self._patterns[number])
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
