"""Labelled posts: the packaged corpus, written by hand for the tagger, and its checksum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from models.complaint import Complaint
from models.post import TAGS, Post

WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
"""The date that a corpus line bears; every song it names was out by then."""

PARALLEL_LINES = 10
"""Lines of one place in the files of several languages may be translations of each other; they share a group."""

_KEYS = {"platform", "title", "text", "hashtags", "language", "tag"}


class CorpusError(Complaint):
    """A corpus that cannot be used; the message names file, line and key."""


@dataclass(frozen=True, slots=True)
class LabelledPost:
    """A post and its tag. Posts of one `group` are alike and never learnt from to judge one another."""

    post: Post
    tag: str
    group: int = 0


def read_corpus(name: str, lines: Iterable[str]) -> list[LabelledPost]:
    """Read JSON Lines; empty lines are skipped. Raises CorpusError naming `name`, line and key."""
    labelled: list[LabelledPost] = []
    seen: dict[tuple[str, str, tuple[str, ...]], int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        one = _read_line(f"{name}: line {number}", line, number)
        content = ((one.post.title or "").casefold(), (one.post.text or "").casefold(), one.post.hashtags)
        if content in seen:
            raise CorpusError(f"{name}: line {number}: the same post as line {seen[content]}")
        seen[content] = number
        labelled.append(one)
    return labelled


def _read_line(where: str, line: str, number: int) -> LabelledPost:
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise CorpusError(f"{where}: not JSON: {error}") from None
    if not isinstance(row, dict):
        raise CorpusError(f"{where}: expected an object")
    for key in row.keys() - _KEYS:
        raise CorpusError(f"{where}: {key}: unknown key")
    for key in ("platform", "title", "text", "language", "tag"):
        if key in row and (not isinstance(row[key], str) or not row[key].strip()):
            raise CorpusError(f"{where}: {key}: expected text, found {row[key]!r}")
    for key in ("platform", "tag"):
        if key not in row:
            raise CorpusError(f"{where}: {key}: is missing")
    if row["tag"] not in TAGS:
        raise CorpusError(f"{where}: tag: {row['tag']!r} is none of {', '.join(TAGS)}")
    hashtags = _hashtags(where, row)
    if not (row.get("title") or row.get("text") or hashtags):
        raise CorpusError(f"{where}: text: neither title, text nor hashtags")
    post = Post(
        platform=row["platform"],
        id=where,
        published_at=WRITTEN,
        title=row.get("title"),
        text=row.get("text"),
        hashtags=hashtags,
        language=row.get("language"),
    )
    return LabelledPost(post, row["tag"], group=(number - 1) // PARALLEL_LINES)


def _hashtags(where: str, row: dict[str, Any]) -> tuple[str, ...]:
    found = row.get("hashtags", [])
    if not isinstance(found, list) or not all(isinstance(tag, str) and tag.strip() for tag in found):
        raise CorpusError(f"{where}: hashtags: expected a list of texts, found {found!r}")
    return tuple(found)


def packaged_corpus() -> list[LabelledPost]:
    """The corpus that ships with ostpulse, file by file in the order of their names."""
    folder = files("models") / "data" / "corpus"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".jsonl"))
    return [one for name in names for one in read_corpus(name, (folder / name).read_text("utf-8").split("\n"))]


@cache
def packaged_fingerprint() -> str:
    """Of the bytes of the packaged corpus, to tell weights of another release without reading 10,000 posts."""
    folder = files("models") / "data" / "corpus"
    digest = hashlib.blake2b(digest_size=8)
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".jsonl"):
            digest.update(entry.name.encode() + b"\n" + entry.read_bytes())
    return digest.hexdigest()


def checksum(labelled: Sequence[LabelledPost]) -> str:
    """A fingerprint of texts and labels, in order; not of anything done to the texts before training."""
    digest = hashlib.blake2b(digest_size=16)
    for one in labelled:
        post = one.post
        content = [post.platform, post.title, post.text, list(post.hashtags), one.tag, one.group]
        digest.update(json.dumps(content, ensure_ascii=True).encode() + b"\n")
    return digest.hexdigest()
