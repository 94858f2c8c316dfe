"""Foreign text made harmless before it is shown: no controls, no stacked marks, http(s) links only."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

_JOINERS = "\u200c\u200d"
"""Zero-width (non-)joiners stay: Persian and Hindi spelling and many emoji need them."""

MOST_MARKS = 4
"""Combining marks kept on one letter: Thai, Arabic and Vietnamese need at most three."""


def plain(text: str | None, longest: int = 120) -> str:
    """`text` on one line without control or format characters, cut at `longest` with an ellipsis."""
    kept: list[str] = []
    marks = 0
    for character in " ".join((text or "").split()):
        kind = unicodedata.category(character)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if (kind[0] != "C" or character in _JOINERS) and marks <= MOST_MARKS:
            kept.append(character)
    return _cut(" ".join("".join(kept).split()), longest)


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    end = longest - 1
    while end and (unicodedata.combining(text[end]) or text[end] in _JOINERS):
        end -= 1
    return text[:end].rstrip() + "…"


def safe_link(url: str | None) -> str | None:
    """`url` percent-encoded, or None unless it is a plain http(s) address of a named host."""
    try:
        parts = urlsplit(url or "")
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or not re.fullmatch(r"[a-z0-9.-]+", host):
        return None
    rest = parts._replace(scheme="", netloc="").geturl()
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{quote(rest, safe='/?#&=%+,;:@~!$*-._')}"


class Markdown(str):
    """Text that is Markdown already; everything else is escaped on its way into the file."""

    __slots__ = ()


def markdown(value: object) -> str:
    """`value` with every character that Markdown or HTML could read as a sign escaped."""
    if isinstance(value, Markdown):
        return value
    return re.sub(r"([\\`*_{}\[\]<>#|~!&$@])", r"\\\1", str(value))


def cell(value: object) -> object:
    """A value for a CSV table: text that a spreadsheet would read as a formula gets an apostrophe."""
    if isinstance(value, str) and value[:1] in tuple("=+-@＝＋－＠\t\r\0"):
        return "'" + value
    return value
