"""How a title is spelled and set in a post, and what that says about whether the song is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from models.catalogue import Song
from models.linking.evidence import Evidence, evidence
from models.linking.lexicon import Kind, Name
from models.linking.nearness import distance
from models.linking.romanisation import sounds_like
from models.linking.setting import Setting
from models.linking.sightings import Document, Sighting
from models.linking.surprise import bits, is_distinctive
from models.text import squashed

LONG_HANGUL = 7
LONG_LATIN = 26
LONG_ROMANISED = 17
PLAIN_BITS = 20.0
EVERYDAY_SHARE = 0.5
"""Of the weight of a long title where it is made of everyday words alone: "처음부터 지금까지"."""

_HANGUL = re.compile(r"[가-힣]")


_bare = lru_cache(maxsize=16_384)(squashed)
"""The same few thousand spellings are asked about again and again."""


def identifies_alone(song: Song, spelling: str) -> bool:
    """Whether a spelling is so long that no other text holds it by chance."""
    bare = _bare(spelling)
    if _HANGUL.search(bare):
        return len(bare) >= LONG_HANGUL and not (song.ambiguous and _sounds_english(song, spelling))
    if len(bare) >= LONG_ROMANISED and is_romanised(song, spelling):
        return True
    return bare.isascii() and len(bare) >= LONG_LATIN and not song.ambiguous


def _sounds_english(song: Song, spelling: str) -> bool:
    """Whether a Hangul spelling only renders an English title, so that it stands for every song of that title."""
    return song.hangul is None or _bare(spelling) != _bare(song.hangul)


def is_romanised(song: Song, spelling: str) -> bool:
    """Whether a spelling is the song's Korean title in Latin letters."""
    bare = _bare(spelling)
    return song.hangul is not None and bare.isascii() and spelling != song.title and sounds_like(bare, song.hangul)


def title_evidence(
    page: Document, song: Song, seen: Sighting, name: Name, *, stands: Setting, tied: bool
) -> Iterator[Evidence]:
    """What the title's spelling and setting say; `tied`: its singer or drama stands right beside it."""
    words = page.words(seen)
    yield evidence("title", words, bits(name.spelling) / PLAIN_BITS)
    if identifies_alone(song, name.spelling):
        everyday = _HANGUL.search(words) and not is_distinctive(name.spelling)
        yield evidence("long title", words, EVERYDAY_SHARE if everyday else 1.0)
    elif is_romanised(song, name.spelling):
        yield evidence("romanised title", words)
    if not song.ambiguous:
        yield evidence("title is not ambiguous")
    if name.weak:
        yield evidence("short form of the title", words)
    for piece in stands.pieces:
        if piece.name != "title among words":
            yield piece
        elif not tied:
            yield evidence(piece.name, piece.words, 1.0 if song.ambiguous else 0.5)
    if (sign := negation(page, seen)) is not None:
        yield evidence("said not to be meant", page.words(sign))


def negation(page: Document, seen: Sighting) -> Sighting | None:
    """The word that says that a title or a singer is not meant."""
    for other, name in page.of(Kind.WORD):
        if name.id == "not_before" and other.end <= seen.start and distance(other, seen) <= 2:
            return other
        if name.id == "not_after" and other.start >= seen.end and distance(other, seen) <= 2:
            return other
    return None
