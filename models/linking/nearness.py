"""How close two names stand, by the words between them that nothing explains."""

from __future__ import annotations

import re
from typing import Final

from models.linking.sightings import Document, Sighting

FAR: Final = 99
"""Stands for 'not in reach of each other'."""
REACH: Final = 60
"""Names with more characters between them are not next to each other, whatever stands there."""
CLOSE: Final = 3
"""Up to so many unexplained letters two names still belong together: a particle, an article."""

_LINK = re.compile(
    r"\b(?:by|from|of|s|the|a|an|ost|part|pt|version|ver|feat|ft|with|and|x|in|on|for|official|sung|orig|original|originally"
    r"|de|del|da|do|di|du|des|la|el|le|o|y|e|et|con|com|en|em|na|no|von|aus|und|par|oleh|dari|dan|ni|ng|sa|ang|cua|tu|trong"
    r"|avec|punya|mit|von|met|от|из|и|من|في)\b|[0-9]+|ของ|จาก|の|が|が歌う|的|का|की|के|버전|부른|노래|에서|나온|삽입곡|주제가"
)
_JOINT = re.compile(
    r"[-/|()\[\]{}_\"]|'s\b|\b(?:by|from|ost|de|do|da|dari|punya|aus|von|от|из|من)\b|ของ|จาก|の|的|의|에서|부른"
)
_LETTER = re.compile(r"[^\W_]")


def between(page: Document, one: Sighting, other: Sighting) -> int:
    """How many letters between two sightings are neither a known name nor a linking word; FAR across lines."""
    first, second = (one, other) if one.start <= other.start else (other, one)
    start, end = first.end, second.start
    if start >= end:
        return 0
    if end - start > REACH or "\n" in page.folded[start:end]:
        return FAR
    if one.tag != other.tag and (one.tag >= 0 or other.tag >= 0) and page.field_of(one) == 2:
        return FAR
    parts = []
    for seen in page.sightings:
        if start <= seen.start and seen.end <= end:
            parts.append(page.folded[start : seen.start])
            start = seen.end
    parts.append(page.folded[start:end])
    return len(_LETTER.findall(_LINK.sub("", " ".join(parts))))


def is_close(page: Document, one: Sighting, other: Sighting) -> bool:
    """Whether two names belong together by where they stand."""
    return between(page, one, other) <= CLOSE


def is_joined(page: Document, one: Sighting, other: Sighting) -> bool:
    """Whether two names are put together by more than a space, a comma or an "and"."""
    first, second = (one, other) if one.start <= other.start else (other, one)
    return _JOINT.search(page.folded, first.end, min(second.start, first.end + REACH)) is not None


def distance(one: Sighting, other: Sighting) -> int:
    """Characters between two sightings."""
    return max(0, one.start - other.end, other.start - one.end)
