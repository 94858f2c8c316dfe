"""What a way of reading a line finds in it."""

from __future__ import annotations

from dataclasses import dataclass

from models.linking.lexicon import Kind
from models.linking.sightings import Document


@dataclass(frozen=True, slots=True)
class Found:
    """Words that may be a title, [start, end) of the document, with the singer and the second spelling beside it."""

    start: int
    end: int
    singers: tuple[str, ...] = ()
    stranger: str = ""
    also: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Titles, and names of works that the catalogue does not know.

    `settled`: the line speaks of a title that is known or found, so that no other of its words is one.
    """

    titles: tuple[Found, ...] = ()
    works: tuple[str, ...] = ()
    settled: bool = False


def known_singers(page: Document, start: int, end: int) -> tuple[str, ...]:
    """The artists that are named for certain in a span."""
    found = (name.id for seen, name in page.of(Kind.ARTIST) if start <= seen.start < end and not name.weak)
    return tuple(dict.fromkeys(found))[:3]
