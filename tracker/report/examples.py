"""Example posts, chosen by rule and never by hand: the most viewed, the median and the newest of each tag.

Copies of one text stand for each other, so that a flood takes one place and not three.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from tracker.report.facts import Example
from tracker.report.queries import ask
from tracker.report.week import ReportWeek

SHOWN_TAGS = ("cover", "edit", "challenge", "reaction")
LONGEST_RAW = 300

_ONE = """select key, platform, language, published_at, url,
    substr(coalesce(nullif(trim(title), ''), text), 1, :length) as text
    from posts where key = :key"""

_SONGS = """select songs.id, songs.title from mentions join songs on songs.id = mentions.song
    where mentions.post = ? order by songs.id"""


def choose_examples(db: Database, week: ReportWeek) -> tuple[Example, ...]:
    """Up to three posts for each of four tags, sure links only, with the views known when the week closed."""
    by_tag: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in once_each(ask(db, "examples", week)):
        by_tag[row["tag"]].append(row)
    chosen = [(tag, rule, row) for tag in SHOWN_TAGS for rule, row in by_rule(by_tag[tag])]
    return tuple(_example(db, tag, rule, row) for tag, rule, row in chosen)


def once_each(posts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One post of each `cluster`, the most viewed and then the oldest, with `copies`: how many others there are."""
    clusters: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for post in posts:
        clusters[post["cluster"]].append(post)
    return [
        {**min(alike, key=lambda p: (-(p["views"] or 0), p["published_at"], p["key"])), "copies": len(alike) - 1}
        for alike in clusters.values()
    ]


def by_rule(posts: Sequence[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """(rule, post) for posts with `key`, `published_at` and `views` (None where not stated), no post twice.

    The median is the lower one of the posts whose views were stated.
    """
    viewed = sorted((p for p in posts if p["views"] is not None), key=lambda p: (-p["views"], p["key"]))
    newest = sorted(posts, key=lambda p: (p["published_at"], p["key"]), reverse=True)
    wanted = [("most viewed", viewed[:1]), ("median", viewed[len(viewed) // 2 :][:1]), ("newest", newest)]
    taken: set[str] = set()
    found = []
    for rule, candidates in wanted:
        post = next((p for p in candidates if p["key"] not in taken), None)
        if post is not None:
            taken.add(post["key"])
            found.append((rule, post))
    return found


def _example(db: Database, tag: str, rule: str, row: Mapping[str, Any]) -> Example:
    post = next(iter(db.query(_ONE, {"key": row["key"], "length": LONGEST_RAW})))
    songs = db.execute(_SONGS, [row["key"]]).fetchall()
    return Example(
        tag=tag,
        rule=rule,
        key=post["key"],
        platform=post["platform"],
        language=post["language"],
        published_at=post["published_at"],
        url=post["url"],
        text=post["text"] or "",
        views=row["views"],
        copies=row["copies"],
        songs=dict(songs),
    )
