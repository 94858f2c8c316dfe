"""Atom feeds, read without following anything they point to."""

from __future__ import annotations

from typing import NoReturn
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from collectors.answer import Answer
from collectors.base import Changed

LARGEST_FEED = 3_000_000
"""Bytes; real feeds have 20 to 300 kB, and a tree takes some twenty times its text."""

NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "media": "http://search.yahoo.com/mrss/",
    "yt": "http://www.youtube.com/xml/schemas/2015",
}


def entries(answer: Answer) -> list[Element]:
    """The entries of an Atom feed, maybe none. Changed for anything else, Unavailable for an empty body."""
    answer.require_body()
    if len(answer.body) > LARGEST_FEED:
        _changed(answer, "a feed of more than 3 MB")
    try:
        # No document type at all: entities are how a small feed becomes a large one, or reads a file.
        feed = fromstring(answer.body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        _changed(answer, "an HTML page instead of a feed" if answer.is_html() else "no XML, or XML that is cut off")
    if feed.tag != f"{{{NAMES['atom']}}}feed":
        _changed(answer, f"<{feed.tag.rpartition('}')[2][:40]}> instead of an Atom feed")
    return list(feed.iterfind("atom:entry", NAMES))


def _changed(answer: Answer, what: str) -> NoReturn:
    raise Changed(f"{answer.place}: {answer.url} answered with {what}")


def inside(entry: Element, path: str) -> str | None:
    """The text of the first element at `path` ("atom:author/atom:name"), None where there is none."""
    found = (entry.findtext(path, namespaces=NAMES) or "").strip()
    return found or None


def attribute(entry: Element, path: str, name: str) -> str | None:
    """An attribute of the first element at `path`, None where there is none."""
    element = entry.find(path, NAMES)
    return None if element is None else element.get(name)
