"""Mastodon: public hashtag timelines of several servers, joined by each post's uri."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl, quote, urlsplit

from requests.utils import parse_header_links

from collectors.answer import Answer
from collectors.base import Changed, CutShort, Query, Refused, SourceFacts, SourceSettings, read_posts
from collectors.fields import dig, needed, tally, utc, web_address, words
from collectors.html_text import text_of_html
from collectors.http import Client
from models.korean_time import iso
from models.post import BadPost, Post, Reading

PAGE = 40
_ANY_ERROR = frozenset(range(400, 600))
_SERVER = re.compile(r"[a-z0-9.-]{1,253}(:\d{1,5})?")

FACTS = SourceFacts(
    name="mastodon",
    platform="mastodon",
    needs_key=False,
    key_variables=(),
    limits="300 requests in 5 minutes per server; a server may close its timelines, which is asked first",
    retention_days=None,
    mixable=True,
    deletion="a deleted post is gone from the timelines, and its uri answers 404 or 410",
    cannot_tell="views; likes, boosts and replies on other servers (each counts what it has seen); posts of "
    "accounts that do not want to be searched or recommended, which are counted but not kept",
)


class Settings(SourceSettings, Protocol):
    """The [collect.mastodon] section."""

    @property
    def servers(self) -> tuple[str, ...]: ...
    @property
    def hashtags(self) -> tuple[str, ...]: ...
    @property
    def max_pages(self) -> int: ...


class Mastodon:
    """Asks each server once whether its hashtag timelines are open, then reads them page by page."""

    facts = FACTS

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings = settings
        self._client = client
        self._closed: dict[str, str | None] = {}

    def queries(self) -> list[Query]:
        """Every server with every hashtag."""
        return [
            Query(server.strip().lower(), tag.strip().lstrip("#＃"))
            for server in self._settings.servers
            for tag in self._settings.hashtags
        ]

    def collect(self, query: Query, *, since: datetime | None) -> Iterator[Post]:
        """The hashtag's posts as this server saw them, newest first; see base.Collector."""
        server, tag = query
        if not _SERVER.fullmatch(server):
            raise Refused(f"mastodon: {server!r} is not the name of a server, such as mastodon.social")
        self._require_open(server)
        cursor: dict[str, str] = {}
        asked: list[dict[str, str]] = []
        for _ in range(self._settings.max_pages):
            path = f"/api/v1/timelines/tag/{quote(tag, safe='')}"
            answer = self._get(server, path, f"{server} #{tag}", {"limit": PAGE, **cursor})
            posts = posts_of_timeline(answer, server)
            yield from posts
            # A server lists posts as they reached it, so a late one among new ones does not end the reading.
            if since is not None and posts and all(post.published_at < since for post in posts):
                return
            cursor = next_page(answer)
            if not cursor or cursor in asked:
                return
            asked.append(cursor)
        if since is not None:
            raise CutShort(f"{server} #{tag}: more posts since {iso(since)} than {self._settings.max_pages} pages hold")

    def _require_open(self, server: str) -> None:
        if server not in self._closed:
            self._closed[server] = closed_to_strangers(self._get(server, "/api/v2/instance", server, accept=_ANY_ERROR))
        if reason := self._closed[server]:
            raise Refused(f"{server}: hashtag timelines are {reason} for readers without an account")

    def _get(
        self,
        server: str,
        path: str,
        place: str,
        params: Mapping[str, str | int] | None = None,
        accept: frozenset[int] = frozenset(),
    ) -> Answer:
        return self._client.get(
            f"https://{server}{path}",
            params,
            base_url=self._settings.base_url,
            pace=self._settings.seconds_between_requests,
            place=place,
            accept=accept,
        )


def closed_to_strangers(answer: Answer) -> str | None:
    """What /api/v2/instance says of hashtag timelines: None where they are open, else the server's word.

    Servers before 4.5 say nothing of it and those before 4.0 answer 404. Whoever does not say counts as open:
    the timeline's own answer will tell. So does a server that shows either its own or other servers' posts.
    """
    if answer.status != 200:
        return None
    feeds = dig(answer.json(), "configuration", "timelines_access", "hashtag_feeds")
    access = {word for word in (words(feeds, "local"), words(feeds, "remote")) if word}
    return None if not access or "public" in access else " and ".join(sorted(access))


def next_page(answer: Answer) -> dict[str, str]:
    """The cursor of the next page, from the Link header; empty on the last page.

    Only the query is taken from it, so that no server can send us elsewhere.
    """
    for link in parse_header_links(answer.headers.get("Link", "")[:5000]):
        if link.get("rel") == "next":
            cursor = dict(parse_qsl(urlsplit(link.get("url", "")).query))
            return {name: cursor[name] for name in ("max_id",) if name in cursor}
    return {}


def posts_of_timeline(answer: Answer, server: str) -> list[Post]:
    """The posts of one page of a timeline, counted at the moment of the answer. Raises Changed."""
    records = answer.json()
    if not isinstance(records, list):
        raise Changed(f"{answer.place}: {answer.url} answered with no list of posts{answer.complaint()}")
    return read_posts(
        records, lambda status: post_from_status(status, server, answer.at), now=answer.at, where=answer.place
    )


def post_from_status(status: Any, server: str, observed_at: datetime) -> Post | None:
    """The post of one status; None for a boost, a private post, and one whose author stays out of search."""
    if dig(status, "reblog") is not None or dig(status, "visibility") in ("private", "direct"):
        return None
    account = dig(status, "account")
    parts = (words(status, "spoiler_text"), text_of_html(words(status, "content")))
    return Post(
        platform="mastodon",
        id=needed(status, "uri"),
        published_at=utc(needed(status, "created_at"), "created_at"),
        text="\n".join(part for part in parts if part) or None,
        # The address holds the handle; Mastodon has no form without it.
        url=web_address(words(status, "url")) or web_address(words(status, "uri")),
        author=_full_name(needed(status, "account", "acct"), server),
        hashtags=_hashtags(dig(status, "tags")),
        language=words(status, "language"),
        searchable=not _stays_out_of_search(account),
        reading=Reading(
            observed_at=observed_at,
            likes=tally(dig(status, "favourites_count")),
            comments=tally(dig(status, "replies_count")),
            shares=tally(dig(status, "reblogs_count")),
        ),
    )


def _stays_out_of_search(account: Any) -> bool:
    """Whether an account did not agree that its public posts are searched or recommended.

    `indexable` is about search, `discoverable` about recommendations; a ranking with full-text search is both, so
    either false is respected, although false is also what an account has that never chose. Null or absent means
    that its server does not ask, and the public timeline is then permission enough.
    """
    said_no = dig(account, "indexable") is False or dig(account, "discoverable") is False
    return said_no or dig(account, "noindex") is True


def _full_name(acct: str, server: str) -> str:
    """'name@server': a server leaves its own domain out."""
    if any(sign.isspace() for sign in acct):
        raise BadPost("account.acct: holds blanks")
    return (acct if "@" in acct else f"{acct}@{server}").lower()


def _hashtags(tags: Any) -> tuple[str, ...]:
    found = (words(tag, "name") for tag in tags) if isinstance(tags, list) else ()
    return tuple(name for name in found if name)
