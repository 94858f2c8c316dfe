"""What is counted of posts without being kept: dramas and artists named by day, and titles that we do not know."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Container, Iterable

from models.discovering.runs import runs
from models.korean_time import day_label, day_of
from models.linking.linker import Examined
from tracker.authors import hash_author, hash_post
from tracker.store_buzz import count_buzz
from tracker.store_runs import Heard, count_runs


def count_overheard(
    connection: sqlite3.Connection, examined: Iterable[Examined], *, known: Container[str], key: bytes, source: str
) -> None:
    """Count what posts that are new to us name; `known` are the spellings of the catalogue, `key` hides the authors.

    A drama's or an artist's buzz is placed by the day of publication, a title by the day on which it became known.
    """
    buzz: Counter[tuple[str, str]] = Counter()
    heard = []
    for one in examined:
        published = day_label(day_of(one.post.published_at))
        buzz.update((subject, published) for subject in one.links.subjects)
        if found := runs(one.page, known):
            heard.append(Heard(day_label(day_of(one.post.known_at)), _person(one, key), tuple(found)))
    count_buzz(connection, buzz, source=source)
    count_runs(connection, heard)


def _person(one: Examined, key: bytes) -> str:
    post = one.post
    return hash_author(key, post.platform, post.author) if post.author else hash_post(key, post.key).hex()
