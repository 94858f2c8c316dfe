"""A post that somebody published, and what a source said of it at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

TAGS = ("cover", "edit", "challenge", "reaction", "other")
"""The five tags of the codebook, in the order in which probabilities are stored and printed."""

CLOCK_TOLERANCE = timedelta(days=1)
"""How far ahead of the clock a date may lie before it is taken for a mistake, not for a fast clock."""

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""No network of ours is older; a date before this is a wrong unit or an empty field."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The counters of a post as one source showed them.

    `observed_at` is aware UTC, or None where the source did not say when it looked. A count of None is *not
    stated*, which is never zero.
    """

    observed_at: datetime | None = None
    views: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None

    @property
    def counts(self) -> tuple[int | None, int | None, int | None, int | None]:
        """(views, likes, comments, shares), each None where not stated."""
        return self.views, self.likes, self.comments, self.shares

    def says_something(self) -> bool:
        """Whether at least one count was stated."""
        return any(count is not None for count in self.counts)


@dataclass(frozen=True, slots=True)
class Post:
    """One post as one source showed it once.

    `author` is the site's own stable name for the account (see the contract), not yet hashed; None when the site
    hides it. `published_at` is aware UTC. `hashtags` have no '#'. `sound` is the platform's id of the sound used.
    `searchable` is False where the author keeps out of search: such a post is counted, but never kept.
    """

    platform: str
    id: str
    published_at: datetime
    title: str | None = None
    text: str | None = None
    url: str | None = None
    author: str | None = None
    hashtags: tuple[str, ...] = ()
    language: str | None = None
    sound: str | None = None
    searchable: bool = True
    reading: Reading = field(default_factory=Reading)

    @property
    def key(self) -> str:
        """The primary key everywhere: 'platform:id'."""
        return f"{self.platform}:{self.id}"

    @property
    def known_at(self) -> datetime:
        """When the post became known: at its first reading, or as it was published where that is not stated.

        Never before it was published, whatever a source's clock says.
        """
        return max(self.reading.observed_at or self.published_at, self.published_at)


class BadPost(ValueError):
    """A record that cannot be a post; the message says which field and why."""


def check_times(post: Post, *, now: datetime) -> Post:
    """Return `post` when its dates can be true at `now`.

    Raises BadPost for a date in the future or before any platform existed, so that a source's slip (seconds for
    milliseconds, the year 2099) is set aside and never moves a window or a bookmark.
    """
    latest = now + CLOCK_TOLERANCE
    for name, moment in (("published_at", post.published_at), ("observed_at", post.reading.observed_at)):
        if moment is not None and not EARLIEST <= moment <= latest:
            raise BadPost(f"{name}: {moment.isoformat()} cannot be true (now {now:%Y-%m-%dT%H:%MZ})")
    return post


LONGEST_TEXT = 20_000
"""Characters kept of a title or text: more than any platform allows, less than what slows a regular expression."""


LONGEST_ID = 500
LONGEST_ADDRESS = 2_000
LONGEST_LANGUAGE = 20


def clean_text(value: str | None) -> str | None:
    """`value` as it may be stored and searched: no NUL, no half surrogates, cut at LONGEST_TEXT; None when empty."""
    if value is None:
        return None
    short = value[:LONGEST_TEXT]
    if not short.isascii():
        short = short.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return short.replace("\0", "").strip() or None


def cleaned(post: Post) -> Post:
    """`post` with every text field passed through `clean_text` and hashtags without '#', empties and repeats."""
    for name, value in (("platform", post.platform), ("id", post.id)):
        if not value.isprintable() or len(value) > LONGEST_ID:
            raise BadPost(f"{name}: {value[:40]!r} cannot be the name of anything")
    address = clean_text(post.url)
    tags = (clean_text(tag.strip().lstrip("#＃")) for tag in post.hashtags[:200])
    return replace(
        post,
        url=address if address and len(address) <= LONGEST_ADDRESS else None,
        title=clean_text(post.title),
        text=clean_text(post.text),
        author=clean_text(post.author),
        language=(clean_text(post.language) or "")[:LONGEST_LANGUAGE] or None,
        sound=clean_text(post.sound),
        hashtags=tuple(dict.fromkeys(tag[:200] for tag in tags if tag)),
    )
