"""Whether words may be a title: no heading's noise, no everyday word alone, nothing that the catalogue knows."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, lru_cache

from models.linking.lexicon import Kind, Name, is_common_word, packaged
from models.linking.sightings import Document, Sighting
from models.linking.surprise import bits, is_distinctive
from models.text import squashed

MOST_WORDS = 6
MOST_WORDS_APART = 9
"""Of a title in running words, and of one in quotation marks or beside its singer."""
LONGEST = 60
LONGEST_UNSPACED = 24
"""Signs of a title in a script without gaps; of one word in any other."""
DISTINCT_BITS = 20.0
"""A known title of so much surprise inside other words is meant: they are no title of their own."""

EVEN_ONE_WORD = 5.0
TWO_WORDS = 11.0
A_PHRASE = 16.0
"""Least surprise in bits: any word, two everyday words or a rarer one, three everyday words or a rare one."""

_TOKEN = re.compile(r"\S+")
_LETTER = re.compile(r"[^\W\d_]")
_HANGUL = re.compile(r"[가-힣]+")
_SPACED = re.compile(r"[A-Za-z가-힣\u0370-\u08ff]")
_COUNT = re.compile(
    r"\d*|(?:ep|eps|e|s|제|第|vol|no|tap|tập|cap)?\d{1,4}(?:st|nd|rd|th|k|p|h|hr|hrs|hour|hours|m|min|mins|회|화|편|탄|부|시간|분|곡|話|集|回|期|首)?"
)
_OUTER = " \t\u3000-_~.,:;*+=|/\\<>\"'()[]{}«»「」『』《》〈〉【】·•…、。，!?"
_NAMES = frozenset({Kind.DRAMA, Kind.ARTIST, Kind.CHARACTER, Kind.CAST})

bare = lru_cache(maxsize=16_384)(squashed)
"""The squashed form; the same words are asked about again and again."""


@cache
def words_of(name: str) -> frozenset[str]:
    """A list of discovery.toml, squashed."""
    return frozenset(filter(None, map(squashed, packaged("discovery.toml")[name])))


def shown(page: Document, start: int, end: int) -> str:
    """The words of a span as they stand in the post, with single gaps."""
    return " ".join(page.cased[start:end].split())


def within(page: Document, start: int, end: int) -> list[Sighting]:
    """The sightings that lie in a span, in its order."""
    seen = page.sightings
    first, last = bisect_left(seen, start, key=_start), bisect_left(seen, end, key=_start)
    return [one for one in seen[first:last] if one.end <= end]


def _start(seen: Sighting) -> int:
    return seen.start


def stripped(page: Document, start: int, end: int) -> tuple[int, int]:
    """The span without punctuation at its ends."""
    text = page.cased[start:end]
    left = len(text) - len(text.lstrip(_OUTER))
    return start + left, max(start + left, start + len(text.rstrip(_OUTER)))


def trimmed(page: Document, start: int, end: int) -> tuple[int, int]:
    """The span without what uploaders put around a title ("lyrics", "piano cover") and without names at its ends."""
    places = [(start + found.start(), start + found.end()) for found in _TOKEN.finditer(page.folded[start:end])]
    tokens = [(first, last, text) for first, last in places if (text := bare(page.folded[first:last]))]
    while tokens:
        size = _noise_behind(tokens) or _name_behind(page, tokens)
        if size:
            del tokens[-size:]
            continue
        size = _lead(tokens) or _name_before(page, tokens)
        if not size:
            break
        del tokens[:size]
    return stripped(page, tokens[0][0], tokens[-1][1]) if tokens else (start, start)


_Token = tuple[int, int, str]


def _noise_behind(tokens: list[_Token]) -> int:
    for size in (3, 2, 1):
        if len(tokens) >= size and "".join(text for *_, text in tokens[-size:]) in words_of("noise"):
            return size
    if tokens[-1][2].isdigit():  # "capítulo 3"
        return 2 if len(tokens) > 1 and tokens[-2][2] in words_of("noise") else 0
    return 1 if _COUNT.fullmatch(tokens[-1][2]) else 0


def _lead(tokens: list[_Token]) -> int:
    for size in (4, 3, 2, 1):
        text = "".join(text for *_, text in tokens[:size])
        if len(tokens) >= size and (text in words_of("leads") or (len(tokens) == size and text in words_of("noise"))):
            return size
    return 1 if not tokens[0][2].isdigit() and _COUNT.fullmatch(tokens[0][2]) else 0


def _name_behind(page: Document, tokens: list[_Token]) -> int:
    """How many last tokens are a known name with its particle."""
    for seen in within(page, tokens[0][0], tokens[-1][1])[-2:]:
        if _is_name(seen) and seen.end > tokens[-1][0]:
            return next((size for size in range(1, len(tokens) + 1) if _begins(tokens[-size], seen)), 0)
    return 0


def _name_before(page: Document, tokens: list[_Token]) -> int:
    for seen in within(page, tokens[0][0], tokens[-1][1])[:1]:
        if _is_name(seen) and _begins(tokens[0], seen):
            return sum(start < seen.end for start, _, _ in tokens)
    return 0


def _begins(token: _Token, seen: Sighting) -> bool:
    return token[0] <= seen.start < token[1] and seen.start - token[0] <= 1


def _is_name(seen: Sighting) -> bool:
    """Whether a sighting names a drama or a person for certain, or is a word for OST or drama; never a title."""
    if any(name.kind is Kind.TITLE for name in seen.names):
        return False
    return any(
        (name.kind in _NAMES and not name.weak) or (name.kind is Kind.WORD and name.id in ("ost", "drama"))
        for name in seen.names
    )


def is_all(page: Document, start: int, end: int, *kinds: Kind) -> bool:
    """Whether every letter of a span belongs to sightings (of some kinds): the catalogue knows it already."""
    place = start
    rest = []
    for seen in within(page, start, end):
        if not kinds or any(name.kind in kinds for name in seen.names):
            rest.append(page.folded[place : seen.start])
            place = seen.end
    rest.append(page.folded[place:end])
    return place > start and not any(map(_LETTER.search, rest))


def holds_known_title(page: Document, start: int, end: int) -> bool:
    """Whether a known title that nobody writes by chance stands in a span."""
    return any(
        bits(name.spelling) >= DISTINCT_BITS for seen in within(page, start, end) for name in seen.ids(Kind.TITLE)
    )


def may_be_title(page: Document, start: int, end: int, least: float, *, most: int = MOST_WORDS) -> bool:
    """Whether the words of a span are of a title's size, hold letters, and are more than everyday words (in bits)."""
    text = page.folded[start:end]
    tokens = text.split()
    if not tokens or len(tokens) > most or len(text) > LONGEST or "\n" in text:
        return False
    if not _SPACED.search(text) and len(text) > LONGEST_UNSPACED:
        return False
    if not _LETTER.search(text) or len(bare(text)) < 2 or all(map(_is_nothing, [text, *tokens])):
        return False
    return surprise(text) >= least and not holds_known_title(page, start, end)


def _is_nothing(token: str) -> bool:
    text = bare(token)
    return text in words_of("noise") or text in words_of("alone") or _COUNT.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def surprise(text: str) -> float:
    """Bits of surprise; a word of an everyday Korean phrase counts like an everyday English one."""
    flat = bare(text)
    if _HANGUL.fullmatch(flat) and not is_distinctive(flat):
        return 5.5 * min(len(text.split()), len(flat) // 2)
    return bits(text)


def is_ost(name: Name) -> bool:
    """Whether a word of the lists says OST: some of those for drama do, too ("kdramaost")."""
    return name.kind is Kind.WORD and (name.id == "ost" or (name.id == "drama" and bare(name.spelling).endswith("ost")))


def is_person(text: str) -> bool:
    """Whether words look like the name of a Korean: a family name and one or two syllables, in Hangul or in Latin."""
    tokens = text.split()
    if len(tokens) == 1 and _HANGUL.fullmatch(text):
        return 2 <= len(text) <= 4 and text[0] in packaged("discovery.toml")["family_syllables"]
    if not 2 <= len(tokens) <= 3 or not text.isascii():
        return False
    ends = {tokens[0].lower(), tokens[-1].lower()}
    return not ends.isdisjoint(_family_names()) and not all(is_common_word(bare(token)) for token in tokens)


@cache
def _family_names() -> frozenset[str]:
    return frozenset(name.lower() for name in packaged("common.toml")["family_names"])
