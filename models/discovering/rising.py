"""How much a run of words rose against its own past, with small numbers held back.

The shrunken observed-to-expected ratio of Norén, Hopstadius and Bate (2013), "Shrinkage observed-to-expected ratios for
robust and transparent large-scale pattern discovery": log2((O + 1/2) / (E + 1/2)), ranked by the lower end of its 95 %
credible interval, for which they give the approximation used here.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from models.discovering.crowd import people

BASELINE_DAYS = 90
SHRINKAGE = 0.5


@dataclass(frozen=True, slots=True)
class Rise:
    """`people`: about how many in the window; `ratio`: times its usual, shrunk; `sure_log2`: the lower end by which
    runs are ranked. `usual`: people expected in the window; None where no earlier day was watched.
    """

    people: float
    posts: int
    usual: float | None
    ratio: float | None
    sure_log2: float
    first_day: str


@dataclass(frozen=True, slots=True)
class DayCount:
    """What a run had on one day."""

    posts: int
    crowd: int

    @property
    def people(self) -> float:
        """About how many people: never more than posts."""
        return min(people(self.crowd), self.posts)


def window_start(until: date, days: int) -> date:
    """The first day of the window of `days` that ends with `until`."""
    return until - timedelta(days=days - 1)


def rise(counts: Mapping[str, DayCount], watched: Collection[str], *, until: date, days: int) -> Rise:
    """How the people of a run in the `days` up to `until` compare with the BASELINE_DAYS before these.

    `counts` by day label, of which one at least lies in the window; `watched`: the labels of the days on which anything
    was collected, so that a gap in collecting is no low usual.
    """
    start = window_start(until, days)
    first, last, floor = (day.isoformat() for day in (start, until, start - timedelta(days=BASELINE_DAYS)))
    recent = [one for day, one in counts.items() if first <= day <= last]
    earlier = [one for day, one in counts.items() if floor <= day < first]
    watched_before = sum(floor <= day < first for day in watched)
    watched_now = sum(first <= day <= last for day in watched)
    crowd = 0
    for one in recent:
        crowd |= one.crowd
    observed = sum(one.people for one in recent)
    usual = watched_now * sum(one.people for one in earlier) / watched_before if watched_before else None
    posts = sum(one.posts for one in recent)
    return Rise(
        people=min(people(crowd), posts),
        posts=posts,
        usual=usual,
        ratio=None if usual is None else (observed + SHRINKAGE) / (usual + SHRINKAGE),
        sure_log2=_lower_end(observed, usual or 0.0),
        first_day=min(counts),
    )


def _lower_end(observed: float, expected: float) -> float:
    """The 2.5 % point of log2 of the ratio, as approximated by Norén et al."""
    seen = observed + SHRINKAGE
    return math.log2(seen / (expected + SHRINKAGE)) - 3.3 / math.sqrt(seen) - 2 / (seen * math.sqrt(seen))
