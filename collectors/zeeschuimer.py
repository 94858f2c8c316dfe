"""Zeeschuimer captures (NDJSON): what a person's browser was shown on TikTok and X.

Each line wraps the platform's own item in `data`. `source_url` holds device tokens and is never read.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from collectors.records import count, from_epoch, optional_text, required_text
from models.post import BadPost, Post, Reading

_X_TIME = "%a %b %d %H:%M:%S %z %Y"


class NotAPost(Exception):
    """A record that is well formed but no post of its own: an advertisement, a repost, a person."""


def is_capture(row: Mapping[str, Any]) -> bool:
    """Whether the first object of a file looks like a Zeeschuimer line."""
    return "source_platform" in row and "data" in row and "timestamp_collected" in row


def post_from_capture(row: Mapping[str, Any]) -> Post:
    """The post of one captured line.

    Raises NotAPost for what is no post, BadPost naming the field for what cannot be read, and BadPost for a
    platform that is not known here.
    """
    platform = required_text(row, "source_platform").lower()
    read = _READERS.get(platform)
    if read is None:
        raise BadPost(f"source_platform: captures of {platform!r} are not read; only {', '.join(_READERS)}")
    observed_at = from_epoch(row.get("timestamp_collected"), "timestamp_collected", per_second=1000)
    return read(_mapping(row, "data"), observed_at)


def _tiktok(item: Mapping[str, Any], observed_at: datetime) -> Post:
    if item.get("isAd"):
        raise NotAPost
    video = required_text(item, "id")
    # statsV2 is exact where stats is rounded (38,884 against 38,900); both where the newer one lacks a field.
    stats = {**_maybe_mapping(item, "stats"), **_maybe_mapping(item, "statsV2")}
    author = item.get("author")
    name = optional_text(author, "uniqueId") if isinstance(author, dict) else optional_text(item, "author")
    return Post(
        platform="tiktok",
        id=video,
        published_at=from_epoch(item.get("createTime"), "createTime"),
        text=optional_text(item, "desc"),
        url=f"https://www.tiktok.com/@/video/{video}",
        author=name.lower() if name else None,
        hashtags=_tiktok_hashtags(item),
        language=_language(optional_text(item, "textLanguage")),
        sound=optional_text(_maybe_mapping(item, "music"), "id"),
        reading=Reading(
            observed_at,
            views=count(stats, "playCount"),
            likes=count(stats, "diggCount"),
            comments=count(stats, "commentCount"),
            shares=count(stats, "shareCount"),
        ),
    )


def _tiktok_hashtags(item: Mapping[str, Any]) -> tuple[str, ...]:
    named = [*_rows(item, "challenges", "title"), *_rows(item, "textExtra", "hashtagName")]
    return tuple({name.casefold(): name for name in named if name}.values())


def _x(item: Mapping[str, Any], observed_at: datetime) -> Post:
    tweet = _maybe_mapping(item, "tweet") or item  # TweetWithVisibilityResults wraps the post once more
    legacy = _mapping(tweet, "legacy")
    if "retweeted_status_result" in legacy or item.get("promotedMetadata") or item.get("promoted_metadata"):
        raise NotAPost
    identifier = optional_text(legacy, "id_str") or required_text(tweet, "rest_id")
    long_text = _nested(tweet, "note_tweet", "note_tweet_results", "result")
    return Post(
        platform="x",
        id=identifier,
        published_at=_x_time(legacy),
        text=html.unescape(optional_text(long_text, "text") or optional_text(legacy, "full_text") or "") or None,
        url=f"https://x.com/i/status/{identifier}",
        author=_x_author(tweet, legacy),
        hashtags=tuple(_rows(_maybe_mapping(legacy, "entities"), "hashtags", "text")),
        language=_language(optional_text(legacy, "lang")),
        reading=Reading(
            observed_at,
            views=count(_maybe_mapping(tweet, "views"), "count"),
            likes=count(legacy, "favorite_count"),
            comments=count(legacy, "reply_count"),
            shares=_shares(legacy),
        ),
    )


def _x_author(tweet: Mapping[str, Any], legacy: Mapping[str, Any]) -> str | None:
    user = _nested(tweet, "core", "user_results", "result")
    number = optional_text(user, "rest_id") or optional_text(legacy, "user_id_str")
    if number:
        return number
    name = optional_text(_maybe_mapping(user, "core") or _maybe_mapping(user, "legacy"), "screen_name")
    return name.lower() if name else None


def _x_time(legacy: Mapping[str, Any]) -> datetime:
    text = required_text(legacy, "created_at")
    try:
        return datetime.strptime(text, _X_TIME).astimezone(UTC)
    except ValueError:
        raise BadPost(f"created_at: {text[:40]!r} is not a time") from None


def _shares(legacy: Mapping[str, Any]) -> int | None:
    passed_on = [count(legacy, "retweet_count"), count(legacy, "quote_count")]
    stated = [number for number in passed_on if number is not None]
    return sum(stated) if stated else None


def _language(code: str | None) -> str | None:
    """X says 'und' or a 'q'-code where it cannot tell, TikTok 'un'."""
    if code is None or code in ("un", "und", "zxx") or (code.startswith("q") and len(code) == 3):
        return None
    return code.split("-")[0].lower()


def _mapping(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = row.get(name)
    if not isinstance(value, dict):
        raise BadPost(f"{name}: is missing")
    return value


def _maybe_mapping(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def _nested(row: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    for name in names:
        row = _maybe_mapping(row, name)
    return row


def _rows(row: Mapping[str, Any], name: str, field: str) -> list[str]:
    found = row.get(name)
    rows = found if isinstance(found, list) else []
    return [text for each in rows if isinstance(each, dict) and isinstance(text := each.get(field), str) and text]


_READERS: Mapping[str, Callable[[Mapping[str, Any], datetime], Post]] = {
    "tiktok.com": _tiktok,
    "x.com": _x,
    "twitter.com": _x,
}
