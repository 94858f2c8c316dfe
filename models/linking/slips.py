"""Long titles with one slip of the pen in them: "Suden Shower", "사랑잉가봐".

A slip leaves the beginning or the end of a title as it is, so only these are searched for and what stands around
each is compared. Korean is compared by its letters, not by syllables: one wrong letter is a slip, another syllable
is another word. A letter more or less at the very end is grammar ("showers"), not a slip.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property

from models.linking.aliases import Hit, Scanner, make_scanner
from models.linking.lexicon import Kind, Name
from models.linking.surprise import bits, is_distinctive
from models.text import BREAK

LEAST_BITS = 22.0
"""With one letter free, shorter titles turn into everyday words."""
LEAST_LATIN, LEAST_HANGUL, LEAST_OTHER = 6, 4, 6
MAX_WINDOWS = 2_000


class SlipFinder:
    """Finds titles that are one slip away from what stands in a text."""

    def __init__(self, patterns: Sequence[str], meanings: Sequence[Sequence[Name]]) -> None:
        self._patterns = patterns
        self._plain = {
            number: unicodedata.normalize("NFD", pattern)
            for number, (pattern, names) in enumerate(zip(patterns, meanings, strict=True))
            if _is_long(pattern, names)
        }

    @cached_property
    def _halves(self) -> dict[str, list[tuple[int, bool]]]:
        """Half of a title to the titles it begins (True) or ends (False)."""
        found: dict[str, list[tuple[int, bool]]] = {}
        for number in self._plain:
            pattern = self._patterns[number]
            middle = len(pattern) // 2
            gap = int(pattern.isascii())  # two letters exchanged in the very middle are in both halves
            found.setdefault(pattern[: middle - gap], []).append((number, True))
            found.setdefault(pattern[middle + gap :], []).append((number, False))
        return found

    @cached_property
    def _scanner(self) -> tuple[Scanner, list[str]] | None:
        return (make_scanner(list(self._halves)), list(self._halves)) if self._plain else None

    def find(self, text: str) -> list[Hit]:
        """The places in a squashed text, of which some may lie on no boundary, where a title stands with one slip."""
        return [
            (number, start, end)
            for number, start, end in self._windows(text)
            if is_slip(unicodedata.normalize("NFD", text[start:end]), self._plain[number])
        ]

    def _windows(self, text: str) -> Iterator[Hit]:
        if self._scanner is None:
            return
        scanner, halves = self._scanner
        left = MAX_WINDOWS
        for half, start, end in scanner.find(text):
            for number, begins in self._halves[halves[half]]:
                size = len(self._patterns[number])
                for length in (size - 1, size, size + 1):
                    left -= 1
                    first, last = (start, start + length) if begins else (end - length, end)
                    if first >= 0 and last <= len(text) and BREAK not in text[first:last]:
                        yield number, first, last
            if left <= 0:
                return


def _is_long(pattern: str, names: Sequence[Name]) -> bool:
    if any(name.kind is not Kind.TITLE or name.weak for name in names):
        return False
    if max(bits(name.spelling) for name in names) < LEAST_BITS:
        return False
    if pattern.isascii():
        return len(pattern) >= LEAST_LATIN
    if is_distinctive(pattern):
        return len(pattern) >= LEAST_HANGUL
    return len(pattern) >= LEAST_OTHER and not any("가" <= sign <= "힣" for sign in pattern)


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
