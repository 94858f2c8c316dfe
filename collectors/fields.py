"""Reading a post's fields out of a site's JSON or XML, wherever they lie and whatever lies there instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from collectors.records import LARGEST_COUNT
from models.post import BadPost

_HASHTAG = re.compile(r"(?<![\w&/])[#＃](\w{1,100})")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}]+", re.IGNORECASE)


def dig(record: Any, *path: str) -> Any:
    """The value at `path`, None where any step of it is missing."""
    for step in path:
        if not isinstance(record, Mapping):
            return None
        record = record.get(step)
    return record


def words(record: Any, *path: str) -> str | None:
    """The text at `path`; None where there is none, or only blanks."""
    value = dig(record, *path)
    return value if isinstance(value, str) and value.strip() else None


def needed(record: Any, *path: str) -> str:
    """The text at `path`, without blanks around it; BadPost where there is none."""
    value = words(record, *path)
    if value is None:
        raise BadPost(f"{'.'.join(path)}: is missing")
    return value.strip()


def tally(value: Any) -> int | None:
    """A count as the site states it, digits in a text included.

    Anything else is *not stated*: below 0 (a score can be), too large for any counter, a fraction, true.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= LARGEST_COUNT else None


def utc(text: str, name: str) -> datetime:
    """An ISO 8601 time; one without a zone is UTC. BadPost names the field."""
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadPost(f"{name}: {text[:40]!r} is not a time") from None


def web_address(text: str | None) -> str | None:
    """`text` if it is an http(s) address of at most 2,000 characters."""
    found = (text or "").strip()
    return found if len(found) <= 2000 and _WEB_ADDRESS.fullmatch(found) else None


def hashtags(*texts: str | None) -> tuple[str, ...]:
    """The hashtags written in `texts`, without '#', in order, each once."""
    return tuple(dict.fromkeys(tag for text in texts for tag in _HASHTAG.findall((text or "")[:20_000])))
