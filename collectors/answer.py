"""What a site answered, what its status means, and how JSON is taken out of it without trusting it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal, NoReturn

from collectors.base import Changed, Unavailable, one_line

Meaning = Literal["good", "moved", "retry", "unavailable", "refused", "changed"]

_MEANINGS: dict[Meaning, frozenset[int]] = {
    "good": frozenset({200}),
    "moved": frozenset({301, 302, 303, 307, 308}),
    "retry": frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524}),
    "refused": frozenset({401, 402, 403, 407, 451}),
}


def meaning(status: int) -> Meaning:
    """What to do about a status: the one table. Another 5xx is the site's trouble, anything else a change."""
    for what, statuses in _MEANINGS.items():
        if status in statuses:
            return what
    return "unavailable" if 500 <= status <= 599 else "changed"


def in_words(status: int) -> str:
    """'404 (Not Found)'."""
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)


@dataclass(frozen=True)
class Answer:
    """A whole answer; `place` names the query in messages, `url` has no query, `at` is when it came."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    place: str
    at: datetime

    def json(self) -> Any:
        """The body as JSON. Changed for HTML, cut-off or absurd JSON, Unavailable for an empty body."""
        self.require_body()
        try:
            return json.loads(self.body.decode("utf-8-sig"), parse_constant=_no_constant)
        except RecursionError:
            reason = "JSON nested too deeply"
        except ValueError:
            reason = "an HTML page instead of JSON" if self.is_html() else "no JSON, or JSON that is cut off"
        raise Changed(f"{self.place}: {self.url} answered with {reason}")

    def object(self) -> dict[str, Any]:
        """The body as a JSON object; Changed for anything else."""
        found = self.json()
        if not isinstance(found, dict):
            raise Changed(f"{self.place}: {self.url} answered with a {type(found).__name__}, expected an object")
        return found

    def require_body(self) -> None:
        """Raises Unavailable for an empty body, which is never the same as "no posts"."""
        if not self.body.strip():
            raise Unavailable(f"{self.place}: the answer was empty")

    def is_html(self) -> bool:
        """Whether the body is a web page, such as a login or a block, rather than data."""
        start = self.body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or (
            b"<html" in start and not start.startswith(b"<?xml")
        )

    def complaint(self) -> str:
        """The site's own words for an error, in quotes after a space; empty where it gives none."""
        try:
            found = json.loads(self.body[:5000])
        except (ValueError, RecursionError):
            return ""
        words = (
            next((found[key] for key in ("message", "error") if found.get(key)), "") if isinstance(found, dict) else ""
        )
        return f' "{one_line(words, 100)}"' if isinstance(words, str) and words else ""


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
