"""Reddit without a login: Atom feeds of subreddits and searches, one request a minute, without scores."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol
from urllib.parse import quote
from xml.etree.ElementTree import Element

from collectors.answer import Answer
from collectors.atom import attribute, entries, inside
from collectors.base import Query, SourceFacts, SourceSettings, read_posts
from collectors.fields import utc
from collectors.html_text import text_of_html
from collectors.http import Client
from models.post import BadPost, Post, Reading

PAGE = 100
SEARCH = "reddit.com"
_COMMENTED = re.compile(r"/comments/([0-9a-z]{1,12})/")
_FULLNAME = re.compile(r"t[13]_[0-9a-z]{1,12}")

FACTS = SourceFacts(
    name="reddit_feed",
    platform="reddit",
    needs_key=False,
    key_variables=(),
    limits="about 1 request a minute per address, the newest 100 posts of each feed, no paging",
    retention_days=None,
    mixable=True,
    deletion="a deleted post is missing from the feeds; content deleted on Reddit must be deleted here too",
    cannot_tell="scores, numbers of comments, and whether a post is for adults only",
)


class Settings(SourceSettings, Protocol):
    """The [collect.reddit_feed] section."""

    @property
    def subreddits(self) -> tuple[str, ...]: ...
    @property
    def searches(self) -> tuple[str, ...]: ...


class RedditFeed:
    """Reads one feed per group of subreddits ("kdrama+kpop") and per search."""

    facts = FACTS

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings = settings
        self._client = client

    def queries(self) -> list[Query]:
        """The newest posts of every group of subreddits, then every search over all of Reddit."""
        groups = [Query(f"r/{group.removeprefix('r/')}", "new") for group in self._settings.subreddits]
        return groups + [Query(SEARCH, phrase) for phrase in self._settings.searches]

    def collect(self, query: Query, *, since: datetime | None) -> Iterator[Post]:
        """The feed's posts, newest first; it has one page only, so `since` does not matter."""
        searched = query.place == SEARCH
        path = "/search.rss" if searched else f"/{quote(query.place, safe='/+')}/{query.words}.rss"
        asked: dict[str, str | int] = {"q": query.words, "sort": "new"} if searched else {}
        answer = self._client.get(
            f"https://www.reddit.com{path}",
            {**asked, "limit": PAGE},
            base_url=self._settings.base_url,
            pace=self._settings.seconds_between_requests,
            place=f"{query.place} {query.words}",
        )
        yield from posts_of_feed(answer)


def posts_of_feed(answer: Answer) -> list[Post]:
    """The posts of one feed. Raises Changed, or Unavailable for an empty body."""
    return read_posts(
        entries(answer), lambda entry: post_from_entry(entry, answer.at), now=answer.at, where=answer.place
    )


def post_from_entry(entry: Element, observed_at: datetime) -> Post | None:
    """One post or comment; None for the card of a subreddit, with which a search may begin."""
    fullname = inside(entry, "atom:id") or ""
    if fullname.startswith("t5_"):
        return None
    if not _FULLNAME.fullmatch(fullname):
        raise BadPost(f"id: {fullname[:40]!r} is neither a post nor a comment")
    published = inside(entry, "atom:published") or inside(entry, "atom:updated")
    if published is None:
        raise BadPost("published: is missing")
    is_comment = fullname.startswith("t1_")
    return Post(
        platform="reddit",
        id=fullname,
        published_at=utc(published, "published"),
        # A comment's title is "/u/name on ..." and the words of another person.
        title=None if is_comment else inside(entry, "atom:title"),
        # Around the post's own words Reddit puts the author's name and two links.
        text=text_of_html(inside(entry, "atom:content"), only="div.md"),
        url=post_address(fullname, _commented_post(entry)),
        author=_author(inside(entry, "atom:author/atom:name")),
        reading=Reading(observed_at=observed_at),
    )


def post_address(fullname: str, commented: str | None = None) -> str | None:
    """The short address of a post, or of a comment on the post `commented`: it names no account."""
    kind, _, bare = fullname.partition("_")
    if kind == "t3":
        return f"https://www.reddit.com/comments/{bare}/"
    return f"https://www.reddit.com/comments/{commented}/_/{bare}/" if commented else None


def _commented_post(entry: Element) -> str | None:
    found = _COMMENTED.search(attribute(entry, "atom:link", "href") or "")
    return found[1] if found else None


def _author(name: str | None) -> str | None:
    bare = (name or "").strip().removeprefix("/u/").lower()
    return None if bare in ("", "[deleted]") else bare
