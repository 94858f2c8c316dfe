"""How a title is spelled and set in a post, and what that says about whether the song is meant."""

from __future__ import annotations

import re
from functools import lru_cache

from models.catalogue import Song
from models.linking.evidence import Piece, piece
from models.linking.lexicon import Name
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


class Title:
    """What a spelling of a song's title says by itself, in whatever post; worked out once."""

    __slots__ = ("bits", "identifies", "name", "romanised", "share", "song")

    def __init__(self, song: Song, name: Name) -> None:
        self.song = song
        self.name = name
        self.bits = bits(name.spelling)
        self.share = self.bits / PLAIN_BITS
        self.identifies = identifies_alone(song, name.spelling)
        self.romanised = not self.identifies and is_romanised(song, name.spelling)


def title_evidence(title: Title, page: Document, seen: Sighting, *, stands: Setting, joined: bool) -> list[Piece]:
    """What the title's spelling and setting say; `joined`: its singer or drama stands right beside it."""
    words, ambiguous = page.words(seen), title.song.ambiguous
    found = [piece("title", words, title.share)]
    if title.identifies:
        everyday = _HANGUL.search(words) and not is_distinctive(title.name.spelling)
        found.append(piece("long title", words, EVERYDAY_SHARE if everyday else 1.0))
    elif title.romanised:
        found.append(piece("romanised title", words))
    if not ambiguous:
        found.append(piece("title is not ambiguous"))
    if title.name.weak:
        found.append(piece("short form of the title", words))
    if stands.piece is not None:
        if stands.piece[0] != "title among words":
            found.append(stands.piece)
        elif not joined:
            found.append(piece("title among words", "", 1.0 if ambiguous else 0.5))
    if (sign := negation(page, seen)) is not None:
        found.append(piece("said not to be meant", page.words(sign)))
    return found


def negation(page: Document, seen: Sighting) -> Sighting | None:
    """The word that says that a title or a singer is not meant."""
    signs = [other for other in page.said("not_before") if other.end <= seen.start and distance(other, seen) <= 2]
    signs += [other for other in page.said("not_after") if other.start >= seen.end and distance(other, seen) <= 2]
    return min(signs, key=lambda sign: sign.start, default=None)
