"""Invented catalogues and posts of any size, for measuring speed: the words are those of the packaged corpus.

At many songs the catalogue is harsher than a real one: nearly every everyday word is somebody's title.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from models.catalogue import Artist, Catalogue, Drama, Song
from models.post import Post
from models.tagging.corpus import packaged_corpus

LANGUAGES = ("en", "ko", "ja", "zh", "th", "es", "pt", "id", "vi", "ar", "hi")
UNSPACED = frozenset({"ja", "zh", "th"})
ALIASES = 10
SONGS_A_DRAMA = 6
WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)

_WORD = re.compile(r"[^\W\d_][\w'\u0900-\u097f\u0e00-\u0e7f]*")


@dataclass(frozen=True)
class Words:
    """The words of one language, common ones first, with how often each is said."""

    words: Sequence[str]
    counts: Sequence[int]

    def said(self, chance: random.Random, count: int) -> list[str]:
        """Words as people say them: a few everywhere."""
        return chance.choices(self.words, self.counts, k=count)

    def named(self, chance: random.Random, count: int) -> list[str]:
        """Words as titles use them: any word of the language."""
        return chance.choices(self.words, k=count)


def words_by_language() -> dict[str, Words]:
    """The words of the packaged corpus."""
    counts: dict[str, Counter[str]] = {language: Counter() for language in LANGUAGES}
    for one in packaged_corpus():
        language = one.post.language or ""
        if language in counts:
            text = f"{one.post.title or ''} {one.post.text or ''}"
            for word in _WORD.findall(text.lower()):
                pieces = [word[at : at + 2] for at in range(0, len(word), 2)] if language in UNSPACED else [word]
                counts[language].update(pieces)
    return {
        language: Words([word for word, _ in found.most_common()], [count for _, count in found.most_common()])
        for language, found in counts.items()
    }


def _joined(language: str, words: Sequence[str]) -> str:
    return ("" if language in UNSPACED else " ").join(words)


def _name(words: dict[str, Words], chance: random.Random, language: str, sizes: Sequence[int]) -> str:
    return _joined(language, words[language].named(chance, chance.choice(sizes)))


_FIRST = ("b", "ch", "d", "g", "h", "j", "k", "m", "n", "s", "t", "w", "y")
_LAST = ("a", "ae", "eo", "eun", "i", "in", "oo", "un", "yeon")
_SYLLABLES = tuple(first + last for first in _FIRST for last in _LAST)


def _singer(chance: random.Random) -> str:
    """A name that is no word: singers are seldom called like everyday things."""
    family, *given = chance.choices(_SYLLABLES, k=3)
    return f"{family.title()} {''.join(given).title()}"


def catalogue(songs: int, words: dict[str, Words], *, seed: int) -> Catalogue:
    """A catalogue of so many songs with ALIASES spellings each, in all languages.

    Four titles in five are ambiguous, as in the packaged catalogue.
    """
    chance = random.Random(seed)
    dramas = {
        f"drama-{number}": Drama(
            id=f"drama-{number}",
            title=_name(words, chance, "en", (2, 3, 4)).title(),
            aliases=tuple(_name(words, chance, language, (2, 3)) for language in ("ko", "ja", "es")),
        )
        for number in range(max(1, songs // SONGS_A_DRAMA))
    }
    artists = {
        f"artist-{number}": Artist(
            id=f"artist-{number}",
            name=_singer(chance),
        )
        for number in range(max(1, songs // 3))
    }
    made = {}
    for number in range(songs):
        names = [_name(words, chance, chance.choice(LANGUAGES), (1, 2, 2, 3, 3, 4)) for _ in range(ALIASES - 2)]
        title = _name(words, chance, "en", (1, 2, 2, 3, 4)).title()
        made[f"song-{number}"] = Song(
            id=f"song-{number}",
            title=title,
            aliases=tuple(dict.fromkeys(names)),
            hangul=_name(words, chance, "ko", (1, 2, 2, 3)),
            ambiguous=title.count(" ") < 3,
            drama=f"drama-{number // SONGS_A_DRAMA % len(dramas)}",
            artists=(f"artist-{chance.randrange(len(artists))}",),
            released="2020-01-01",
        )
    return Catalogue(dramas, artists, made)


def posts(count: int, of: Catalogue, words: dict[str, Words], *, seed: int) -> list[Post]:
    """Posts of about 50 characters: one in five about a song, one in ten naming only a drama or a singer."""
    chance = random.Random(seed)
    songs = list(of.songs.values())
    return [_post(number, chance.choice(songs), of, words, chance) for number in range(count)]


def _post(number: int, song: Song, of: Catalogue, words: dict[str, Words], chance: random.Random) -> Post:
    language = chance.choice(LANGUAGES)
    talk = _joined(language, words[language].said(chance, chance.randint(3, 9)))
    title = chance.choice((song.title, *song.aliases))
    drama, artist = of.dramas[song.drama].title, of.artists[song.artists[0]].name
    luck = chance.random()
    if luck < 0.08:
        talk = f"{artist} - {title} ({drama} OST) {talk}"
    elif luck < 0.13:
        talk = f"{talk} {title} #{drama.replace(' ', '')} #kdrama"
    elif luck < 0.20:
        talk = f"{talk} {title} ost cover"
    elif luck < 0.25:
        talk = f"{drama} {talk}"
    elif luck < 0.30:
        talk = f"{talk} #{artist.replace(' ', '')}"
    return Post(platform="x", id=str(number), published_at=WRITTEN, text=talk, language=language)
