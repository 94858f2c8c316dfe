"""Clusters of copies: which stored posts say the same, decided once, when a post is stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlite_utils import Database

from models.duplicates import WINDOW_SECONDS, Fingerprint, Known, Neighbours, fingerprint, plain_names
from models.flood import Seen, linked_domain
from models.korean_time import WEEK, iso, moment
from models.post import Post
from tracker.judge import Judgement

WINDOW = timedelta(seconds=WINDOW_SECONDS)

MOST_NEIGHBOURS = 4_000
"""Of a song's posts so many, those stored last, are looked through for near copies."""

OUTSIDE = 250
"""After so many posts in a row that were published outside the window, nothing nearer is expected."""

_NEIGHBOURS = """
select mentions.rowid, posts.published_at, copies.cluster, copies.signature
from mentions indexed by mentions_song
    cross join copies on copies.post = mentions.post cross join posts on posts.key = mentions.post
where mentions.song = ? order by mentions.rowid desc limit ?
"""
_NAMES = """
with named as (
    select title, hangul, aliases from songs where id = :song
    union all select dramas.title, dramas.hangul, dramas.aliases from songs join dramas on dramas.id = songs.drama
        where songs.id = :song
    union all select artists.name, artists.hangul, artists.aliases
        from song_artists join artists on artists.id = song_artists.artist where song_artists.song = :song
)
select title from named union select hangul from named where hangul is not null
union select value from named, json_each(named.aliases)
"""

SEEN_COLUMNS = """posts.author, coalesce(copies.cluster, posts.key) as cluster, posts.published_at,
    json_array_length(posts.hashtags) as hashtags,
    (select count(distinct songs.drama) from mentions as named join songs on songs.id = named.song
    where named.post = posts.key) as songs,
    posts.language, coalesce(posts.title, '') || ' ' || coalesce(posts.text, '') as words"""
"""What `as_seen` reads, from posts left join copies."""

_SEEN = f"""
select {SEEN_COLUMNS}
from mentions join posts on posts.key = mentions.post left join copies on copies.post = posts.key
where mentions.song = :song and posts.published_at >= :start and posts.published_at < :end
    and posts.first_seen_at <= :known
order by posts.published_at, posts.key
"""  # noqa: S608 - our own columns

_LANGUAGES = """
select posts.language, count(*) from mentions join posts on posts.key = mentions.post
where mentions.song = :song and posts.published_at >= :start and posts.published_at < :end
    and posts.first_seen_at <= :known and posts.language is not null
group by posts.language
"""
USUAL_SPAN = 7 * WEEK
"""How far back a song's usual mix of languages reaches."""


def save_copies(connection: sqlite3.Connection, judged: Iterable[Judgement]) -> None:
    """Give each post with a sure link its cluster, named after the first post stored of it.

    Copies word for word share one whenever they were published. Else a post joins the cluster, stored first where
    there are several, that its words are nearly those of, among posts about a song of its own published within 72
    hours. What has a cluster keeps it. Inside the caller's transaction, after the links were stored.
    """
    new = _without_cluster(connection, judged)
    shelves = _Shelves(connection, new)
    for one in new:
        songs = tuple(link.song for link in one.links.sure)
        prints = fingerprint(one.post, shelves.names(songs))
        row = connection.execute("select cluster from copies where exact = ? limit 1", [prints.exact]).fetchone()
        cluster = row[0] if row else shelves.like(one.post, prints, songs) or one.post.key
        connection.execute(
            "insert into copies (post, cluster, exact, signature) values (?, ?, ?, ?)",
            (one.post.key, cluster, prints.exact, prints.signature),
        )
        shelves.add(one.post, prints, songs, cluster)


def posts_of(db: Database, song: str, *, start: datetime, end: datetime, known: datetime) -> list[Seen]:
    """A song's posts published from `start` until before `end` that were known by `known`, oldest first."""
    return [as_seen(row) for row in db.query(_SEEN, _bounds(song, start, end, known))]


def usual_languages(db: Database, song: str, *, before: datetime, known: datetime) -> dict[str, int]:
    """A song's posts of the USUAL_SPAN before a moment by language, where that is known."""
    return dict(db.execute(_LANGUAGES, _bounds(song, before - USUAL_SPAN, before, known)).fetchall())


def _bounds(song: str, start: datetime, end: datetime, known: datetime) -> dict[str, str]:
    return {"song": song, "start": iso(start), "end": iso(end), "known": iso(known)}


def as_seen(row: Mapping[str, Any]) -> Seen:
    """A post as floods are judged by, from a row with the columns of `Seen` and `words` for its domain."""
    return Seen(
        author=row["author"],
        cluster=row["cluster"],
        published_at=moment(row["published_at"]),
        hashtags=row["hashtags"],
        songs=row["songs"],
        domain=linked_domain(row["words"] or ""),
        language=row["language"],
    )


def _without_cluster(connection: sqlite3.Connection, judged: Iterable[Judgement]) -> list[Judgement]:
    found: dict[str, Judgement] = {}
    for one in judged:
        if one.links.sure:
            found.setdefault(one.post.key, one)
    have = "select 1 from copies where post = ?"
    return [one for key, one in found.items() if connection.execute(have, [key]).fetchone() is None]


class _Shelves:
    """By song: its names, and its posts in which near copies are looked for, each read when first asked for."""

    def __init__(self, connection: sqlite3.Connection, new: Sequence[Judgement]) -> None:
        self._connection = connection
        self._order = count(2**62)  # behind every rowid
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._neighbours: dict[str, Neighbours] = {}
        self._spans: dict[str, tuple[datetime, datetime]] = {}
        for one in new:
            at = one.post.published_at
            for link in one.links.sure:
                first, last = self._spans.get(link.song, (at, at))
                self._spans[link.song] = min(first, at), max(last, at)

    def names(self, songs: tuple[str, ...]) -> tuple[str, ...]:
        """What songs, dramas and singers are called, for `fingerprint`."""
        if songs not in self._names:
            rows = [row for song in songs for row in self._connection.execute(_NAMES, {"song": song})]
            self._names[songs] = plain_names(name for (name,) in rows)
        return self._names[songs]

    def like(self, post: Post, prints: Fingerprint, songs: Iterable[str]) -> str | None:
        """The cluster that a post joins as a near copy."""
        if prints.signature is None:
            return None
        at = _seconds(post.published_at)
        found = [known for song in songs if (known := self._shelf(song).like(prints.signature, at))]
        return min(found, key=lambda known: known.order).cluster if found else None

    def add(self, post: Post, prints: Fingerprint, songs: Iterable[str], cluster: str) -> None:
        """Take in a post that was just stored; shelves read later find it in the database."""
        if prints.signature is None:
            return
        known = Known(next(self._order), _seconds(post.published_at), cluster, prints.signature)
        for song in songs:
            if song in self._neighbours:
                self._neighbours[song].add(known)

    def _shelf(self, song: str) -> Neighbours:
        if song not in self._neighbours:
            self._neighbours[song] = Neighbours(self._read(song))
        return self._neighbours[song]

    def _read(self, song: str) -> list[Known]:
        """A song's posts near in time to those of this batch, from the one stored last backwards, then turned round."""
        first, last = self._spans[song]
        start, end = iso(first - WINDOW), iso(last + WINDOW)
        found: list[Known] = []
        outside = 0
        rows = self._connection.execute(_NEIGHBOURS, (song, MOST_NEIGHBOURS))
        for order, published, cluster, signature in rows:
            if start <= published <= end:
                outside = 0
                if signature is not None:
                    found.append(Known(order, _seconds(moment(published)), cluster, signature))
            elif (outside := outside + 1) >= OUTSIDE:
                break
        return found[::-1]


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
