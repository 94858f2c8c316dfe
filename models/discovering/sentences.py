"""Titles in running words, where only capitals or a word of music behind them set them apart. The weakest sign."""

from __future__ import annotations

import re
from collections.abc import Iterator

from models.discovering.found import Found, Reading, known_singers
from models.discovering.lines import Line
from models.discovering.words import (
    A_PHRASE,
    TWO_WORDS,
    bare,
    is_all,
    is_person,
    may_be_title,
    stripped,
    within,
    words_of,
)
from models.linking.lexicon import Kind, packaged
from models.linking.sightings import Sighting

REACH = 80

_SMALL = "a|an|the|to|of|in|on|at|for|with|and|is|it|me|my|you|your|us|be|or|not|like|up"
_CAPITALS = rf"[A-Z][\w'&]*(?:\s(?:(?:{_SMALL})\s){{0,2}}[A-Z][\w'&]*){{0,5}}"
_AFTER = re.compile(rf"[\s:,\-]{{0,3}}({_CAPITALS})(?![\w'])")
_BY = re.compile(rf"(?<![\w'#@])({_CAPITALS})\s+by\s+([A-Z][\w.&'-]*(?:\s[A-Z][\w.&'-]*){{0,2}})")
_RUN = re.compile(rf"(?<![\w'#@])({_CAPITALS})(?![\w'])")
_OWNED = re.compile(rf"'s\s+({_CAPITALS})(?![\w'])")
_GAP = re.compile(r"[가-힣][가-힣0-9a-z ,!?]{1,40}")
_LATIN_WORD = re.compile(r"[A-Za-z][\w']*")
_LINK = re.compile(r"\s+([^\s\d].{0,16}?)\s*")
_SUNG = ("부른", "부르는", "불러준")
_BREAK = re.compile(r"[\n#@()\[\]{}|\"'<>]|https?:")


def sentences(line: Line) -> Reading:
    """The titles that stand among the words of a line."""
    found = [*_by(line), *_before_links(line), *_behind_anchors(line), *_of_singers(line), *_in_korean(line)]
    found = [one for one in found if _is_plain(line, one)]
    best: list[Found] = []
    for one in found:
        if all(one.end <= other.start or other.end <= one.start for other in best):
            best.append(one)
    return Reading(tuple(best))


def _is_plain(line: Line, found: Found) -> bool:
    """Whether it is no hashtag, no handle, nothing known, and does not begin like the rest of a sentence."""
    words = line.page.folded[found.start : found.end].split()
    return not is_all(line.page, found.start, found.end) and bare(words[0]) not in words_of("not_first")


def _is_capital(line: Line, start: int, end: int, least: float) -> bool:
    """Whether capitals tell: not where most other words around, but for names, have them too."""
    text = line.page.cased
    first, last = max(line.start, start - REACH), min(line.end, end + REACH)
    spans = [(start, end), *((seen.start, seen.end) for seen in within(line.page, first, last))]
    rest, place = "", first
    for begin, stop in sorted(spans):
        rest += text[place : max(place, begin)] + " "
        place = max(place, stop)
    others = _LATIN_WORD.findall(rest + text[place:last])
    small = sum(word[0].islower() for word in others)
    return small * 2 >= len(others) and may_be_title(line.page, start, end, least)


def _near(line: Line, start: int, end: int) -> bool:
    return any(place - end <= REACH and start - stop <= REACH for place, stop, _ in line.anchors)


def _by(line: Line) -> Iterator[Found]:
    """ "obsessed with Warm Bread by Han Sol"."""
    for by in _BY.finditer(line.page.cased, line.start, line.end):
        start, end = by.span(1)
        singers = tuple(n.id for seen, n in line.page.of(Kind.ARTIST) if seen.start == by.start(2))[:1]
        if not singers and not is_person(by[2]):
            continue  # "Moonlight Drawn by Clouds"
        if _near(line, start, end) and _is_capital(line, start, end, TWO_WORDS):
            yield Found(start, end, singers, "" if singers else by[2])


def _before_links(line: Line) -> Iterator[Found]:
    """ "crying over Warm Bread from Lovely Runner"."""
    page = line.page
    for place, _, kind in line.anchors:
        if kind == "part":
            continue
        for run in _RUN.finditer(page.cased, max(line.start, place - REACH), place):
            link = _LINK.fullmatch(page.folded, run.end(), place)
            if link and bare(link[1]) in words_of("links") and _is_capital(line, *run.span(1), TWO_WORDS):
                yield Found(*run.span(1), known_singers(page, line.start, line.end))


def _behind_anchors(line: Line) -> Iterator[Found]:
    """ "the Lovely Runner OST Part 3 Warm Bread is so good"."""
    for place, (_, end, kind) in enumerate(line.anchors):
        following = line.anchors[place + 1][0] if place + 1 < len(line.anchors) else line.end
        if kind == "drama" or following - end < 2:
            continue
        run = _AFTER.match(line.page.cased, end, following)
        if run is not None and _is_capital(line, *run.span(1), A_PHRASE):
            yield Found(*run.span(1), known_singers(line.page, line.start, line.end))


def _of_singers(line: Line) -> Iterator[Found]:
    """ "ECLIPSE's Warm Bread"."""
    for seen, name in line.page.of(Kind.ARTIST):
        if line.start <= seen.start < line.end and seen.tag < 0:
            run = _OWNED.match(line.page.cased, seen.end, line.end)
            if run is not None and _near(line, *run.span(1)) and _is_capital(line, *run.span(1), TWO_WORDS):
                yield Found(*run.span(1), (name.id,))


def _in_korean(line: Line) -> Iterator[Found]:
    """ "선재 업고 튀어 OST 따뜻한 빵 피아노 커버": between what leads to a title and a word of music."""
    page = line.page
    ends = [end for _, end, _ in line.anchors]
    ends += [seen.end for seen in within(page, line.start, line.end) if page.words(seen) in _SUNG]
    for end in sorted(set(ends)):
        following = next((seen for seen in within(page, end, line.end) if _closes(line, seen)), None)
        if following is None or not page.folded[end : following.start].startswith(" "):
            continue
        start, stop = stripped(page, end, following.start)
        text = page.folded[start:stop]
        if _BREAK.search(text) or not _GAP.fullmatch(text) or _is_sentence(text):
            continue
        if may_be_title(page, start, stop, A_PHRASE):
            yield Found(start, stop, known_singers(page, line.start, line.end))


def _closes(line: Line, seen: Sighting) -> bool:
    """Whether a sighting ends a title: a word of music or of a viewer's doing, an OST word, a drama."""
    if any(start == seen.start for start, _, _ in line.anchors):
        return True
    return any(name.kind is Kind.WORD and name.id in ("music", "activity") for name in seen.names)


def _is_sentence(text: str) -> bool:
    """Whether words end like a Korean sentence, or begin with words that no title begins with."""
    words = text.split()
    lists = packaged("discovery.toml")
    return text.endswith(tuple(lists["sentence_endings"])) or bare(words[0]) in words_of("alone")
