"""The way of a post: link, tag, store; the same for live rounds, imported files and the demo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from sqlite_utils import Database

from models.catalogue import Catalogue
from models.korean_time import hour_of, iso
from models.linking.linker import Linker, Links
from models.post import Post, cleaned
from models.tagging.tagger import load_tagger
from tracker.authors import hash_author, hash_post
from tracker.judge import Judge
from tracker.store import transaction
from tracker.store_posts import count_seen, known_hashes, save_passed_over, save_posts, stored_keys

BATCH = 500
"""Posts a transaction: large enough to be fast, small enough that a crash costs a second of work."""

NO_LINKS = Links((), ())

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of some posts: posts seen, of these new to us, of these with at least one sure link."""

    seen: int = 0
    new: int = 0
    linked: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.seen + other.seen, self.new + other.new, self.linked + other.linked)


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
        """Store what mentions a song, count the rest; one transaction for every BATCH of posts."""
        tally = Tally()
        for batch in in_batches(posts, BATCH):
            tally += self._take_in_batch([cleaned(post) for post in batch], source)
        return tally

    def _take_in_batch(self, posts: list[Post], source: str) -> Tally:
        links = [self._judge.link(post) if post.searchable else NO_LINKS for post in posts]
        kept = [place for place, found in enumerate(links) if found.sure or found.possible]
        judged = self._judge.judge([posts[place] for place in kept], [links[place] for place in kept])
        kept_keys = {one.post.key for one in judged}
        passed = {post.key: post for post in posts if post.key not in kept_keys}
        with transaction(self.db) as connection:
            stored = stored_keys(self.db, [post.key for post in posts])
            save_posts(
                connection,
                judged,
                stored=stored,
                author_of=self._hashed_author,
                source=source,
                version=self._judge.tagger_version,
                now=self._clock(),
            )
            fresh = {one.post.key: one.post for one in judged if one.post.key not in stored}
            hashes = {hash_post(self._key, key): post for key, post in passed.items() if key not in stored}
            unknown = hashes.keys() - known_hashes(self.db, list(hashes))
            save_passed_over(connection, {each: _hour(hashes[each]) for each in unknown}, source=source)
            new = [*fresh.values(), *(hashes[each] for each in unknown)]
            count_seen(connection, Counter(map(_hour, new)), source=source)
        linked = {one.post.key for one in judged if one.links.sure}
        return Tally(seen=len(kept_keys) + len(passed), new=len(new), linked=len(linked & fresh.keys()))

    def _hashed_author(self, post: Post) -> str | None:
        return hash_author(self._key, post.platform, post.author) if post.author else None


def _hour(post: Post) -> str:
    return iso(hour_of(post.known_at))


def in_batches(things: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Lists of at most `size`, in order."""
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch
