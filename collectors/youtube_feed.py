"""YouTube without a key: the Atom feeds of channels and playlists, the 15 newest videos of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol
from xml.etree.ElementTree import Element

from collectors.answer import Answer
from collectors.atom import attribute, entries, inside
from collectors.base import Query, SourceFacts, SourceSettings, read_posts
from collectors.fields import hashtags, tally, utc
from collectors.http import Client
from models.post import BadPost, Post, Reading

_VIDEO = re.compile(r"[\w-]{11}", re.ASCII)
_CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)

FACTS = SourceFacts(
    name="youtube_feed",
    platform="youtube",
    needs_key=False,
    key_variables=(),
    limits="the 15 newest videos of a channel or playlist, no paging; not documented, so asked slowly",
    # The API's rule for its statistics; the feed has none of its own, and shows the same figures.
    retention_days=30,
    mixable=False,
    deletion="a deleted video is missing from the feed, and from oEmbed",
    cannot_tell="videos of channels not listed, comments, shares, sounds, and whether a video is a Short",
)


class Settings(SourceSettings, Protocol):
    """The [collect.youtube_feed] section."""

    @property
    def channels(self) -> tuple[str, ...]: ...
    @property
    def playlists(self) -> tuple[str, ...]: ...


class YouTubeFeed:
    """Reads one feed per channel and playlist; every feed is its own whole answer."""

    facts = FACTS

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings = settings
        self._client = client

    def queries(self) -> list[Query]:
        """Every channel, then every playlist, by id."""
        return [Query("youtube.com", each) for each in (*self._settings.channels, *self._settings.playlists)]

    def collect(self, query: Query, *, since: datetime | None) -> Iterator[Post]:
        """The feed's videos; older than `since` too, because the feed brings them new counts for nothing."""
        kind = "channel_id" if _CHANNEL.fullmatch(query.words) else "playlist_id"
        answer = self._client.get(
            "https://www.youtube.com/feeds/videos.xml",
            {kind: query.words},
            base_url=self._settings.base_url,
            pace=self._settings.seconds_between_requests,
            place=f"youtube.com {query.words}",
        )
        yield from posts_of_feed(answer)


def posts_of_feed(answer: Answer) -> list[Post]:
    """The videos of one feed, with the counts it states. Raises Changed, or Unavailable for an empty body."""
    return read_posts(
        entries(answer), lambda entry: post_from_entry(entry, answer.at), now=answer.at, where=answer.place
    )


def post_from_entry(entry: Element, observed_at: datetime) -> Post:
    """One video; BadPost naming the element that is missing."""
    video = inside(entry, "yt:videoId") or ""
    if not _VIDEO.fullmatch(video):
        raise BadPost(f"yt:videoId: {video[:40]!r} is not the id of a video")
    published = inside(entry, "atom:published")
    if published is None:
        raise BadPost("published: is missing")
    title = inside(entry, "atom:title") or inside(entry, "media:group/media:title")
    text = inside(entry, "media:group/media:description")
    community = "media:group/media:community/media:"
    return Post(
        platform="youtube",
        id=video,
        published_at=utc(published, "published"),
        title=title,
        text=text,
        url=f"https://www.youtube.com/watch?v={video}",
        author=_channel(entry),
        hashtags=hashtags(title, text),
        reading=Reading(
            observed_at=observed_at,
            views=tally(attribute(entry, f"{community}statistics", "views")),
            # The number of "ratings" is the number of likes, now that there is no other rating.
            likes=tally(attribute(entry, f"{community}starRating", "count")),
        ),
    )


def _channel(entry: Element) -> str | None:
    """The channel's id; some feeds leave its first two letters out, but not in the author's address."""
    stated = inside(entry, "yt:channelId") or ""
    address = inside(entry, "atom:author/atom:uri") or ""
    for found in (stated, f"UC{stated}", address.rpartition("/channel/")[2]):
        if _CHANNEL.fullmatch(found):
            return found
    return None
