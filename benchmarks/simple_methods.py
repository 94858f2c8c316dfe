"""Four simple detectors that anybody might write first, to hold the engine against.

Each turns songs x hours of people or posts into songs x hours of a score; a score at or above its threshold is a flag,
and a flag is an alert unless the song had one less than 24 hours before. They look at the past alone, know nothing of
coverage, and rank weeks by the mean score of the week's hours.

Thresholds: the grid point of the best mean F1 over seeds 1 and 2, the same rule for all (`--tune` of benchmarks.trend
prints them).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.archive import Archive

Array = NDArray[np.float64]
DAY, FRESH, APART = 24, 6, 24


@dataclass(frozen=True)
class Counts:
    """Songs x hours: what counts while it is younger than six hours, and what it counts for from then on."""

    fresh: Array
    settled: Array

    def last(self, hours: int) -> Array:
        """Sum over the last `hours` hours as known then."""
        young = min(FRESH, hours)
        return trailing(self.fresh, young) + trailing(self.settled, hours) - trailing(self.settled, young)

    def days_before(self, days: int) -> Array:
        """Days x songs x hours: totals of the days before the last 24 hours, ending at the same time of day."""
        daily = trailing(self.settled, DAY)
        return np.stack([later(daily, DAY * (ago + 1)) for ago in range(days)])


def posts(archive: Archive) -> Counts:
    """Every post counts one."""
    counted = _cells(archive, np.ones(len(archive.hour)))
    return Counts(counted, counted)


def people(archive: Archive) -> Counts:
    """Each author once in 24 hours a song, from then on as far as the post was seen: ln(1+views) against the lower
    quartile of its platform (of the whole archive), from 0.1 to 1."""
    columns = archive.posts
    order = np.lexsort((columns["at"], columns["author"], columns["song"]))
    once = np.zeros(len(order), bool)
    last: tuple[int, int, int] | None = None
    rows = zip(*(columns[name][order].tolist() for name in ("song", "author", "at")), strict=True)
    for place, (song, author, at) in zip(order.tolist(), rows, strict=True):
        if last is None or last[:2] != (song, author) or at - last[2] >= 86400:
            once[place], last = True, (song, author, at)
    views = np.log1p(columns["views"])
    quartile = np.array(
        [
            np.quantile(views[columns["platform"] == p], 0.25) if (columns["platform"] == p).any() else 1.0
            for p in range(len(archive.platforms))
        ]
    )
    seen = np.clip(views / np.maximum(quartile[columns["platform"]], 1e-9), 0.1, 1.0)
    return Counts(_cells(archive, once.astype(float)), _cells(archive, once * seen))


def growth_ratio(counts: Counts) -> Array:
    """Today over the mean day of the seven before, one added to both."""
    return (counts.last(DAY) + 1) / (later(trailing(counts.settled, 7 * DAY), DAY) / 7 + 1)


def z_score(counts: Counts) -> Array:
    """Standard deviations of today above the 28 days before, a deviation at least that of a Poisson count of one."""
    before = counts.days_before(28)
    return (counts.last(DAY) - before.mean(axis=0)) / np.maximum(before.std(axis=0), 1.0)


def farrington(counts: Counts) -> Array:
    """Farrington's 2/3-power residual on 28 days: past outbreaks down-weighted beyond 2.58, quasi-Poisson dispersion,
    nothing below five in four days (after R surveillance's farringtonFlexible)."""
    before = counts.days_before(28)
    usual, spread = _quasi_poisson(before, np.ones_like(before))
    residual = 1.5 * (before ** (2 / 3) - usual ** (2 / 3)) / (usual ** (1 / 6) * np.sqrt(spread))
    weights = np.where(residual > 2.58, np.maximum(residual, 1e-9) ** -2.0, 1.0)
    usual, spread = _quasi_poisson(before, weights)
    today = counts.last(DAY)
    score = 1.5 * (today ** (2 / 3) - usual ** (2 / 3)) / (usual ** (1 / 6) * np.sqrt(spread * (1 + 1 / 28)))
    return np.where(counts.last(4 * DAY) >= 5, score, 0.0)


def ewma_edge(counts: Counts) -> Array:
    """Six hours against their exponential mean (half-life 3 d) and deviation (7 d) six hours ago; kept only where it
    beats everything of the last 24 hours."""
    six = counts.last(FRESH)
    mean = later(_faded(six, 72), FRESH)
    deviation = np.sqrt(np.maximum(later(_faded(six**2, 168), FRESH) - later(_faded(six, 168), FRESH) ** 2, 0))
    score = (six - mean) / (deviation + 1.0)
    before = np.max([later(score, ago) for ago in range(1, 25)], axis=0)
    return np.where(score > before, score, 0.0)


METHODS: dict[str, tuple[Callable[[Counts], Array], Array]] = {
    "growth ratio 24 h / 7 d": (growth_ratio, np.arange(1.5, 8.0, 0.25)),
    "z 24 h vs 28 d": (z_score, np.arange(2.0, 12.0, 0.5)),
    "Farrington-like": (farrington, np.arange(2.0, 12.0, 0.5)),
    "EWMA with edge": (ewma_edge, np.arange(1.5, 8.0, 0.25)),
}
"""Each method with the thresholds tried for it."""
COUNTED: dict[str, Callable[[Archive], Counts]] = {"posts": posts, "people": people}

THRESHOLDS = {
    ("growth ratio 24 h / 7 d", "posts"): 4.5,
    ("z 24 h vs 28 d", "posts"): 7.0,
    ("Farrington-like", "posts"): 5.0,
    ("EWMA with edge", "posts"): 4.25,
    ("growth ratio 24 h / 7 d", "people"): 4.75,
    ("z 24 h vs 28 d", "people"): 7.5,
    ("Farrington-like", "people"): 5.0,
    ("EWMA with edge", "people"): 4.0,
}
"""(method, what is counted): see the module's docstring for the rule."""


def alerts(scores: Array, threshold: float) -> list[tuple[int, int]]:
    """(song, hour) of each flag that has none of its song less than APART hours before."""
    found = []
    for song, flags in enumerate(scores >= threshold):
        last = -APART
        for hour in np.flatnonzero(flags).tolist():
            if hour - last >= APART:
                found.append((song, hour))
                last = hour
    return sorted(found, key=lambda alert: (alert[1], alert[0]))


def weeks(archive: Archive, scores: Array) -> dict[int, Array]:
    """Mean score of each Korean week by its first hour."""
    monday = (archive.start // 3600 + 9 + 3 * 24) % 168
    starts = range((168 - monday) % 168, archive.hours - 167, 168)
    return {start: scores[:, start : start + 168].mean(axis=1) for start in starts}


def trailing(cells: Array, hours: int) -> Array:
    """Sum over each hour and those before it, `hours` in all."""
    total = np.cumsum(cells, axis=1)
    return total - later(total, hours)


def later(cells: Array, hours: int) -> Array:
    """Cells moved `hours` on, nothing before them."""
    moved = np.zeros_like(cells)
    moved[:, hours:] = cells[:, : cells.shape[1] - hours]
    return moved


def _cells(archive: Archive, amounts: Array) -> Array:
    place = archive.posts["song"] * archive.hours + archive.hour
    return np.bincount(place, amounts, archive.songs * archive.hours).reshape(archive.songs, archive.hours)


def _faded(cells: Array, half_life: int) -> Array:
    keep = 0.5 ** (1 / half_life)
    faded = np.zeros_like(cells)
    level = np.zeros(len(cells))
    for hour in range(cells.shape[1]):
        level = keep * level + (1 - keep) * cells[:, hour]
        faded[:, hour] = level
    return faded


def _quasi_poisson(before: Array, weights: Array) -> tuple[Array, Array]:
    total = weights.sum(axis=0)
    usual = np.maximum((weights * before).sum(axis=0) / total, 0.1)
    spread = (weights * (before - usual) ** 2 / usual).sum(axis=0) / np.maximum(total - 1, 1)
    return usual, np.maximum(spread, 1.0)
