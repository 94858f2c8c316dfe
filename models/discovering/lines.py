"""The lines of a post that stand beside an OST word, a part number or a drama's name; all else is not looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from models.discovering.words import is_ost
from models.linking.lexicon import Kind
from models.linking.sightings import Document, Sighting

MOST_LINES = 8
MOST_ANCHORS = 24
SHORT_POST = 400
"""In a post of so few characters hashtags speak of every line; in a longer one nobody knows of which."""

_PART = re.compile(r"(?<![a-z])(?:part|pt|파트|パート)[ .\-]{0,2}(\d{1,2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Line:
    """[start, end) of the document, and beside what its words stand."""

    page: Document
    start: int
    end: int
    anchors: tuple[tuple[int, int, str], ...]
    """What stands in the line itself: (start, end, 'ost' | 'drama' | 'part'), ascending."""
    dramas: tuple[str, ...]
    ost: bool
    part: str
    music: bool
    """Whether a word of music or a singer stands in the line."""

    @property
    def text(self) -> str:
        """The folded words."""
        return self.page.folded[self.start : self.end]

    @property
    def official(self) -> bool:
        """Whether it reads like a release: "OST Part 3"."""
        return self.ost and bool(self.part)

    @property
    def tells(self) -> bool:
        """Whether what stands in it can be a song at all: a drama alone is spoken of for many reasons."""
        return self.ost or bool(self.part) or (bool(self.dramas) and self.music)


@dataclass(frozen=True, slots=True)
class _Named:
    osts: tuple[Sighting, ...]
    dramas: tuple[tuple[Sighting, str], ...]
    music: tuple[Sighting, ...]
    parts: tuple[re.Match[str], ...]


def lines(page: Document) -> list[Line]:
    """The lines worth reading, at most MOST_LINES; none, at once, where the post holds nothing that speaks of OSTs."""
    if not page.sightings:
        return []
    osts = tuple(seen for seen, name in page.of(Kind.WORD) if is_ost(name))
    dramas = tuple((seen, name.id) for seen, name in page.of(Kind.DRAMA) if osts or not name.weak)
    if not osts and not dramas:
        return []  # a part number alone is that of a series of videos
    return _lines(page, _Named(osts, dramas, _music(page), tuple(_PART.finditer(page.folded))))


def _music(page: Document) -> tuple[Sighting, ...]:
    words = [seen for seen, name in page.of(Kind.WORD) if name.id == "music"]
    return (*words, *(seen for seen, name in page.of(Kind.ARTIST) if not name.weak))


def _lines(page: Document, named: _Named) -> list[Line]:
    by_tag = {seen.start for seen in (*named.osts, *(seen for seen, _ in named.dramas)) if _in_tag(page, seen)}
    everywhere = bool(by_tag) and len(page.cased) <= SHORT_POST
    places = [seen.start for seen in (*named.osts, *(seen for seen, _ in named.dramas))]
    places += [found.start() for found in named.parts]
    found: list[Line] = []
    spans = _text_lines(page) if everywhere else {_around(page.folded, at) for at in places if at not in by_tag}
    for start, end in sorted(spans)[: 2 * MOST_LINES]:
        line = _line(page, start, end, named, everywhere=everywhere)
        if line.tells:
            found.append(line)
    return found[:MOST_LINES]


def _in_tag(page: Document, seen: Sighting) -> bool:
    return seen.tag >= 0 or page.field_of(seen) == 2


def _text_lines(page: Document) -> set[tuple[int, int]]:
    """The lines of title and text, without the uploader's hashtags."""
    spans, place = set(), 0
    while place < page.tags_from:
        start, end = _around(page.folded, place)
        if end > start:
            spans.add((start, end))
        place = end + 1
    return spans


def _around(text: str, place: int) -> tuple[int, int]:
    end = text.find("\n", place)
    return text.rfind("\n", 0, place) + 1, end if end >= 0 else len(text)


def _line(page: Document, start: int, end: int, named: _Named, *, everywhere: bool) -> Line:
    own_osts = [seen for seen in named.osts if start <= seen.start < end and seen.tag < 0]
    own_dramas = [(seen, drama) for seen, drama in named.dramas if start <= seen.start < end and seen.tag < 0]
    own_parts = [found for found in named.parts if start <= found.start() < end]
    anchors = [(seen.start, seen.end, "ost") for seen in own_osts]
    anchors += [(seen.start, seen.end, "drama") for seen, _ in own_dramas]
    anchors += [(found.start(), found.end(), "part") for found in own_parts]
    dramas = dict.fromkeys(drama for _, drama in own_dramas)
    if not dramas:
        others = {drama for _, drama in named.dramas}
        dramas = dict.fromkeys(others if len(others) == 1 else ())
    ost = bool(own_osts) or (everywhere and any(_in_tag(page, seen) for seen in named.osts))
    part = f"Part {int(own_parts[0][1])}" if own_parts and len({found[1] for found in own_parts}) == 1 else ""
    music = any(start <= seen.start < end for seen in named.music)
    return Line(page, start, end, tuple(sorted(anchors)[:MOST_ANCHORS]), tuple(dramas)[:3], ost, part, music)
