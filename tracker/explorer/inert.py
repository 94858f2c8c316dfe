"""Text and addresses that strangers wrote, made fit to stand on a page beside others."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from markupsafe import Markup

_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_UNSEEN = re.compile(f"[\0-\x08\x0b-\x1f\x7f-\x9f{_DIRECTION}\u200b\u2060\ufeff\ufff9-\ufffb]")
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACKED = re.compile(f"({_MARKS}{{3}}){_MARKS}+")


def plain(text: str, longest: int) -> str:
    """`text` cut to `longest` characters, without characters that turn, hide or pile up what stands near them."""
    looked_at = max(4 * longest, 4096)
    seen = _STACKED.sub(r"\1", _UNSEEN.sub("", text[:looked_at]))
    return seen if len(seen) <= longest and len(text) <= looked_at else seen[: longest - 1].rstrip() + "…"


def is_troublesome(text: str) -> bool:
    """Whether `text` holds characters that `plain` would take out."""
    return bool(_UNSEEN.search(text) or _STACKED.search(text))


def isolated(text: str, longest: int = 2048) -> Markup:
    """`text` made plain, escaped, and unable to turn its neighbours around (<bdi>)."""
    return Markup("<bdi>{}</bdi>").format(plain(text, longest))


def web_address(url: object) -> str | None:
    """`url` when it is one whole http or https address, else None."""
    if not isinstance(url, str) or re.search(r"[\s\\\"<>\x00-\x1f]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def link_away(url: object, words: str | None = None, longest: int = 60) -> Markup | None:
    """A link to a page that somebody else wrote, or None where `url` is no web address."""
    address = web_address(url)
    if address is None:
        return None
    shown = plain(words if words is not None else address, longest)
    return Markup('<a href="{}" rel="noopener nofollow ugc"><bdi>{}</bdi></a>').format(address, shown)
