"""The table of labels: what people said of posts, which wins over the models, and what stood there before."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from models.asking import RANDOM, Candidate
from models.korean_time import iso
from models.post import TAGS, Post
from tracker.store import to_json, transaction
from tracker.store_posts import stored_posts

BY_A_PERSON = to_json([{"name": "labelled by a person", "words": "", "weight": 0}])
"""The evidence of a song that only a person found."""

_COLUMNS = {
    "tags": ("tag", "confidence", "by", "version", "probabilities"),
    "mentions": ("song", "confidence", "evidence"),
    "possible_mentions": ("song", "confidence", "evidence"),
}
"""What is kept of a post's judgement when a label replaces it."""


@dataclass(frozen=True, slots=True)
class StoredLabel:
    """What somebody said of a post: its tag, exactly the songs it speaks of, and why it was asked about."""

    post: str
    tag: str
    songs: tuple[str, ...]
    by: str
    at: str
    picked: str


def save_label(db: Database, label: StoredLabel) -> None:
    """Store a label with what it replaces, and let it win: the person's tag, the person's songs, nothing possible.

    One transaction. Post and songs must be stored.
    """
    with transaction(db) as connection:
        before = _standing(connection, label.post)
        evidence = _evidence_of_models(connection, label.post, before)
        connection.execute(
            "insert into labels (post, tag, songs, by, at, picked, before) values (?, ?, ?, ?, ?, ?, ?)",
            (label.post, label.tag, to_json(label.songs), label.by, label.at, label.picked, to_json(before)),
        )
        certain = to_json({tag: float(tag == label.tag) for tag in TAGS})
        links = [{"song": song, "confidence": 1.0, "evidence": evidence.get(song, BY_A_PERSON)} for song in label.songs]
        tag = {"tag": label.tag, "confidence": 1.0, "by": "human", "version": "human", "probabilities": certain}
        _replace(connection, label.post, {"tags": [tag], "mentions": links, "possible_mentions": []})


def undo_label(db: Database, *, by: str, now: datetime, post: str | None = None) -> StoredLabel | None:
    """Take back the newest label that `by` gave (to `post`) and put back what stood there before it, byte for byte.

    A label over which somebody else has put another is left alone. None where there is nothing to take back.
    """
    with transaction(db) as connection:
        row = connection.execute(
            """select id, before, post, tag, songs, by, at, picked from labels
            where undone_at is null and by = :by and (post = :post or :post is null) and not exists (
                select 1 from labels as later
                where later.post = labels.post and later.id > labels.id and later.undone_at is null
            ) order by id desc limit 1""",
            {"by": by, "post": post},
        ).fetchone()
        if row is None:
            return None
        number, before, *label = row
        _replace(connection, label[0], json.loads(before))
        connection.execute("update labels set undone_at = ? where id = ?", (iso(now), number))
    return _label(label)


def label_of(db: Database, post: str) -> StoredLabel | None:
    """The label of a post that holds."""
    return next(iter(_labels(db, "and post = ?", [post])), None)


def labels_in_force(db: Database) -> list[StoredLabel]:
    """The label of each labelled post that holds, the oldest first."""
    return _labels(db, "", [])


def labelled_posts(db: Database) -> list[tuple[Post, StoredLabel]]:
    """The labelled posts with the labels that hold, in the order of their keys."""
    labels = sorted(labels_in_force(db), key=lambda label: label.post)
    posts = stored_posts(db, [label.post for label in labels])
    return [(posts[label.post], label) for label in labels]


def keys_by_lot(db: Database) -> frozenset[str]:
    """The labelled posts that were asked about by lot, on which alone figures are unbiased."""
    return frozenset(
        key for (key,) in db.execute("select post from labels where undone_at is null and picked = ?", [RANDOM])
    )


def count_asked(db: Database) -> tuple[int, int]:
    """How many posts were asked about of our own accord and are labelled, and how many of these by lot."""
    row = db.execute(
        """select count(distinct post), count(distinct case when picked = 'random' then post end) from labels
        where undone_at is null and picked <> 'asked'"""
    ).fetchone()
    return row[0], row[1]


def unlabelled(db: Database) -> Iterator[Candidate]:
    """The stored posts that mention a song, surely or possibly, and have no label, as the models judged them."""
    for key, language, probabilities, cluster, sure, possible in db.execute(_UNLABELLED):
        said = json.loads(probabilities) if probabilities else {}
        links = [float(each) for found in (sure, possible) if found for each in found.split()]
        yield Candidate(key, language or "", tuple(said[tag] for tag in TAGS if tag in said), tuple(links), cluster)


_UNLABELLED = """
select key, language, tags.probabilities, copies.cluster,
    (select group_concat(confidence, ' ') from mentions where mentions.post = key) as sure,
    (select group_concat(confidence, ' ') from possible_mentions where possible_mentions.post = key) as possible
from posts left join tags on tags.post = key left join copies on copies.post = key
where not exists (select 1 from labels where labels.post = key and undone_at is null)
    and coalesce(sure, possible) is not null
"""


def clusters_of(db: Database, keys: Sequence[str]) -> dict[str, str]:
    """The clusters of those posts that have one."""
    wanted = to_json(list(keys))
    return dict(db.execute("select post, cluster from copies where post in (select value from json_each(?))", [wanted]))


def _labels(db: Database, condition: str, values: Sequence[object]) -> list[StoredLabel]:
    rows = db.execute(
        f"""select post, tag, songs, by, at, picked from labels
        where id in (select max(id) from labels where undone_at is null group by post) {condition} order by id""",  # noqa: S608
        list(values),
    )
    return [_label(row) for row in rows]


def _label(row: Sequence[Any]) -> StoredLabel:
    post, tag, songs, by, at, picked = row
    return StoredLabel(post, tag, tuple(json.loads(songs)), by, at, picked)


def _standing(connection: sqlite3.Connection, post: str) -> dict[str, list[dict[str, Any]]]:
    """The rows about a post as they stand, by table."""
    return {
        table: [
            dict(zip(columns, row, strict=True))
            for row in connection.execute(
                f"select {', '.join(columns)} from {table} where post = ? order by rowid",  # noqa: S608
                (post,),
            )
        ]
        for table, columns in _COLUMNS.items()
    }


def _replace(connection: sqlite3.Connection, post: str, said: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    for table, columns in _COLUMNS.items():
        connection.execute(f"delete from {table} where post = ?", (post,))  # noqa: S608
        connection.executemany(
            f"insert into {table} (post, {', '.join(columns)}) values (?{', ?' * len(columns)})",  # noqa: S608
            [(post, *(row[column] for column in columns)) for row in said[table]],
        )


def _evidence_of_models(connection: sqlite3.Connection, post: str, before: Mapping[str, Any]) -> dict[str, str]:
    """What the models gave as evidence by song, also where a label has put it aside since."""
    rows = connection.execute("select before from labels where post = ? and undone_at is null order by id", (post,))
    found: dict[str, str] = {}
    for said in (before, *(json.loads(row[0]) for row in rows)):
        for link in (*said["mentions"], *said["possible_mentions"]):
            if link["evidence"] != BY_A_PERSON:
                found.setdefault(link["song"], link["evidence"])
    return found
