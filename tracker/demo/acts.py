"""What can happen in the demo: everyday posts of a song, waves, chatter, gaps in collection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Shares = Mapping[str, float]
"""Relative weights; they need not add up to 1."""


@dataclass(frozen=True)
class Steady:
    """A song with its everyday posts: `per_day` on average from `since` on, for its audience."""

    song: str
    per_day: float
    audience: str
    since: datetime


@dataclass(frozen=True)
class Wave:
    """Posts that come because something happened.

    `shape` is the rate over time: (hours after `start`, relative height), straight lines between. `sleepless` is
    how much of it ignores night and day (0 to 1). `heat` multiplies views. `wording` names the [wave] sentences.
    `accounts` limits the authors; 0 means as many as there are.
    """

    song: str
    wording: str
    start: datetime
    posts: int
    shape: tuple[tuple[float, float], ...]
    audience: str
    tags: Shares
    heat: float = 1.0
    sleepless: float = 0.3
    accounts: int = 0
    platforms: Shares = field(default_factory=dict)


@dataclass(frozen=True)
class Chatter:
    """Posts that name no song: `topic` is "anything", "rain" (소나기 the weather) or the id of one drama."""

    topic: str
    start: datetime
    end: datetime
    posts: int
    audience: str


@dataclass(frozen=True)
class Gap:
    """Hours in which a source's collection succeeded only to `fraction`."""

    platform: str
    start: datetime
    end: datetime
    fraction: float


@dataclass(frozen=True)
class Note:
    """One thing that should be recognisable: what it is, its song (or source), its Korean day, and in words."""

    what: str
    subject: str
    day: str
    sentence: str
