"""How a title is spelled and set in a post, and what that says about whether the song is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from models.catalogue import Song
from models.linking.evidence import Evidence, evidence
from models.linking.lexicon import Kind, Name, is_common_word, packaged
from models.linking.nearness import distance
from models.linking.romanisation import sounds_like
from models.linking.sightings import Document, Sighting
from models.text import fold, squashed

LONG_HANGUL = 7
LONG_LATIN = 26
LONG_ROMANISED = 17
PLAIN_BITS = 20.0

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
_OPENERS = "".join(re.escape(sign) for sign in _QUOTES)
_BEFORE = re.compile(r"(?:^|[\n|/,;:()\[\]{}\"'~•·+#&*_>…✨♪♫♬🎵🎶🎤🎧🎹🎸]|(?:^|\s)[-x]\s|\d[.)])\s*$")
_AFTER = re.compile(r"\s*(?:$|[\n|/,;:()\[\]{}\"'~•·+#&*_<…✨♪♫♬🎵🎶🎤🎧🎹🎸]|[-x](?:\s|$))")
_WORD = re.compile(r"[^\W_]+")
_HANGUL = re.compile(r"[가-힣]")
_LATIN = re.compile(r"[A-Za-z]")


@lru_cache(maxsize=4096)
def bits(spelling: str) -> float:
    """How surprising a spelling is as an everyday phrase, in bits: about seven for a common word or a syllable."""
    total = 0.0
    for word in _WORD.findall(fold(spelling)):
        if word.isascii():
            total += 5.5 if is_common_word(word) else min(16.0, 4.0 + 1.5 * len(word))
        else:
            total += 6.5 * len(word) if _HANGUL.search(word) else min(40.0, 8.0 * len(word))
    return min(total, 80.0)


def identifies_alone(song: Song, spelling: str) -> bool:
    """Whether a spelling is so long that no other text holds it by chance."""
    bare = squashed(spelling)
    if _HANGUL.search(bare):
        return len(bare) >= LONG_HANGUL and not (song.ambiguous and _sounds_english(song, spelling))
    if len(bare) >= LONG_ROMANISED and is_romanised(song, spelling):
        return True
    return bare.isascii() and len(bare) >= LONG_LATIN and not song.ambiguous


def _sounds_english(song: Song, spelling: str) -> bool:
    """Whether a Hangul spelling only renders an English title, so that it stands for every song of that title."""
    return song.hangul is None or squashed(spelling) != squashed(song.hangul)


def is_romanised(song: Song, spelling: str) -> bool:
    """Whether a spelling is the song's Korean title in Latin letters."""
    bare = squashed(spelling)
    return song.hangul is not None and bare.isascii() and spelling != song.title and sounds_like(bare, song.hangul)


def title_evidence(page: Document, song: Song, seen: Sighting, name: Name, *, tied: bool) -> Iterator[Evidence]:
    """What the title's spelling and setting say; `tied`: its singer or drama stands right beside it."""
    words = page.words(seen)
    yield evidence("title", words, bits(name.spelling) / PLAIN_BITS)
    if identifies_alone(song, name.spelling):
        yield evidence("long title", words)
    elif is_romanised(song, name.spelling):
        yield evidence("romanised title", words)
    if not song.ambiguous:
        yield evidence("title is not ambiguous")
    if name.weak:
        yield evidence("short form of the title", words)
    yield from (piece for piece in _setting(page, seen) if not (tied and piece.name == "title among words"))
    if (sign := _negation(page, seen)) is not None:
        yield evidence("said not to be meant", page.words(sign))


def _setting(page: Document, seen: Sighting) -> Iterator[Evidence]:
    if seen.tag >= 0:
        start, end = page.tags[seen.tag]
        yield evidence("title in a hashtag", page.cased[start:end], 1.0 if bits(page.words(seen)) > 11 else 0.4)
        return
    quoted = _quotation(page, seen)
    if quoted is not None and _is_more_than(page, seen, *quoted):
        yield evidence("part of a longer title", page.cased[slice(*quoted)])
    elif quoted is not None:
        yield evidence("title quoted", page.cased[slice(*quoted)])
    elif page.field_of(seen) == 2:
        return  # uploaders list every phrase that people might search for
    elif _BEFORE.search(page.folded[max(0, seen.start - 6) : seen.start]) and _AFTER.match(page.folded, seen.end):
        yield evidence("title on its own", page.words(seen))
    elif _LATIN.search(page.words(seen)) and _is_capitalised(page, seen):
        yield evidence("title capitalised", page.words(seen))
    else:
        yield evidence("title among words", page.words(seen))


def _is_capitalised(page: Document, seen: Sighting) -> bool:
    """Whether the title's words begin with capitals and the words around it do not."""
    words = _WORD.findall(page.words(seen))
    major = [word for word in words if word.lower() not in _minor()] or words
    if not all(word[0].isupper() for word in major):
        return False
    start = page.cased.rfind("\n", 0, seen.start) + 1
    around = page.cased[max(start, seen.start - 40) : seen.start] + " " + page.cased[seen.end : seen.end + 40]
    others = [word for word in _WORD.findall(around.partition("\n")[0]) if _LATIN.match(word)]
    if len(words) == 1 and not page.cased[start : seen.start].strip():
        return False  # the first word of a sentence has a capital anyway
    return not others or sum(word[0].islower() for word in others) * 2 >= len(others)


@cache
def _minor() -> frozenset[str]:
    return frozenset(packaged("common.toml")["minor"])


def _quotation(page: Document, seen: Sighting) -> tuple[int, int] | None:
    """The span inside the quotation marks around a title, when they are on its line and not far apart."""
    begin = max(page.folded.rfind("\n", 0, seen.start) + 1, seen.start - 40)
    before = page.folded[begin : seen.start]
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


def _negation(page: Document, seen: Sighting) -> Sighting | None:
    """The word that says that the title is not meant."""
    for other, name in page.of(Kind.WORD):
        if name.id == "not_before" and other.end <= seen.start and distance(other, seen) <= 2:
            return other
        if name.id == "not_after" and other.start >= seen.end and distance(other, seen) <= 2:
            return other
    return None
