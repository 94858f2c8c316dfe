"""Lemmy: the search of several servers, posts and comments, joined by ap_id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol

from collectors.answer import Answer
from collectors.base import (
    Changed,
    CollectorError,
    CutShort,
    Query,
    Refused,
    SourceFacts,
    SourceSettings,
    Unavailable,
    read_posts,
)
from collectors.fields import dig, needed, tally, utc, web_address, words
from collectors.http import Client
from models.korean_time import iso
from models.post import Post, Reading

PAGE = 50
MAX_PAGES = 5
_SERVER = re.compile(r"[a-z0-9.-]{1,253}(:\d{1,5})?")

FACTS = SourceFacts(
    name="lemmy",
    platform="lemmy",
    needs_key=False,
    key_variables=(),
    limits="set by each server; little is said about K-dramas there",
    retention_days=None,
    mixable=True,
    deletion="a deleted or removed post says so, or is missing",
    cannot_tell="views, shares, and votes that have not reached the server asked",
)


class Settings(SourceSettings, Protocol):
    """The [collect.lemmy] section."""

    @property
    def servers(self) -> tuple[str, ...]: ...
    @property
    def searches(self) -> tuple[str, ...]: ...


class Lemmy:
    """Searches each server for each phrase, newest first."""

    facts = FACTS

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings = settings
        self._client = client

    def queries(self) -> list[Query]:
        """Every server with every search."""
        return [
            Query(server.strip().lower(), phrase)
            for server in self._settings.servers
            for phrase in self._settings.searches
        ]

    def collect(self, query: Query, *, since: datetime | None) -> Iterator[Post]:
        """The posts and comments that match on this server, newest first; see base.Collector."""
        server, phrase = query
        if not _SERVER.fullmatch(server):
            raise Refused(f"lemmy: {server!r} is not the name of a server, such as lemmy.world")
        for page in range(1, MAX_PAGES + 1):
            answer = self._client.get(
                f"https://{server}/api/v3/search",
                {
                    "q": phrase,
                    "type_": "All",
                    "sort": "New",
                    "listing_type": "All",
                    "limit": PAGE,
                    "page": page,
                },
                base_url=self._settings.base_url,
                pace=self._settings.seconds_between_requests,
                place=f"{server} {phrase!r}",
                accept=frozenset({400}),
            )
            records = records_of_search(answer)
            posts = posts_of_records(records, answer)
            yield from posts
            if len(records) < PAGE or (since and posts and all(post.published_at < since for post in posts)):
                return
        if since is not None:
            raise CutShort(f"{server} {phrase!r}: more posts since {iso(since)} than {MAX_PAGES} pages hold")


def records_of_search(answer: Answer) -> list[Any]:
    """The posts and comments of one answer, of a search or of a list of posts. Raises a CollectorError."""
    found = answer.object()
    if answer.status == 400:
        raise _complaint(answer, str(found.get("error", ""))[:100])
    lists = [found[name] for name in ("posts", "comments") if isinstance(found.get(name), list)]
    if not lists:
        raise Changed(f"{answer.place}: {answer.url} answered without 'posts' and 'comments'")
    return [record for part in lists for record in part]


def posts_of_records(records: list[Any], answer: Answer) -> list[Post]:
    """The posts of those records, counted at the moment of the answer. Raises Changed."""
    return read_posts(records, lambda record: post_from_record(record, answer.at), now=answer.at, where=answer.place)


def post_from_record(record: Any, observed_at: datetime) -> Post | None:
    """The post of a post's or a comment's record; None where it was deleted or removed."""
    is_comment = dig(record, "comment") is not None
    own = dig(record, "comment" if is_comment else "post")
    if dig(own, "removed") is True or dig(own, "deleted") is True:
        return None
    ap_id = needed(own, "ap_id")
    return Post(
        platform="lemmy",
        id=ap_id,
        published_at=utc(needed(own, "published"), "published"),
        title=None if is_comment else words(own, "name"),
        text=words(own, "content" if is_comment else "body"),
        url=web_address(ap_id),
        author=words(record, "creator", "actor_id"),
        reading=Reading(
            observed_at=observed_at,
            likes=_likes(dig(record, "counts")),
            comments=tally(dig(record, "counts", "child_count" if is_comment else "comments")),
        ),
    )


def _likes(counts: Any) -> int | None:
    """Votes up; the score, which is votes up less votes down, where they are not stated."""
    up = tally(dig(counts, "upvotes"))
    return up if up is not None else tally(dig(counts, "score"))


def _complaint(answer: Answer, error: str) -> CollectorError:
    """Lemmy answers 400 for nearly everything and says in a word what is meant."""
    if "rate_limit" in error:
        return Unavailable(f"{answer.place}: asks for fewer requests ({error})")
    if error in ("instance_is_private", "not_logged_in"):
        return Refused(f"{answer.place}: shows nothing without an account ({error})")
    return Changed(f"{answer.place}: {answer.url} does not understand the question ({error or 'no reason given'})")
