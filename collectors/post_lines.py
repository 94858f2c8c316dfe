"""Post lines and coverage lines: the JSON Lines that people and scripts write for ostpulse itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collectors.records import count, optional_text, required_text
from models.korean_time import HOUR, hour_of, moment
from models.post import TAGS, BadPost, Post, Reading


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """What share (0 to 1) of an hour's planned collection succeeded, and when that was noted."""

    platform: str
    hour: datetime
    fraction: float
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Label:
    """What a person said of a post: its tag (None: not said), its songs (None: not said), further songs not wrong."""

    tag: str | None
    songs: frozenset[str] | None
    acceptable: frozenset[str] = frozenset()


def is_post_line(row: Mapping[str, Any]) -> bool:
    """Whether the first object of a file looks like a post line."""
    return "platform" in row and "id" in row


def post_from_line(row: Mapping[str, Any]) -> Post:
    """The post of one line of the contract; raises BadPost naming the field."""
    title, text = optional_text(row, "title"), optional_text(row, "text")
    if title is None and text is None:
        raise BadPost("title: a post needs a title or a text")
    hashtags = row.get("hashtags") or []
    if not isinstance(hashtags, list) or not all(isinstance(tag, str) for tag in hashtags):
        raise BadPost("hashtags: expected a list of texts")
    return Post(
        platform=required_text(row, "platform").strip().lower(),
        id=required_text(row, "id").strip(),
        published_at=_moment(row, "published_at"),
        title=title,
        text=text,
        url=_web_address(row),
        author=optional_text(row, "author"),
        hashtags=tuple(hashtags),
        language=optional_text(row, "language"),
        sound=optional_text(row, "sound"),
        reading=Reading(
            observed_at=_moment(row, "observed_at") if row.get("observed_at") is not None else None,
            views=count(row, "views"),
            likes=count(row, "likes"),
            comments=count(row, "comments"),
            shares=count(row, "shares"),
        ),
    )


def label_from_line(row: Mapping[str, Any]) -> Label:
    """The labels of a labelled post line; raises BadPost for a tag that does not exist or songs that are no list."""
    tag = optional_text(row, "tag")
    if tag is not None and tag not in TAGS:
        raise BadPost(f"tag: {tag!r} is none of {', '.join(TAGS)}")
    return Label(tag, _song_ids(row, "songs"), _song_ids(row, "acceptable") or frozenset())


def coverage_from_line(row: Mapping[str, Any]) -> CoverageLine:
    """One coverage line of the contract; `noted_at` defaults to the hour's own end. Raises BadPost."""
    hour = hour_of(_moment(row, "hour"))
    fraction = row.get("fraction")
    if isinstance(fraction, bool) or not isinstance(fraction, int | float) or not 0 <= fraction <= 1:
        raise BadPost(f"fraction: expected a number from 0 to 1, got {str(fraction)[:40]!r}")
    noted_at = _moment(row, "noted_at") if row.get("noted_at") is not None else hour + HOUR
    return CoverageLine(required_text(row, "platform").strip().lower(), hour, float(fraction), noted_at)


def _moment(row: Mapping[str, Any], name: str) -> datetime:
    text = required_text(row, name)
    try:
        return moment(text)
    except (ValueError, OverflowError):
        raise BadPost(f"{name}: {text[:40]!r} is not a time such as 2026-11-20T10:00:00Z") from None


def _web_address(row: Mapping[str, Any]) -> str | None:
    address = optional_text(row, "url")
    return address if address and address.startswith(("http://", "https://")) else None


def _song_ids(row: Mapping[str, Any], name: str) -> frozenset[str] | None:
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(song, str) for song in value):
        raise BadPost(f"{name}: expected a list of song ids")
    return frozenset(value)
