"""What every live source has in common: its queries, its three errors, and the facts to know of it."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar

from models.post import BadPost, Post, check_times, cleaned

log = logging.getLogger(__name__)

LONGEST_MESSAGE = 300
LONGEST_ID = 500
"""Characters of a post's id; the longest known ones, bridged uris, have about 120."""

Record = TypeVar("Record")


class Query(NamedTuple):
    """One planned question: where it is asked ("mastodon.social", "r/kdrama") and what for ("ost", "new")."""

    place: str
    words: str


class CollectorError(Exception):
    """A query that failed for a reason outside; the message is one line: the place and what happened."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class Unavailable(CollectorError):
    """The site cannot be reached or is busy: the next round tries again."""


class Refused(CollectorError):
    """A key, a quota or a permission: a person must act, or nothing is to be asked before `until`."""

    def __init__(self, message: str, *, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until


class Changed(CollectorError):
    """The answer no longer looks as known: a person must look."""


class CutShort(CollectorError):
    """There was more since the last round than a round may read: what was read stands, what lies behind it is lost."""


@dataclass(frozen=True)
class SourceFacts:
    """What a source asks for, gives, and cannot tell.

    `retention_days` is how long its counters may be kept (None: as long as the post stands). `mixable` says
    whether its counters may enter a score mixed from several platforms.
    """

    name: str
    platform: str
    needs_key: bool
    key_variables: tuple[str, ...]
    limits: str
    retention_days: int | None
    mixable: bool
    deletion: str
    cannot_tell: str


class SourceSettings(Protocol):
    """What the configuration section of every source has: another address to stand in for its own, and its pace."""

    @property
    def base_url(self) -> str | None: ...
    @property
    def seconds_between_requests(self) -> float: ...


class Collector(Protocol):
    """One source, ready to be asked; not to be shared between threads."""

    @property
    def facts(self) -> SourceFacts:
        """The facts of this source."""

    def queries(self) -> list[Query]:
        """Everything a whole round asks for, in order."""

    def collect(self, query: Query, *, since: datetime | None) -> Iterator[Post]:
        """The posts of one planned query, newest first: until `since`, the source's page limit or the end.

        Posts older than `since` may come along on the last page. Raises CollectorError, even after some.
        """


def one_line(text: str, limit: int = LONGEST_MESSAGE) -> str:
    """`text` without control, format and line-breaking signs, cut at `limit`: safe in a log or a terminal."""
    shown = "".join(
        " " if unicodedata.category(sign)[0] == "C" or sign in "\u2028\u2029" else sign for sign in text[:5000]
    )
    joined = " ".join(shown.split())
    return joined if len(joined) <= limit else joined[: limit - 1] + "…"


def read_posts(
    records: Iterable[Record], read: Callable[[Record], Post | None], *, now: datetime, where: str
) -> list[Post]:
    """The posts that `read` makes of one answer's records; a record it returns None for is no post at all.

    A record that cannot be read (BadPost) is left out alone. Raises Changed when there were records and not
    one of them could be read, so that a site's new shape never passes for a quiet day.
    """
    posts: list[Post] = []
    reasons: list[str] = []
    readable = 0
    for record in records:
        try:
            post = read(record)
            if post is not None:
                posts.append(_checked(post, now))
            readable += 1
        except BadPost as reason:
            reasons.append(str(reason))
    if reasons and not readable:
        raise Changed(f"{where}: none of its {len(reasons)} records could be read ({reasons[0]})")
    if reasons:
        log.warning("%s", one_line(f"{where}: {len(reasons)} records left out ({reasons[0]})"))
    return posts


def _checked(post: Post, now: datetime) -> Post:
    if len(post.id) > LONGEST_ID or post.id != one_line(post.id, LONGEST_ID):
        raise BadPost("id: too long, or with signs that no id has")
    return check_times(cleaned(post), now=now)
