"""Posts labelled with the songs they speak of, written by hand for the linker, half of them traps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from models.complaint import Complaint
from models.korean_time import iso, moment
from models.post import Post


class LinkCorpusError(Complaint):
    """A corpus that cannot be used; the message names file, line and key."""


@dataclass(frozen=True, slots=True)
class LabelledLinkPost:
    """A post, the songs that it speaks of, and those that it would be neither right nor wrong to link."""

    post: Post
    songs: frozenset[str]
    acceptable: frozenset[str] = frozenset()


def read_link_corpus(name: str, lines: Iterable[str], *, songs: Collection[str]) -> list[LabelledLinkPost]:
    """Read JSON Lines; empty lines are skipped. Raises LinkCorpusError, also for a song that is none of `songs`."""
    return [_read_line(f"{name}: line {number}", line, songs) for number, line in enumerate(lines, 1) if line.strip()]


def _read_line(where: str, line: str, songs: Collection[str]) -> LabelledLinkPost:
    try:
        row = json.loads(line)
        post = Post(
            platform=row["platform"],
            id=where,
            published_at=moment(row["published_at"]),
            title=row.get("title"),
            text=row.get("text"),
            hashtags=tuple(row.get("hashtags", ())),
            language=row.get("language"),
            sound=row.get("sound"),
        )
    except KeyError as error:
        raise LinkCorpusError(f"{where}: {error.args[0]}: is missing") from None
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise LinkCorpusError(f"{where}: not a post: {error}") from None
    return LabelledLinkPost(post, _ids(where, row, "songs", songs), _ids(where, row, "acceptable", songs))


def _ids(where: str, row: dict[str, Any], key: str, songs: Collection[str]) -> frozenset[str]:
    found = row.get(key, [])
    if not isinstance(found, list):
        raise LinkCorpusError(f"{where}: {key}: expected a list of song ids")
    for song in found:
        if song not in songs:
            raise LinkCorpusError(f"{where}: {key}: there is no song {song!r}")
    return frozenset(found)


def packaged_link_corpus(songs: Collection[str]) -> list[LabelledLinkPost]:
    """The corpus that ships with ostpulse, file by file in the order of their names; `songs` are the known ids."""
    folder = files("models") / "data" / "link_corpus"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".jsonl"))
    return [
        one
        for name in names
        for one in read_link_corpus(name, (folder / name).read_text("utf-8").split("\n"), songs=songs)
    ]


def checksum(labelled: Sequence[LabelledLinkPost]) -> str:
    """A fingerprint of texts, dates and labels, in order."""
    digest = hashlib.blake2b(digest_size=16)
    for one in labelled:
        post = one.post
        content = [post.platform, iso(post.published_at), post.title, post.text, list(post.hashtags), post.sound]
        labels = [sorted(one.songs), sorted(one.acceptable)]
        digest.update(json.dumps([content, labels], ensure_ascii=True).encode() + b"\n")
    return digest.hexdigest()
