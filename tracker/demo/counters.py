"""What the sites' counters show of an invented post, and at which moments it is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.post import Reading
from tracker.demo.chance import Chance
from tracker.demo.story import END, GAPS


@dataclass(frozen=True)
class Site:
    """A platform's usual counts.

    `views` is the median of a grown post, `views_stated` how often the site says it; the rates are shares of
    views (None: the site never states that count). `live` is the share of posts found within the hour; the
    rest come hours or days late, as hand captures do.
    """

    views: float
    views_stated: float
    likes: float | None
    comments: float | None
    shares: float | None
    live: float


SITES = {
    "youtube": Site(1400, 1.0, 0.045, 0.006, None, 0.96),
    "tiktok": Site(2600, 1.0, 0.09, 0.004, 0.007, 0.72),
    "instagram": Site(1500, 0.6, 0.07, 0.005, None, 0.70),
    "x": Site(420, 0.7, 0.03, 0.003, 0.006, 0.93),
    "reddit": Site(600, 0.0, 0.05, 0.02, None, 0.97),
    "mastodon": Site(90, 0.0, 0.06, 0.015, 0.03, 0.97),
    "bluesky": Site(110, 0.0, 0.07, 0.015, 0.02, 0.96),
    "naver": Site(260, 0.0, 0.04, 0.02, None, 0.94),
}

_GROWTH_HOURS = 9.0
_GROWTH_POWER = 0.85


def readings(platform: str, published: datetime, heat: float, chance: Chance) -> Iterator[Reading]:
    """The readings of one post up to the end of the archive, oldest first; none where it is never found."""
    site = SITES[platform]
    grown = site.views * heat * chance.factor(1.3)
    stated = chance.happens(site.views_stated)
    rates = [rate and rate * chance.factor(0.4) for rate in (site.likes, site.comments, site.shares)]
    for moment in _looks(platform, published, site, chance):
        seen = grown * (1 - (1 + (moment - published) / timedelta(hours=_GROWTH_HOURS)) ** -_GROWTH_POWER)
        likes, comments, shares = (None if rate is None else int(seen * rate) for rate in rates)
        yield Reading(moment, int(seen) if stated else None, likes, comments, shares)


def _looks(platform: str, published: datetime, site: Site, chance: Chance) -> Iterator[datetime]:
    first = published + timedelta(seconds=_first_delay(site, chance))
    second = first + timedelta(hours=chance.between(5, 40))
    third = second + timedelta(hours=chance.between(48, 200))
    moments = [first]
    if chance.happens(0.6):
        moments.append(second)
        if chance.happens(0.4):
            moments.append(third)
    # Whatever could not be looked at during an outage is looked at after it, and only once.
    awaited = sorted({_after_outage(platform, moment, chance) for moment in moments})
    for moment in awaited:
        if moment < END:
            yield moment.replace(microsecond=0)


def _first_delay(site: Site, chance: Chance) -> float:
    if chance.happens(site.live):
        return chance.between(60, 3600)
    return chance.between(3600, 86_400) if chance.happens(0.7) else chance.between(86_400, 3 * 86_400)


def _after_outage(platform: str, moment: datetime, chance: Chance) -> datetime:
    for gap in GAPS:
        if gap.platform == platform and gap.fraction == 0 and gap.start <= moment < gap.end:
            return gap.end + timedelta(seconds=chance.between(600, 7200))
    return moment


def collected(platform: str, published: datetime, chance: Chance) -> bool:
    """Whether collection would ever have found a post of that hour: only a share of those within a gap."""
    for gap in GAPS:
        if gap.platform == platform and gap.start <= published < gap.end:
            return chance.happens(gap.fraction)
    return True
