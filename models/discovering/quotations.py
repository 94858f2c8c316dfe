"""Titles in quotation marks of any kind, and the names of works that stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.discovering.found import Found, Reading, known_singers
from models.discovering.lines import Line
from models.discovering.words import (
    EVEN_ONE_WORD,
    MOST_WORDS_APART,
    TWO_WORDS,
    bare,
    is_all,
    is_person,
    may_be_title,
    shown,
    stripped,
    words_of,
)
from models.linking.lexicon import Kind

REACH = 80
"""A quotation further from what it stands beside is speech as often as not."""

_QUOTED = re.compile(
    r"\"([^\"\n]{1,60})\"|(?<!\w)'((?:[^'\n]|(?<=\w)'(?=\w)){1,60})'(?!\w)|《([^《》\n]{1,60})》|〈([^〈〉\n]{1,60})〉"
    r"|「([^「」\n]{1,60})」|『([^『』\n]{1,60})』|<([^<>\n]{1,60})>|‹([^‹›\n]{1,60})›"
)
_TO_OST = re.compile(r"[\s\"'》〉」』>›]*(?:의|の|的|'s)?\s*")
_BEFORE = re.compile(r"([^\s()\[\]]{1,30})\s*$")
_NAME_BEFORE = re.compile(
    r"(?:^|[\])|:,]\s*)([^\[\]()|:,\"'《》〈〉「」『』<>]{2,40}?)\s*(?:\([^()]{1,40}\))?\s*[-_:,]?\s*$"
)
_NAME_BEHIND = re.compile(r"\s+by\s+([^\W\d_][\w-]*(?:\s[^\W\d_][\w-]*)?)", re.IGNORECASE)


def quotations(line: Line) -> Reading:
    """The titles that a line quotes."""
    page = line.page
    titles: list[Found] = []
    works: list[str] = []
    settled = False
    for start, end, outer in _quoted(line):
        if is_all(page, start, end):
            settled = settled or is_all(page, start, end, Kind.TITLE)
        elif _is_work(line, start, end, outer):
            works.append(shown(page, start, end))
        elif _is_near(line, start, end) and _may_be(line, start, end):
            singers, stranger = _singer(line, start, outer)
            titles.append(Found(start, end, singers, stranger))
    return Reading(tuple(titles), tuple(works), settled or bool(titles))


def _may_be(line: Line, start: int, end: int) -> bool:
    least = EVEN_ONE_WORD if line.official else TWO_WORDS
    return may_be_title(line.page, start, end, least, most=MOST_WORDS_APART)


def _quoted(line: Line) -> Iterator[tuple[int, int, int]]:
    """(start, end) of what is quoted, and where the quotation marks end."""
    for found in _QUOTED.finditer(line.page.folded, line.start, line.end):
        if found.lastindex:
            start, end = stripped(line.page, *found.span(found.lastindex))
            if start < end:
                yield start, end, found.end()


def _is_work(line: Line, start: int, end: int, outer: int) -> bool:
    """Whether a quotation names a work: "'Moon Bakery' OST", "the drama 'Moon Bakery'"."""
    if any(start <= place < end for place, _, _ in line.anchors):
        return True
    gap = _TO_OST.match(line.page.folded, outer, line.end)
    after = gap.end() if gap else outer
    if any(place == after and kind == "ost" for place, _, kind in line.anchors):
        return not any(kind == "drama" for *_, kind in line.anchors)
    before = _BEFORE.search(line.page.folded[line.start : start].rstrip(" \"'《〈「『<‹"))
    return before is not None and bare(before[1]) in words_of("works")


def _is_near(line: Line, start: int, end: int) -> bool:
    """Whether it stands near its anchor, or the anchor is a hashtag of a short post."""
    near = [place for place, stop, _ in line.anchors if place - end <= REACH and start - stop <= REACH]
    return bool(near) or not line.anchors


def _singer(line: Line, start: int, outer: int) -> tuple[tuple[str, ...], str]:
    """The known singers of the line, else the unknown one of "NAME 'Title'" or "'Title' by NAME"."""
    singers = known_singers(line.page, line.start, line.end)
    if singers:
        return singers, ""
    before = _NAME_BEFORE.search(line.page.cased[line.start : start].rstrip("\"'《〈「『<‹ "))
    behind = _NAME_BEHIND.match(line.page.cased, outer, line.end)
    names = [found[1].strip() for found in (before, behind) if found]
    return (), next(filter(is_person, names), "")
