"""Where a rise came from, judged two days after its alert: something happened, or people told each other.

Crane & Sornette (PNAS 2008, arXiv 0803.2189): attention struck from outside jumps within hours and decays from its
peak; attention that people pass on accelerates over days and stays. Three shares of the extra people tell the two
apart; a dated event shortly before tips what the shape leaves open.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BEFORE, AFTER = 96, 48
"""Hours looked at before and after the alert: six days, of which an endogenous rise needs the first four."""
DAY = 24
BEST_DAY, LAST_DAY, EARLY, START = 8.0, -8.0, -9.0, 3.0
"""Log odds of an event for each share, and to start from: a logistic regression on 487 alerts of seeds 1 to 3 of the
simulator (exogenous and release against endogenous and resurgence; 8.0, -7.8, -9.2, 3.0), rounded."""
SURE = 0.7
"""Between 0.3 and 0.7 the origin is unclear (guide, section 5)."""
EVENT_DAYS = 3
"""An alert comes a few hours after an onset, a day for a song with a post a week; a weekend lies in between."""
DATED_ODDS, AIR_DAY_ODDS = math.log(4), math.log(1.5)
"""A prior, not measured (the simulator has no dated events): an event of the last three days makes its origin four
times as likely; an episode, which a song on air has twice a week, half as likely again."""
AIR_DAY = "air day"
FEWEST = 4.0
"""With fewer extra people there is no curve to judge."""
LEAST_COVERED = 0.5
"""Below this the shape is that of the collection."""


class Sighting(NamedTuple):
    """A post as the curve counts it: who, when (epoch seconds) and how much."""

    who: str
    at: int
    weight: float


class Dated(NamedTuple):
    """A known event of the song, its drama or a singer; `date` is Korean, `kind` as in the catalogue or AIR_DAY."""

    date: str
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class Origin:
    """`kind` is 'event', 'word of mouth' or 'unclear'; `event` the nearest known one, whatever the kind.

    `figures` are `extra` (people beyond those expected), `best_day`, `last_day`, `early` (see `shape`) and `chance`
    (of an event); empty where nothing could be judged, and then `why` says so.
    """

    kind: str
    event: Dated | None = None
    figures: Mapping[str, float] = field(default_factory=dict)
    why: str = ""

    @property
    def text(self) -> str:
        """As stored: 'event: finale 2026-11-14 (Lovely Runner: last episode)', 'word of mouth', 'unclear'."""
        return f"event: {named(self.event)}" if self.kind == "event" else self.kind


def named(event: Dated | None) -> str:
    """'finale 2026-11-14 (Lovely Runner: last episode)', or that none is known."""
    if event is None:
        return "none known"
    note = f" ({' '.join(event.note.split())[:120]})" if event.note else ""
    return f"{event.kind.replace('_', ' ')} {event.date}{note}"


def people_by_hour(sightings: Iterable[Sighting], start: int) -> Array:
    """Weighted people in each of the BEFORE + AFTER hours from the epoch hour `start`, each once in 24 hours."""
    hours = np.zeros(BEFORE + AFTER)
    last: dict[str, int] = {}
    for who, at, weight in sorted(sightings, key=lambda one: (one.at, one.who, one.weight)):
        place = at // 3600 - start
        if 0 <= place < len(hours) and at - last.get(who, at - DAY * 3600) >= DAY * 3600:
            last[who] = at
            hours[place] += weight
    return hours


def shape(people: Array, expected: float) -> dict[str, float]:
    """What the curve of `people_by_hour` looks like where `expected` people an hour were due.

    `best_day`: the share of the extra people in the 24 hours that had most of them; `last_day`: what the last 24 hours
    had, as a share of that; `early`: the share that came before the alert. Each from 0 to 1.
    """
    extra = people - expected
    total = max(float(extra.sum()), 1.0)
    days = np.convolve(extra, np.ones(DAY), "valid")
    best = float(days.max())
    shares = {"best_day": best / total, "last_day": days[-1] / max(best, 1.0), "early": extra[:BEFORE].sum() / total}
    return {"extra": round(float(extra.sum()), 1)} | {
        name: round(min(max(float(share), 0.0), 1.0), 2) for name, share in shares.items()
    }


def judge(people: Array, expected: float, *, alert: date, events: Sequence[Dated], covered: float) -> Origin:
    """The origin of an alert raised on the Korean day `alert`.

    `people` is the curve around it, `expected` the people an hour that were due before it, `covered` the share of
    the song's exposure that was collected since, on average. `events` later than the alert are not looked at.
    """
    event = nearest(events, alert)
    if covered < LEAST_COVERED:
        return Origin("unclear", event, why="too little was collected")
    figures = shape(people, expected)
    if figures["extra"] < FEWEST:
        return Origin("unclear", event, why="fewer than four people more than expected")
    odds = START + BEST_DAY * figures["best_day"] + LAST_DAY * figures["last_day"] + EARLY * figures["early"]
    odds += event_odds(event)
    chance = round(1 / (1 + math.exp(-odds)), 2)
    kind = "event" if chance >= SURE else "word of mouth" if chance <= 1 - SURE else "unclear"
    return Origin(kind, event, figures | {"chance": chance})


def event_odds(event: Dated | None) -> float:
    """What a known event adds to the log odds."""
    if event is None:
        return 0.0
    return AIR_DAY_ODDS if event.kind == AIR_DAY else DATED_ODDS


def nearest(events: Iterable[Dated], alert: date) -> Dated | None:
    """The event nearest to the alert, at most EVENT_DAYS before; an air day only where there is nothing else."""
    ago = {event: (alert - date.fromisoformat(event.date)).days for event in events}
    close = [event for event, days in ago.items() if 0 <= days <= EVENT_DAYS]
    return min(close, key=lambda event: (event.kind == AIR_DAY, ago[event], event), default=None)
