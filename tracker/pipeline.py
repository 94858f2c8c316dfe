"""The way of a post: link, tag, store; the same for live rounds, imported files and the demo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar

from sqlite_utils import Database

from models.catalogue import Catalogue
from models.korean_time import hour_of, iso
from models.linking.linker import Examined, Linker
from models.post import Post
from models.tagging.tagger import load_tagger
from tracker.authors import hash_author, hash_post
from tracker.judge import Judge
from tracker.overheard import count_overheard
from tracker.store import transaction
from tracker.store_copies import save_copies
from tracker.store_posts import (
    count_seen,
    first_seen,
    forget_passed_over,
    known_hashes,
    save_passed_over,
    save_posts,
    save_sighting,
)

BATCH = 500
"""Posts a transaction: large enough to be fast, small enough that a crash costs a second of work."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of some sightings of posts: how many, of posts new to us, of new posts with a sure link."""

    seen: int = 0
    new: int = 0
    linked: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.seen + other.seen, self.new + other.new, self.linked + other.linked)


@dataclass
class _SortedOut:
    """A batch: keys stored before, posts to be judged, later sightings of known posts, and all examined by key."""

    stored: frozenset[str]
    about_songs: list[Examined] = field(default_factory=list)
    seen_again: list[Post] = field(default_factory=list)
    examined: dict[str, Examined] = field(default_factory=dict)


class Pipeline:
    """Judges posts and stores them in one database, with one catalogue and one set of models."""

    def __init__(
        self,
        db: Database,
        catalogue: Catalogue,
        key: bytes,
        *,
        clock: Callable[[], datetime],
        judge: Judge | None = None,
    ) -> None:
        self.db = db
        self._key = key
        self._clock = clock
        self._judge = judge or Judge(Linker(catalogue), load_tagger())
        self.version = f"{catalogue.version}/{self._judge.version}"

    def take_in(self, posts: Iterable[Post], *, source: str) -> Tally:
        """Store which of some cleaned posts mention a song, count the rest; one transaction for every BATCH."""
        tally = Tally()
        for batch in in_batches(posts, BATCH):
            tally += self._take_in_batch(batch, source)
        return tally

    def _take_in_batch(self, posts: list[Post], source: str) -> Tally:
        now = self._clock()
        with transaction(self.db) as connection:
            sorted_out = self._sort_out(posts)
            hashes = {key: hash_post(self._key, key) for key in {post.key for post in posts} - sorted_out.stored}
            counted = known_hashes(self.db, list(hashes.values()))
            judged = self._judge.judge_examined(sorted_out.about_songs)
            save_posts(
                connection,
                judged,
                author_of=self._hashed_author,
                source=source,
                version=self._judge.tagger_version,
                now=now,
            )
            save_copies(connection, judged)
            for post in sorted_out.seen_again:
                save_sighting(connection, post, source=source, now=now)
            kept = {one.post.key for one in judged} | sorted_out.stored
            forget_passed_over(connection, [hashes[key] for key in kept & hashes.keys() if hashes[key] in counted])
            hours = {post.key: iso(hour_of(post.known_at)) for post in reversed(posts)}
            new = [key for key in hours if key in hashes and hashes[key] not in counted]
            passed = {hashes[key]: hours[key] for key in new if key not in kept}
            save_passed_over(connection, passed, source=source)
            count_seen(connection, Counter(hours[key] for key in new), source=source)
            overheard = [sorted_out.examined[key] for key in new if key in sorted_out.examined]
            count_overheard(connection, overheard, known=self._judge.known, key=self._key, source=source)
        linked = {one.post.key for one in judged if one.links.sure} & set(new)
        return Tally(seen=len(posts), new=len(new), linked=len(linked))

    def _sort_out(self, posts: list[Post]) -> _SortedOut:
        """Which posts are to be judged, and which are only further sightings of what is or will be stored."""
        known = first_seen(self.db, [post.key for post in posts])
        found = _SortedOut(stored=frozenset(known))
        for post in posts:
            if post.key in known and iso(post.known_at) > known[post.key]:
                found.seen_again.append(post)
                continue
            if not post.searchable:
                continue
            examined = self._judge.examine(post)
            found.examined.setdefault(post.key, examined)
            if examined.links.sure or examined.links.possible or post.key in known:
                known[post.key] = iso(post.known_at)
                found.about_songs.append(examined)
        return found

    def _hashed_author(self, post: Post) -> str | None:
        return hash_author(self._key, post.platform, post.author) if post.author else None


def in_batches(things: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Lists of at most `size`, in order."""
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch
