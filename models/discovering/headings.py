"""Titles in the headings that uploaders write: "NAME - Title (Drama OST Part 3)", "[MV] NAME(한글) _ Title (...)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from models.discovering.found import Found, Reading, known_singers
from models.discovering.lines import Line
from models.discovering.words import (
    EVEN_ONE_WORD,
    MOST_WORDS,
    MOST_WORDS_APART,
    TWO_WORDS,
    is_all,
    is_person,
    may_be_title,
    shown,
    trimmed,
)
from models.linking.lexicon import Kind

LONGEST_HEADING = 240
MOST_SEGMENTS = 40
MOST_NAME_WORDS = 4

_CUT = re.compile(
    r"(?P<gone>https?:\S+|www\.\S+|\S+@\S+|[@#]\S+)|(?P<open>[(\[{【])|(?P<close>[)\]}】])|(?P<group>\|)"
    r"|(?P<slash>\s/\s|(?<=[^\x00-\x7f])\s?/\s?|/\s?(?=[^\x00-\x7f]))|(?P<hard>\s-+(?!\d)|-+\s|\s?_+\s?)|(?P<colon>\s?:\s)"
    r"|(?P<soft>[;。•~]|[.…]+(?=\s)|[\u2190-\u2bff\u3030\U0001f000-\U0001faff]+)"
)
_BY = re.compile(r"\s+by\s+", re.IGNORECASE)
_OF = re.compile(r"([가-힣]{3})의\s+")
_FEATURED = re.compile(r"(?:feat|ft|prod|with|피처링)(?![a-z가-힣])")
_SCRIPT = re.compile(r"(?P<hangul>[가-힣])|(?P<latin>[a-z])|(?P<other>[\u0250-\uabff])")
_SINGERS = (Kind.ARTIST, Kind.CAST, Kind.ACT, Kind.RIVAL)
_TIES = frozenset({"hard", "slash"})
_BRACKETS = frozenset({"open", "close"})
_QUOTES = re.compile(r"[\"《》〈〉「」『』<>‹›]|(?<!\w)'|'(?!\w)")
_ANCHORS = frozenset({"ost", "drama", "part", "work"})


@dataclass(slots=True)
class _Segment:
    """Words between two cuts, in `depth` brackets; `before` and `after` are the kinds of what stands around it."""

    start: int
    end: int
    depth: int
    role: str
    before: set[str] = field(default_factory=set)
    after: set[str] = field(default_factory=set)
    also: str = ""

    @property
    def is_tied(self) -> bool:
        """Whether a dash, or a bracket with "... OST" in it, sets it apart as in a heading."""
        gaps = (self.before, self.after)
        return "colon" in self.before or any(gap & _TIES or (gap & _BRACKETS and gap & _ANCHORS) for gap in gaps)


def headings(line: Line) -> Reading:
    """The titles of a line that is built like a heading; nothing in it is a title where a known one stands in it."""
    if line.end - line.start > LONGEST_HEADING:
        return Reading()
    segments, works = _segments(line)
    if any(one.role == "title" and one.depth == 0 for one in segments):
        return Reading((), works, settled=True)
    found: list[Found] = []
    for group in _groups(segments):
        found += _of_group(line, group)
    return Reading(tuple(found), works, settled=bool(found))


def _segments(line: Line) -> tuple[list[_Segment], tuple[str, ...]]:
    """The wordy segments outside of brackets, each with what stands in brackets behind it, and unknown works."""
    pieces, cuts = _pieces(line)
    if len(pieces) > MOST_SEGMENTS:
        return [], ()
    found: list[_Segment] = []
    works: list[str] = []
    gap = {"edge"}
    for piece, behind in zip(pieces, cuts, strict=True):
        if piece.role == "work":
            works.append(shown(line.page, piece.start, piece.end))
            gap.add("work")
        elif piece.role and piece.depth and found and "gone" not in gap:
            _note_other_spelling(line, found[-1], piece)
        elif piece.role and not piece.depth:
            if found:
                found[-1].after = gap
            piece.before = gap
            found.append(piece)
            gap = set()
        gap.add(behind)
    if found:
        found[-1].after = gap | {"edge"}
    return found, tuple(works)


def _pieces(line: Line) -> tuple[list[_Segment], list[str]]:
    """All that stands between cuts, with the kind of the cut behind each; works that have no entry are marked."""
    cuts = [
        (found.start(), found.end(), found.lastgroup or "")
        for found in _CUT.finditer(line.page.folded, line.start, line.end)
    ]
    cuts = sorted([*line.anchors, *(cut for cut in cuts if not _in_anchor(cut, line.anchors))])
    pieces: list[_Segment] = []
    kinds: list[str] = []
    place, depth = line.start, 0
    for start, end, kind in [*cuts, (line.end, line.end, "edge")]:
        begin, stop = trimmed(line.page, place, max(place, start)) if start > place else (place, place)
        if (kind == "hard" and depth) or (kind == "colon" and begin < stop):
            continue  # part of a name: "The King: Eternal Monarch"
        pieces.append(_Segment(begin, stop, depth, _role(line, begin, stop)))
        kinds.append(kind)
        if kind == "ost":
            _mark_work(line, pieces, kinds, depth)
        depth = max(0, depth + (kind == "open") - (kind == "close"))
        place = max(place, end)
    return pieces, kinds


def _in_anchor(cut: tuple[int, int, str], anchors: Sequence[tuple[int, int, str]]) -> bool:
    return any(cut[0] < end and start < cut[1] for start, end, _ in anchors)


def _role(line: Line, start: int, end: int) -> str:
    """'' for nothing, 'title' and 'singer' for known ones, 'known' for other names, else 'words'."""
    if start >= end:
        return ""
    for role, kinds in (("title", (Kind.TITLE,)), ("singer", _SINGERS), ("known", ())):
        if is_all(line.page, start, end, *kinds):
            return role
    return "words"


def _mark_work(line: Line, pieces: list[_Segment], kinds: Sequence[str], depth: int) -> None:
    """What stands right before "OST" names a work, also with a second spelling: "Moon Bakery(달빛 빵집) OST"."""
    if depth == 0 and any(kind == "drama" for *_, kind in line.anchors):
        return
    for place in range(len(pieces) - 1, -1, -1):
        piece = pieces[place]
        if place < len(pieces) - 1 and kinds[place] not in _BRACKETS:
            return
        if piece.role == "words":
            if may_be_title(line.page, piece.start, piece.end, EVEN_ONE_WORD if piece.depth else TWO_WORDS):
                piece.role = "work"
            if piece.depth <= depth:
                return


def _note_other_spelling(line: Line, main: _Segment, piece: _Segment) -> None:
    """A title may stand in brackets behind itself in another script."""
    if _FEATURED.match(line.page.folded, piece.start, piece.end):
        return
    own, other = (_script(line.page.folded[one.start : one.end]) for one in (main, piece))
    if own != other and not main.also and may_be_title(line.page, piece.start, piece.end, EVEN_ONE_WORD):
        main.also = shown(line.page, piece.start, piece.end)


def _script(text: str) -> str:
    found = _SCRIPT.search(text)
    return found.lastgroup or "" if found else ""


def _groups(segments: Sequence[_Segment]) -> list[list[_Segment]]:
    groups: list[list[_Segment]] = []
    for one in segments:
        if not groups or "group" in one.before:
            groups.append([])
        groups[-1].append(one)
    return groups


def _of_group(line: Line, group: Sequence[_Segment]) -> list[Found]:
    """The title among the parts of a heading: the other part of a pair with a singer, or the only one set apart."""
    words = [one for one in group if one.role == "words" and (one.is_tied or len(group) == 1)]
    singers = known_singers(line.page, line.start, line.end)
    pairs = [pair for pair in pairwise(group) if pair[0].after & _TIES]
    unknown = [pair for pair in pairs if pair[0].role == pair[1].role == "words"]
    known = [pair for pair in pairs if {pair[0].role, pair[1].role} == {"words", "singer"}]
    if len(known) == 1 and len(words) == 1:
        singer = next(one for one in known[0] if one.role == "singer")
        return _title(line, words[0], _artists(line, singer) or singers, "")
    if len(unknown) == 1:
        return _of_pair(line, *unknown[0], singers)
    if len(words) == 1 and not pairs and _is_anchored(group):
        return _alone(line, words[0], singers)
    return []


def _artists(line: Line, segment: _Segment) -> tuple[str, ...]:
    found = line.page.of(Kind.ARTIST)
    return tuple(dict.fromkeys(n.id for seen, n in found if segment.start <= seen.start < segment.end))[:3]


def _is_anchored(group: Sequence[_Segment]) -> bool:
    return any((one.before | one.after) & _ANCHORS for one in group)


def _of_pair(line: Line, one: _Segment, other: _Segment, singers: tuple[str, ...]) -> list[Found]:
    """Singer and title, of which neither is known: the singer first, but for what looks like the name of a person."""
    first, second = (line.page.cased[part.start : part.end] for part in (one, other))
    title, singer = other, one
    if "slash" in one.after or (is_person(second) and not is_person(first)):
        title, singer = one, other
    elif not line.official and not is_person(first) and " " in first.strip() and " " not in second.strip():
        return []  # "Another Day - Norazo" as likely as "Acoustic Collabo - Maze"
    name = shown(line.page, singer.start, singer.end)
    return _title(line, title, singers, name if len(name.split()) <= MOST_NAME_WORDS else "")


def _alone(line: Line, segment: _Segment, singers: tuple[str, ...]) -> list[Found]:
    """One part, maybe with its singer in it: "Title by NAME", "NAME의 Title"."""
    if not segment.is_tied:
        return []
    page = line.page
    by = _BY.search(page.folded, segment.start, segment.end)
    name = shown(page, by.end(), segment.end) if by is not None else ""
    if by is not None and (is_person(name) or is_all(page, by.end(), segment.end, Kind.ARTIST)):
        title = _Segment(*trimmed(page, segment.start, by.start()), 0, "words", also=segment.also)
        return _title(line, title, singers, "" if singers else name)
    of = _OF.match(page.folded, segment.start, segment.end)
    if of is not None and is_person(of[1]):
        title = _Segment(of.end(), segment.end, 0, "words", also=segment.also)
        return _title(line, title, singers, of[1])
    return _title(line, segment, singers, "")


def _title(line: Line, segment: _Segment, singers: tuple[str, ...], stranger: str) -> list[Found]:
    most = MOST_WORDS_APART if singers or stranger or line.official else MOST_WORDS
    if not may_be_title(line.page, segment.start, segment.end, _least(line), most=most):
        return []
    if _QUOTES.search(line.page.folded, segment.start, segment.end):
        return []
    return [Found(segment.start, segment.end, singers, "" if singers else stranger, segment.also)]


def _least(line: Line) -> float:
    return EVEN_ONE_WORD if line.official else TWO_WORDS
