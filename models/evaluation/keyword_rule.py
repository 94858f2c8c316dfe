"""The rule that anyone would write first, measured beside the models: does the word stand in the post?

It knows no boundaries, no context and no doubt. What a model adds is what it does better than this.
"""

from __future__ import annotations

from collections.abc import Iterable

from models.catalogue import Artist, Catalogue, Drama, Song
from models.post import Post
from models.tagging.plain_words import all_words

OST_WORDS = ("ost", "soundtrack", "오에스티", "사운드트랙", "サウンドトラック", "主題歌", "原声带", "原聲帶")


class LinkByKeyword:
    """Links a song whose title stands in the post beside its drama, one of its singers or a word for OST."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._songs = [
            (song.id, _names(song.title, song), _names_beside(catalogue, song)) for song in catalogue.songs.values()
        ]

    def __call__(self, post: Post) -> frozenset[str]:
        """The ids of the songs of one post."""
        words = all_words(post)
        about_ost = _any_in(OST_WORDS, words)
        return frozenset(
            song
            for song, titles, beside in self._songs
            if _any_in(titles, words) and (about_ost or _any_in(beside, words))
        )


def _any_in(known: Iterable[str], words: str) -> bool:
    return any(word in words for word in known)


def _names(name: str, entry: Drama | Artist | Song) -> tuple[str, ...]:
    hangul = (entry.hangul,) if entry.hangul else ()
    return tuple(dict.fromkeys(one.casefold() for one in (name, *hangul, *entry.aliases)))


def _names_beside(catalogue: Catalogue, song: Song) -> tuple[str, ...]:
    drama = catalogue.dramas[song.drama]
    artists = [catalogue.artists[artist] for artist in song.artists]
    return (*_names(drama.title, drama), *(name for artist in artists for name in _names(artist.name, artist)))
