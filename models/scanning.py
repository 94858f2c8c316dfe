"""Finding many names in a text at once: one interface, a fast engine, and one in plain Python for where it is missing.

Patterns and text are squashed (see `models.text`); whether a hit lies on a boundary is for the caller to judge.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

try:
    from ahocorasick_rs import AhoCorasick
except ImportError:  # pragma: no cover - a platform without a wheel still works, only slower
    AhoCorasick = None  # type: ignore[assignment,misc,unused-ignore]

Hit = tuple[int, int, int]
"""(number of the pattern, start, end) in code points."""


class Scanner(Protocol):
    """Finds every occurrence of every pattern, also where they overlap; the order of hits is not fixed."""

    def find(self, text: str) -> list[Hit]:
        """All hits in `text`, which must hold no lone surrogates (a squashed text never does)."""


class AutomatonScanner:
    """Aho-Corasick in Rust: time grows with the text, not with the number of patterns."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._automaton = AhoCorasick(list(patterns))

    def find(self, text: str) -> list[Hit]:
        """See `Scanner`."""
        hits: list[Hit] = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return hits


class DictScanner:
    """At each place looks up only the lengths that a pattern with these first two characters can have."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._number = {pattern: number for number, pattern in enumerate(patterns)}
        if "" in self._number:
            raise ValueError("an empty pattern would be found everywhere")
        lengths: dict[str, set[int]] = {}
        for pattern in patterns:
            lengths.setdefault(pattern[:2], set()).add(len(pattern))
        self._lengths = {key: sorted(found) for key, found in lengths.items()}

    def find(self, text: str) -> list[Hit]:
        """See `Scanner`."""
        hits: list[Hit] = []
        number, lengths, size = self._number, self._lengths, len(text)
        for start in range(size):
            for key in (text[start], text[start : start + 2]) if start + 1 < size else (text[start],):
                for length in lengths.get(key, ()):
                    found = number.get(text[start : start + length])
                    if found is not None and start + length <= size:
                        hits.append((found, start, start + length))
        return hits


def make_scanner(patterns: Sequence[str]) -> Scanner:
    """The fastest scanner that this machine has; patterns must be distinct and not empty."""
    return AutomatonScanner(patterns) if AhoCorasick is not None else DictScanner(patterns)
