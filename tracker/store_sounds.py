"""The table of known sounds, and sounds that may be added: what posts that name a song in words use as their sound."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field

from sqlite_utils import Database

from models.catalogue import Catalogue

LEAST_POSTS = 5
LEAST_AUTHORS = 4
LEAST_SHARE = 0.9
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class SoundProposal:
    """A sound that `posts` of `authors` people use under words that surely name `song`: `share` of its linked posts.

    `examples` are addresses of the newest of these posts, where they have any.
    """

    platform: str
    id: str
    song: str
    posts: int
    authors: int
    share: float
    examples: tuple[str, ...]


@dataclass(slots=True)
class _Use:
    posts: list[str] = field(default_factory=list)
    authors: set[str] = field(default_factory=set)
    addresses: list[str] = field(default_factory=list)


def save_sounds(connection: sqlite3.Connection, catalogue: Catalogue) -> None:
    """Make the table hold the sounds of the catalogue and no others; its songs must be stored already."""
    connection.execute("delete from sounds")
    connection.executemany(
        "insert into sounds (platform, id, song) values (?, ?, ?)",
        [(sound.platform, sound.id, sound.song) for sound in catalogue.sounds],
    )


def proposals(db: Database, known: Container[tuple[str, str]]) -> list[SoundProposal]:
    """The sounds not in `known` (platform, id) of which enough posts name one song; the most used first.

    Only links made by words count: one that the sound itself made would prove nothing. A post without an author is an
    author of its own.
    """
    uses: dict[tuple[str, str], dict[str, _Use]] = defaultdict(lambda: defaultdict(_Use))
    for platform, sound, song, key, author, url in _linked_by_words(db):
        if (platform, sound) not in known:
            use = uses[platform, sound][song]
            use.posts.append(key)
            use.authors.add(author or key)
            if url:
                use.addresses.append(url)
    found = [_best(*sound, songs) for sound, songs in uses.items()]
    enough = [one for one in found if _is_enough(one)]
    return sorted(enough, key=lambda one: (-one.authors, -one.posts, one.platform, one.id))


def _linked_by_words(db: Database) -> sqlite3.Cursor:
    return db.execute(
        """select platform, sound, song, key, author, url from posts join mentions on mentions.post = posts.key
        where coalesce(sound, '') <> ''
        and not exists (select 1 from json_each(evidence) where value ->> 'name' = 'sound known')
        order by published_at desc, key, song"""
    )


def _best(platform: str, sound: str, songs: dict[str, _Use]) -> SoundProposal:
    song, use = max(songs.items(), key=lambda item: (len(item[1].posts), item[0]))
    linked = {key for other in songs.values() for key in other.posts}
    return SoundProposal(
        platform=platform,
        id=sound,
        song=song,
        posts=len(use.posts),
        authors=len(use.authors),
        share=len(use.posts) / len(linked),
        examples=tuple(use.addresses[:EXAMPLES]),
    )


def _is_enough(one: SoundProposal) -> bool:
    return one.posts >= LEAST_POSTS and one.authors >= LEAST_AUTHORS and one.share >= LEAST_SHARE


def uses_of_known(db: Database) -> dict[tuple[str, str], int]:
    """How many stored posts use each known sound that is used at all."""
    rows = db.execute(
        """select posts.platform, sound, count(*) from posts
        join sounds on sounds.platform = posts.platform and sounds.id = sound group by posts.platform, sound"""
    )
    return {(platform, sound): posts for platform, sound, posts in rows}
