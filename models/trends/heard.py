"""What became known in one hour, in the form the scoring engine hears it: numbers in, no database, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

TAG_WEIGHTS = {"cover": 1.0, "edit": 0.9, "challenge": 1.0, "reaction": 0.8, "other": 0.6}
"""How much a person counts by what they do with the song: a prior, the same in window and level, so it moves the
emphasis between songs and not the scale. In the order of models.post.TAGS."""


class Mention(NamedTuple):
    """One post naming one song. `post` and `author` are 64-bit numbers (see `number`); `at` is the time of
    publication in epoch seconds; `tag` is the place in models.post.TAGS; `new` says that the author had not named
    this song before."""

    post: int
    song: str
    author: int
    platform: str
    tag: int
    weight: float
    at: int
    new: bool


class Count(NamedTuple):
    """The counters of a post as read at `at` (epoch seconds); None is not stated. `reactions` = likes + comments."""

    post: int
    at: int
    views: int | None
    reactions: int | None


class Line(NamedTuple):
    """What share of a platform's planned collection succeeded in the hour numbered `hour` (epoch hours)."""

    platform: str
    hour: int
    fraction: float


@dataclass(frozen=True, slots=True)
class Heard:
    """Everything that became known within one hour. `alive` holds (platform, epoch hour) of every post
    and run, `read` the songs of which any post was read again, however old."""

    mentions: Sequence[Mention] = ()
    counts: Sequence[Count] = ()
    lines: Sequence[Line] = ()
    alive: Sequence[tuple[str, int]] = ()
    read: Sequence[str] = ()


NOTHING = Heard()


def number(text: str) -> int:
    """A 64-bit number standing for `text`, the same on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
