"""The tables of posts: upserted by key, readings appended, links and tags as last judged."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlite_utils import Database

from models.korean_time import iso, moment
from models.linking.linker import Link, Links
from models.post import TAGS, Post
from tracker.judge import Judgement
from tracker.store import mark_dirty, to_json

HASHES_KEPT = timedelta(days=35)
"""How long a post that mentions no song is known again: longer than any source shows it in its newest pages."""


def first_seen(db: Database, keys: Sequence[str]) -> dict[str, str]:
    """When each of these posts that is stored was first known."""
    marks = ",".join("?" * len(keys))
    return dict(db.execute(f"select key, first_seen_at from posts where key in ({marks})", list(keys)).fetchall())  # noqa: S608


def stored_posts(db: Database, keys: Sequence[str]) -> dict[str, Post]:
    """Those of these posts that are stored, with their newest words, without author and counts."""
    rows = db.query(
        """select key, platform, url, title, text, hashtags, sound, language, published_at from posts
        where key in (select value from json_each(?))""",
        [to_json(list(keys))],
    )
    return {
        row["key"]: Post(
            platform=row["platform"],
            id=row["key"].partition(":")[2],
            published_at=moment(row["published_at"]),
            title=row["title"],
            text=row["text"],
            url=row["url"],
            hashtags=tuple(json.loads(row["hashtags"])),
            language=row["language"],
            sound=row["sound"],
        )
        for row in rows
    }


def save_posts(
    connection: sqlite3.Connection,
    judged: Iterable[Judgement],
    *,
    author_of: Callable[[Post], str | None],
    source: str,
    version: str,
    now: datetime,
) -> None:
    """Upsert posts as they were first known, with reading, links and tag; inside the caller's transaction.

    `author_of` gives the author as it may be stored. A person's label is never replaced, neither its tag nor its
    songs. What is new marks the scores made since as dirty.
    """
    for one in judged:
        post = one.post
        mark_if_earlier(connection, post)
        connection.execute(
            """insert into posts (key, platform, url, author, title, text, hashtags, sound, language, published_at,
                first_seen_at, last_seen_at, source)
            values (:key, :platform, :url, :author, :title, :text, :hashtags, :sound, :language, :published_at,
                :seen_at, :seen_at, :source)
            on conflict (key) do update set first_seen_at = min(first_seen_at, excluded.first_seen_at),
                url = coalesce(excluded.url, url), author = coalesce(author, excluded.author),
                sound = coalesce(excluded.sound, sound), language = coalesce(excluded.language, language)""",
            {
                "key": post.key,
                "platform": post.platform,
                "url": post.url,
                "author": author_of(post),
                "title": post.title,
                "text": post.text,
                "hashtags": to_json(post.hashtags),
                "sound": post.sound,
                "language": one.language,
                "published_at": iso(post.published_at),
                "seen_at": iso(post.known_at),
                "source": source,
            },
        )
        save_sighting(connection, post, source=source, now=now)
        if not _is_labelled(connection, post.key):
            _save_links(connection, post.key, one.links)
            _save_tag(connection, one, version)


def _is_labelled(connection: sqlite3.Connection, key: str) -> bool:
    label = connection.execute("select 1 from labels where post = ? and undone_at is null", (key,))
    return label.fetchone() is not None


def mark_if_earlier(connection: sqlite3.Connection, post: Post) -> None:
    """Mark scores as dirty from the moment at which `post` was known, unless it was known as early before."""
    known_at = iso(post.known_at)
    known = connection.execute("select 1 from posts where key = ? and first_seen_at <= ?", (post.key, known_at))
    if known.fetchone() is None:
        mark_dirty(connection, known_at)


def save_sighting(connection: sqlite3.Connection, post: Post, *, source: str, now: datetime) -> None:
    """Add the reading of a stored post, and its words where none newer are known.

    Links and tag stay those of the words in which the post was first known, so that scoring again gives what was
    scored live. Counts of unknown age become a reading of `now`, once.
    """
    connection.execute(
        """update posts set title = ?2, text = ?3, hashtags = ?4, last_seen_at = ?5
        where key = ?1 and last_seen_at <= ?5""",
        (post.key, post.title, post.text, to_json(post.hashtags), iso(post.known_at)),
    )
    if not post.reading.says_something() or _undated_again(connection, post, source):
        return
    observed_at = iso(post.reading.observed_at or now)
    cursor = connection.execute(
        """insert into readings (post, observed_at, views, likes, comments, shares, source)
        values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing""",
        (post.key, observed_at, *post.reading.counts, source),
    )
    if cursor.rowcount:
        mark_dirty(connection, observed_at)


def _undated_again(connection: sqlite3.Connection, post: Post, source: str) -> bool:
    if post.reading.observed_at is not None:
        return False
    same = connection.execute(
        """select 1 from readings where post = ? and views is ? and likes is ? and comments is ? and shares is ?
        and source = ?""",
        (post.key, *post.reading.counts, source),
    )
    return same.fetchone() is not None


def _save_tag(connection: sqlite3.Connection, one: Judgement, version: str) -> None:
    probabilities = to_json(dict(zip(TAGS, one.tagged.probabilities, strict=True)))
    connection.execute(
        """insert into tags (post, tag, confidence, by, version, probabilities) values (?, ?, ?, 'model', ?, ?)
        on conflict (post) do update set tag = excluded.tag, confidence = excluded.confidence,
        version = excluded.version, probabilities = excluded.probabilities where by = 'model'""",
        (one.post.key, one.tagged.tag, one.tagged.confidence, version, probabilities),
    )


def _save_links(connection: sqlite3.Connection, key: str, links: Links) -> None:
    for table, found in (("mentions", links.sure), ("possible_mentions", links.possible)):
        connection.execute(f"delete from {table} where post = ?", (key,))  # noqa: S608
        connection.executemany(
            f"insert into {table} (post, song, confidence, evidence) values (?, ?, ?, ?)",  # noqa: S608
            [(key, link.song, link.confidence, evidence_json(link)) for link in found],
        )


def evidence_json(link: Link) -> str:
    """The evidence of a link as stored: a list of {"name", "words", "weight"}."""
    return to_json([{"name": e.name, "words": e.words, "weight": round(e.weight, 3)} for e in link.evidence])


def known_hashes(db: Database, hashes: Sequence[bytes]) -> set[bytes]:
    """Which of these posts were passed over before."""
    marks = ",".join("?" * len(hashes))
    return {row[0] for row in db.execute(f"select hash from passed_over where hash in ({marks})", list(hashes))}  # noqa: S608


def forget_passed_over(connection: sqlite3.Connection, hashes: Iterable[bytes]) -> None:
    """Forget the hashes of posts that are stored now."""
    connection.executemany("delete from passed_over where hash = ?", [(each,) for each in hashes])


def prune_passed_over(connection: sqlite3.Connection, *, now: datetime) -> None:
    """Forget the hashes of posts that were passed over more than HASHES_KEPT ago."""
    connection.execute("delete from passed_over where hour < ?", (iso(now - HASHES_KEPT),))


def save_passed_over(connection: sqlite3.Connection, hours: Mapping[bytes, str], *, source: str) -> None:
    """Remember by hash the posts that mention no song, with the hour in which each was known."""
    connection.executemany(
        "insert into passed_over (hash, source, hour) values (?, ?, ?) on conflict do nothing",
        [(each, source, hours[each]) for each in sorted(hours)],
    )


def count_seen(connection: sqlite3.Connection, hours: Mapping[str, int], *, source: str) -> None:
    """Add newly seen posts, linked or not, to the hours in which they were known."""
    connection.executemany(
        """insert into seen_counts (source, hour, posts) values (?, ?, ?)
        on conflict (source, hour) do update set posts = posts + excluded.posts""",
        [(source, hour, hours[hour]) for hour in sorted(hours)],
    )
