"""How a title is set in a post: apart from the running words, like a name, or as any words of the sentence."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final, NamedTuple

from models.linking.evidence import Piece, piece
from models.linking.lexicon import packaged
from models.linking.sightings import Document, Sighting
from models.linking.surprise import LEAST_DISTINCTIVE, bits, is_distinctive
from models.text import squashed

SHORT_BITS: Final = 11.0
"""Up to two everyday words; shorter ones are set apart for many reasons."""
NEIGHBOURS = 30
"""Characters around a title among which its neighbours are looked for."""

_QUOTES = {
    '"': '"',
    "'": "'",
    "《": "》",
    "〈": "〉",
    "「": "」",
    "『": "』",
    "<": ">",
    "【": "】",
    "＜": "＞",
    "‹": "›",
}
_OPENER = re.compile(f"[{''.join(_QUOTES)}]")
_BEFORE = re.compile(r"(?:^|[\n|/,;:()\[\]{}\"'~•·+#&*_>…✨♪♫♬🎵🎶🎤🎧🎹🎸]|(?:^|\s)[-x]\s|\d[.)])\s*$")
_AFTER = re.compile(r"\s*(?:$|[\n|/,;:()\[\]{}\"'~•·+#&*_<…✨♪♫♬🎵🎶🎤🎧🎹🎸]|[-x](?:\s|$))")
_FIRM_BEFORE = re.compile(r"(?:[|/()\[\]{}~+_>♪♫♬🎵🎶🎤🎧🎹🎸]|\s-\s)\s*$")
_FIRM_AFTER = re.compile(r"\s*(?:[|/()\[\]{}~+_<♪♫♬🎵🎶🎤🎧🎹🎸]|-\s)")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_CAPITAL = re.compile(r"(?<![A-Z'])[A-Z]")
_HANGUL = re.compile(r"[가-힣]")
_LATIN = re.compile(r"[A-Za-z]")
_EDGE = re.compile(r"[\n#@]|https?:")
_SENTENCE_END = re.compile(r"[.!?…]\s*$")


class Setting(NamedTuple):
    """`piece` is what the setting itself says; `apart` from 0 (any words) to 1 (a name) tells how much the words
    are set off from their sentence, by quotation marks, capitals, another script, or by being no everyday words.
    """

    piece: Piece | None = None
    apart: float = 0.0


def setting(page: Document, seen: Sighting) -> Setting:
    """How a spelling stands in the post."""
    known: Setting | None = page.known.get(seen.start)
    if known is None:
        known = page.known[seen.start] = _setting(page, seen)
    return known


def _setting(page: Document, seen: Sighting) -> Setting:
    words = page.words(seen)
    own = 1.0 if is_distinctive(words) else 0.0
    if seen.tag >= 0:
        return _in_hashtag(page, seen, own)
    quoted = _quotation(page, seen)
    if quoted is not None:
        inside = page.cased[slice(*quoted)]
        if _is_more_than(page, seen, *quoted):
            return Setting(piece("part of a longer title", inside))
        return Setting(piece("title quoted", inside), 1.0)
    if page.field_of(seen) == 2:
        return Setting()  # uploaders list every phrase that people might search for
    capitals = _capitals(page, seen)
    foreign = _foreign(page, seen)
    if _stands_alone(page, seen):
        apart = 1.0 if _is_firm(page, seen) and (capitals or not _LATIN.search(words)) else capitals
        return Setting(piece("title on its own"), max(own, foreign, apart))
    if foreign:
        return Setting(piece("title in another script", "", foreign), max(own, foreign))
    if capitals:
        return Setting(piece("title capitalised", "", 0.5 + 0.5 * capitals), capitals)
    if own:
        return Setting(piece("title is no everyday phrase"), own)
    return Setting(piece("title among words"))


def _in_hashtag(page: Document, seen: Sighting, own: float) -> Setting:
    words, tag = page.words(seen), page.cased[slice(*page.tags[seen.tag])]
    if tag.lower() in _platform_tags():
        return Setting(piece("a tag for any post", tag))
    telling = bits(words) > SHORT_BITS
    tagged = piece("title in a hashtag", tag, 1.0 if telling else 0.4)
    if _HANGUL.search(words) and not own:
        return Setting(tagged, 0.5 if len(words) >= LEAST_DISTINCTIVE else 0.0)
    return Setting(tagged, 1.0 if telling else 0.0)


@cache
def _platform_tags() -> frozenset[str]:
    return frozenset(packaged("common.toml")["platform_tags"])


def _stands_alone(page: Document, seen: Sighting) -> bool:
    before = page.folded[max(0, seen.start - 6) : seen.start]
    return _BEFORE.search(before) is not None and _AFTER.match(page.folded, seen.end) is not None


def _is_firm(page: Document, seen: Sighting) -> bool:
    """Whether what sets a title apart is more than the comma or colon of a sentence, or the end of a line."""
    before = page.folded[max(0, seen.start - 6) : seen.start]
    return _FIRM_BEFORE.search(before) is not None or _FIRM_AFTER.match(page.folded, seen.end) is not None


def _capitals(page: Document, seen: Sighting) -> float:
    """1 where two words of a title begin with capitals, 0.5 where its only word does inside a sentence, else 0.

    Nothing where the words around it, other than names, have capitals too.
    """
    words = page.words(seen)
    if not is_capitalised(words):
        return 0.0
    start = max(page.cased.rfind("\n", 0, seen.start) + 1, seen.start - 40)
    stop = page.cased.find("\n", seen.end)
    stop = min(seen.end + 40, stop if stop >= 0 else len(page.cased))
    before, after = (
        _without_names(page, page.cased, start, seen.start),
        _without_names(page, page.cased, seen.end, stop),
    )
    others = [word for word in _WORD.findall(f"{before} {after}") if _LATIN.match(word)]
    if sum(word[0].islower() for word in others) * 2 < len(others):
        return 0.0
    if len(_CAPITAL.findall(words)) > 1:
        return 1.0
    before = page.cased[page.cased.rfind("\n", 0, seen.start) + 1 : seen.start]
    starts = not before.strip() or _SENTENCE_END.search(before) is not None
    return 0.0 if starts else 0.5  # the first word of a sentence has a capital anyway


def is_capitalised(words: str) -> bool:
    """Whether the words of a Latin spelling begin with capitals, but for those that headings write small."""
    if words == words.lower():
        return False
    found = _WORD.findall(words)
    major = [word for word in found if word.lower() not in _minor()] or found
    return _LATIN.search(words) is not None and all(word[0].isupper() for word in major)


@cache
def _minor() -> frozenset[str]:
    return frozenset(packaged("common.toml")["minor"])


def _foreign(page: Document, seen: Sighting) -> float:
    """How surely a title is a name because its neighbours are words of another script, 0 where they are not.

    People drop single English words and greetings into any language, but hardly a phrase with capitals.
    """
    if page.cased.isascii():
        return 0.0
    words = page.words(seen)
    if not _HANGUL.search(words) and not _LATIN.search(words):
        return 0.0
    beside = {_script(sign) for sign in _neighbours(page, seen)}
    if not beside or _script(words[0]) in beside or _script(words[-1]) in beside:
        return 0.0
    if _HANGUL.search(words):
        return _abroad(words)
    return 1.0 if is_capitalised(words) and bits(words) >= SHORT_BITS else 0.5


@lru_cache(maxsize=4096)
def _abroad(words: str) -> float:
    """Korean words that writers of any language use are no titles for being Korean."""
    known = {squashed(word) for word in packaged("common.toml")["korean_abroad"]}
    return 0.0 if squashed(words) in known else 1.0


def _neighbours(page: Document, seen: Sighting) -> list[str]:
    """The last letter before a title and the first behind it, on its line, other than those of known names."""
    before = _without_names(page, page.folded, max(0, seen.start - NEIGHBOURS), seen.start)
    after = _without_names(page, page.folded, seen.end, seen.end + NEIGHBOURS)
    cut = [found.end() for found in _EDGE.finditer(before)]
    before = before[cut[-1] :] if cut else before
    after = _EDGE.split(after, maxsplit=1)[0]
    found = [next((sign for sign in reversed(before) if sign.isalpha()), ""), next(filter(str.isalpha, after), "")]
    return [sign for sign in found if sign]


def _without_names(page: Document, text: str, start: int, end: int) -> str:
    """`text` from start to end with blanks for the known names that lie in it."""
    words = text[start:end]
    for other in page.sightings:
        if start <= other.start and other.end <= end:
            words = words[: other.start - start] + " " * (other.end - other.start) + words[other.end - start :]
    return words


@lru_cache(maxsize=4096)
def _script(sign: str) -> str:
    return unicodedata.name(sign, "").partition(" ")[0]


def _quotation(page: Document, seen: Sighting) -> tuple[int, int] | None:
    """The span inside the quotation marks around a title, when they are on its line and not far apart."""
    begin = max(page.folded.rfind("\n", 0, seen.start) + 1, seen.start - 40)
    before = page.folded[begin : seen.start]
    if _OPENER.search(before) is None:
        return None
    for opener, closer in _QUOTES.items():
        place = before.rfind(opener)
        if place < 0 or closer in before[place + 1 :]:
            continue
        if opener == "'" and begin + place > 0 and page.folded[begin + place - 1].isalnum():
            continue  # an apostrophe
        end = page.folded.find(closer, seen.end, seen.end + 40)
        if end >= 0 and "\n" not in page.folded[seen.end : end]:
            return begin + place + 1, end
    return None


def _is_more_than(page: Document, seen: Sighting, start: int, end: int) -> bool:
    """Whether a quotation holds words that are neither the title nor any other known name."""
    rest = page.folded[start:end]
    for other in reversed(page.sightings):
        if start <= other.start and other.end <= end:
            rest = rest[: other.start - start] + " " + rest[other.end - start :]
    letters = sum(len(word) for word in _WORD.findall(re.sub(r"\([^()]*\)", " ", rest)))
    return letters > 3
