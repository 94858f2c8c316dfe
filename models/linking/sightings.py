"""A post as it is read: its words in one folded text, and the names that were seen in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from models.linking.lexicon import Kind, Name
from models.post import Post
from models.text import Squashed, shape

MAX_TAGS = 60
TAG = re.compile(r"#([^\s#|]{1,150})")


@dataclass(slots=True, eq=False)
class Sighting:
    """A spelling at [start, end) of the document; no two of one document overlap.

    `tag` is the number of the hashtag that holds it, or -1; `number` that of its pattern in the lexicon.
    """

    names: tuple[Name, ...]
    start: int
    end: int
    tag: int = -1
    number: int = -1

    def ids(self, kind: Kind) -> Iterable[Name]:
        """Its meanings of one kind."""
        return (name for name in self.names if name.kind is kind)


NONE: list[tuple[Sighting, Name]] = []
NOWHERE: list[Sighting] = []


@dataclass(slots=True)
class Document:
    """A post's words in one folded text: title, text, then the hashtags that the text does not show, a line each."""

    cased: str
    folded: str
    title_end: int
    tags_from: int
    sightings: list[Sighting] = field(default_factory=list)
    tags: list[tuple[int, int]] = field(default_factory=list)
    flat: Squashed | None = None
    _by_kind: dict[Kind, list[tuple[Sighting, Name]]] | None = None
    _by_group: dict[str, list[Sighting]] | None = None
    _subjects: frozenset[str] | None = None
    known: dict[Any, Any] = field(default_factory=dict)
    """What was worked out about the page before, for those who weigh several songs in it."""

    def words(self, seen: Sighting) -> str:
        """The spelling as it stands in the post, folded but for its capitals."""
        return self.cased[seen.start : seen.end]

    def of(self, kind: Kind) -> list[tuple[Sighting, Name]]:
        """All sightings with a meaning of this kind, in the order of the text."""
        if self._by_kind is None:
            self._by_kind = {}
            for seen in self.sightings:
                for name in seen.names:
                    self._by_kind.setdefault(name.kind, []).append((seen, name))
        return self._by_kind.get(kind, NONE)

    def said(self, group: str) -> list[Sighting]:
        """Where words of a list stand."""
        if self._by_group is None:
            self._by_group = {}
            for seen, name in self.of(Kind.WORD):
                self._by_group.setdefault(name.id, []).append(seen)
        return self._by_group.get(group, NOWHERE)

    def subjects(self) -> frozenset[str]:
        """The ids of all dramas and artists that are named, also by their people, and however weakly."""
        if self._subjects is None:
            kinds = (Kind.DRAMA, Kind.ARTIST, Kind.CHARACTER, Kind.CAST)
            self._subjects = frozenset(name.id for kind in kinds for _, name in self.of(kind))
        return self._subjects

    def tag_at(self, place: int) -> int:
        """The number of the hashtag at a place, or -1."""
        tag = bisect_right(self.tags, place, key=itemgetter(0)) - 1
        return tag if tag >= 0 and place < self.tags[tag][1] else -1

    def field_of(self, seen: Sighting) -> int:
        """0 when it stands in the title, 1 in the text, 2 among the hashtags that only the uploader gave."""
        return 0 if seen.start < self.title_end else 1 if seen.start < self.tags_from else 2


def document(post: Post) -> Document:
    """Lay out a post without looking for names."""
    title, text = shape(post.title or ""), shape(post.text or "")
    cased = f"{title}\n{text}"
    written = len(cased)
    if post.hashtags:
        cased = "\n".join([cased, *_hidden_tags(post.hashtags, cased)])
    return Document(cased, cased.lower(), len(title), written)


def _hidden_tags(hashtags: Sequence[str], shown: str) -> Iterator[str]:
    """The hashtags that title and text do not show."""
    known = {_bare(found) for found in TAG.findall(shown)}
    for tag in hashtags[:MAX_TAGS]:
        plain = " ".join(shape(tag[:150]).lstrip("#").split())
        if plain and _bare(plain) not in known:
            yield plain if " " in plain else f"#{plain}"


def _bare(tag: str) -> str:
    return tag.lower().replace(" ", "").replace("_", "")
