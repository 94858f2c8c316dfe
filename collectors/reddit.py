"""Reddit through PRAW, for those who hold a key: posts and comments with their scores."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol
from urllib.parse import quote

from collectors.answer import in_words
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
from collectors.fields import dig, needed, tally, words
from collectors.http import Client
from collectors.polite_praw import open_praw
from collectors.reddit_feed import SEARCH, post_address
from models.korean_time import iso
from models.post import BadPost, Post, Reading

PAGE = 100
GONE = frozenset({"[deleted]", "[removed]", "[deleted by user]"})
"""What Reddit puts in the place of words that were taken down."""

FACTS = SourceFacts(
    name="reddit",
    platform="reddit",
    needs_key=True,
    key_variables=("REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET"),
    limits="100 requests a minute per key; a listing ends after about 1,000 posts",
    retention_days=None,
    mixable=True,
    deletion="a deleted post loses its words and author; content deleted on Reddit must be deleted here too",
    cannot_tell="views and shares; scores are blurred by Reddit",
)


class Settings(SourceSettings, Protocol):
    """The [collect.reddit] section."""

    @property
    def subreddits(self) -> tuple[str, ...]: ...
    @property
    def searches(self) -> tuple[str, ...]: ...
    @property
    def max_posts(self) -> int: ...


class Reddit:
    """Reads the newest posts and comments of subreddits, and searches, never logged in as somebody."""

    facts = FACTS

    def __init__(
        self,
        settings: Settings,
        client: Client,
        *,
        clock: Callable[[], datetime],
        keys: Mapping[str, str],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._praw = open_praw(
            client,
            client_id=keys["REDDIT_CLIENT_ID"],
            client_secret=keys["REDDIT_CLIENT_SECRET"],
            base_url=settings.base_url,
            pace=settings.seconds_between_requests,
            clock=clock,
        )

    def queries(self) -> list[Query]:
        """The newest posts and comments of every subreddit, then every search over all of Reddit."""
        names = [f"r/{name.removeprefix('r/')}" for name in self._settings.subreddits]
        listings = [Query(name, listing) for name in names for listing in ("new", "comments")]
        return listings + [Query(SEARCH, phrase) for phrase in self._settings.searches]

    def collect(self, query: Query, *, since: datetime | None) -> Iterator[Post]:
        """The posts of one listing or search, newest first; see base.Collector."""
        where = f"{query.place} {query.words}"
        left, after = self._settings.max_posts, ""
        while left > 0:
            answer = self._ask(query, where, limit=min(PAGE, left), after=after)
            now = self._clock()
            records = records_of_listing(answer, where)
            posts = read_posts(records, partial(post_from_record, observed_at=now), now=now, where=where)
            yield from posts
            before, after = after, words(answer, "data", "after") or ""
            if not records or after in ("", before):
                return
            if since is not None and posts and all(post.published_at < since for post in posts):
                return
            left -= len(records)
        if since is not None:
            raise CutShort(f"{where}: more posts since {iso(since)} than the {self._settings.max_posts} of a round")

    def _ask(self, query: Query, where: str, *, limit: int, after: str) -> Any:
        """One page as plain JSON: PRAW's objects lose a page to one odd record, and fetch what they lack unasked."""
        from praw.exceptions import PRAWException
        from prawcore.exceptions import PrawcoreException

        params: dict[str, str | int] = {"limit": limit, **({"after": after} if after else {})}
        if query.place == SEARCH:
            path = "r/all/search/"
            params |= {"q": query.words, "sort": "new", "t": "all", "restrict_sr": "False"}
        else:
            path = f"{quote(query.place, safe='/+')}/{'comments/' if query.words == 'comments' else 'new'}"
        try:
            return self._praw.request(method="GET", path=path, params=params)
        except (PrawcoreException, PRAWException) as error:
            raise _error(error, where) from None
        except (LookupError, TypeError, AttributeError, ValueError, AssertionError, RecursionError):
            # prawcore takes headers and bodies apart without looking; this is what it stumbles with.
            raise Changed(f"{where}: PRAW could not read the answer") from None


def records_of_listing(answer: Any, where: str) -> list[Any]:
    """The things of a listing, or of the several listings that some addresses answer with. Raises Changed."""
    listings = answer if isinstance(answer, list) else [answer]
    children = [dig(listing, "data", "children") for listing in listings]
    if not children or not all(isinstance(things, list) for things in children):
        raise Changed(f"{where}: the answer is no listing (data.children: is missing)")
    return [thing for things in children for thing in things]


def post_from_record(record: Any, observed_at: datetime) -> Post | None:
    """The post of a submission's or comment's record; None for what is neither, or was taken down."""
    kind, fields = words(record, "kind"), dig(record, "data")
    if kind in ("more", "t5"):
        return None
    if kind not in ("t1", "t3") or not isinstance(fields, Mapping):
        raise BadPost(f"kind: {str(kind)[:40]!r} is neither a submission nor a comment")
    is_comment = kind == "t1"
    title = None if is_comment else words(fields, "title")
    text = words(fields, "body" if is_comment else "selftext")
    if fields.get("removed_by_category") or text in GONE or title in GONE:
        return None
    fullname = needed(fields, "name")
    hidden = fields.get("score_hidden" if is_comment else "hide_score") is True
    return Post(
        platform="reddit",
        id=fullname,
        published_at=_created(fields.get("created_utc")),
        title=title,
        text=text,
        url=post_address(fullname, (words(fields, "link_id") or "").removeprefix("t3_")),
        author=_author(words(fields, "author")),
        reading=Reading(
            observed_at=observed_at,
            # While it is hidden, the score is a placeholder; below 0 it is no number of likes.
            likes=None if hidden else tally(fields.get("score")),
            comments=None if is_comment else tally(fields.get("num_comments")),
        ),
    )


def _created(value: Any) -> datetime:
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise BadPost(f"created_utc: {str(value)[:40]!r} is not a time") from None


def _author(name: str | None) -> str | None:
    return None if name is None or name in GONE else name.lower()


def _error(error: Exception, where: str) -> CollectorError:
    from prawcore import exceptions as core

    if isinstance(error, core.RequestException) and isinstance(error.original_exception, CollectorError):
        return error.original_exception
    response = getattr(error, "response", None)
    status = "" if response is None else f", {in_words(response.status_code)}"
    for kinds, what, says in (
        (core.OAuthException, Refused, f"Reddit refuses the key ({getattr(error, 'error', '')})"),
        (
            (core.Forbidden, core.InsufficientScope),
            Refused,
            "private, quarantined, banned, or not for this key",
        ),
        ((core.InvalidToken, core.UnavailableForLegalReasons), Refused, "Reddit refuses"),
        (core.TooManyRequests, Unavailable, f"too many requests, asks to wait {_wait(error)}"),
        ((core.ServerError, core.RequestException), Unavailable, "Reddit is out of order"),
        (core.Redirect, Changed, "redirects elsewhere; there may be no such subreddit"),
        (core.NotFound, Changed, "not found"),
        (core.BadJSON, Changed, "answered with no JSON, or JSON that is cut off"),
    ):
        if isinstance(error, kinds):
            return what(f"{where}: {says}{status}")
    if response is not None and response.status_code in (400, 401, 403) and "access_token" in response.url:
        return Refused(f"{where}: Reddit refuses the key{status}")
    return Changed(f"{where}: an answer that is not known{status}")


def _wait(error: Exception) -> str:
    seconds = getattr(error, "retry_after", None)
    return f"{float(seconds):.0f} s" if seconds else "for an unknown time"
