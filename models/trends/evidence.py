"""From the window to the numbers behind a score: levels, expectations, surprise, spread and the pace of views."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.trends.breadth import effective_number, excess
from models.trends.engagement import DAY, engagement
from models.trends.exposure import BACK
from models.trends.level import PRIOR_HOURS, PRIOR_RATE
from models.trends.memory import Memory
from models.trends.scores import Evidence
from models.trends.surprise import WINDOWS, Dispersion, surprise
from models.trends.table import Table
from models.trends.window import Window, per_song, summed, tally

Array = NDArray[np.float64]

MEASURED_HOURS = 72.0
"""Without three days of exposure before a window there is no level to be surprised against: a song that is watched
since yesterday cannot surge today."""
HEADS_PRIOR = 6.0


@dataclass(frozen=True, slots=True)
class Levels:
    """Songs x WINDOWS: people seen and expected, how surprising that is, and where it may teach the dispersion."""

    people: Array
    expected: Array
    dispersion: Array
    surprise: Array
    usable: NDArray[np.bool_]


def levels(memory: Memory, window: Window, pooled: Dispersion) -> Levels:
    """Compare the last 6, 24 and 72 hours with the level *before* each of them, so that a rise does not hide itself.

    Notes in `memory` the rate of the song, and the cut above which this hour shall not raise the level.
    """
    spans = np.array(WINDOWS)
    ages = window.ages[:, None]
    weights = np.where(ages >= spans, memory.keep ** np.maximum(ages - spans, 0.0), 0.0)
    faded = memory.keep ** (window.now - spans.astype(np.float64))
    people = memory.past.level[:, None] * faded + np.minimum(window.people, memory.cut) @ weights
    exposed = (window.mix * memory.old_exposed).sum(axis=1)[:, None] * faded + window.exposed @ weights
    rate = (people + PRIOR_HOURS * PRIOR_RATE) / (exposed + PRIOR_HOURS)
    watched = window.sums(window.exposed)
    seen, expected = window.sums(window.people), rate * watched
    dispersion = pooled.value() + 1 / (people + PRIOR_HOURS * PRIOR_RATE)
    measured = exposed >= MEASURED_HOURS
    due = rate[:, 0] * (window.mix @ window.lively[:, window.now])
    memory.cut[:, window.now] = np.round(due + 3 * np.sqrt(due + dispersion[:, 0] * due**2) + 0.5, 1)
    memory.rate = rate[:, 2]
    found = np.where(measured, surprise(seen, expected, dispersion), 0.0)
    return Levels(seen, expected, dispersion, found, measured & (watched >= spans / 2))


def covered(window: Window, hours: int, before: int) -> Array:
    """The share of each song's expected exposure that the log covered, over `hours` hours ended `before` hours ago."""
    stop = window.now + 1 - before
    span = slice(max(stop - hours, 0), stop)
    lively = window.lively[:, span]
    expected = window.mix @ lively.sum(axis=1)
    logged = (window.tracked[:, span] * (window.mix @ (lively * window.logged[:, span]))).sum(axis=1)
    return np.asarray(np.clip(np.divide(logged, expected, out=np.zeros_like(logged), where=expected > 0), 0.0, 1.0))


def gather(memory: Memory, window: Window, level: Levels, week: Array, history: Array) -> Evidence:
    """Everything that a row stores beside its points."""
    many, rows = len(memory.songs), window.rows
    lately = rows.select(rows["hour"] > memory.hour - WINDOWS[2])
    platforms, kinds = _spread(memory, window, level, lately)
    recent = [lately["song"][lately["hour"] > memory.hour - hours] for hours in WINDOWS]
    heads = np.stack([np.bincount(songs, minlength=many) for songs in recent], axis=1).astype(np.float64)
    people, expected = level.people[:, 2], level.expected[:, 2]
    gain, usual, faster = _pace(memory, rows)
    return Evidence(
        heads=heads,
        people=level.people,
        expected=level.expected,
        surprise=level.surprise,
        per_head=_per_head(memory, window),
        week=week,
        quiet=memory.quiet,
        history=history,
        own_week=memory.own_week,
        platforms=platforms,
        kinds=kinds,
        new=_share(summed(lately["song"], lately["new"], many), heads[:, 2]),
        beyond=_share(np.maximum(people - expected, 0), people),
        gain=gain,
        usual=usual,
        faster=faster,
        seen=_seen(memory, rows),
    )


def _spread(memory: Memory, window: Window, level: Levels, lately: Table) -> tuple[Array, Array]:
    """Effective numbers of platforms and of kinds among those who go beyond the expectation of 72 hours."""
    many, platforms = window.mix.shape
    exposed = window.lively * window.logged * memory.exposure.guessed[:, BACK:]
    due = window.mix * exposed[:, max(window.now - WINDOWS[2] + 1, 0) : window.now + 1].sum(axis=1)
    due = level.expected[:, 2:] * _rows_to_one(due)
    tags = memory.past.tags.shape[1]
    usual = memory.past.tags + memory.past.tags.sum(axis=0) / max(memory.past.tags.sum(), 1e-9) + 1e-9
    by_platform = tally(lately, "platform", many, platforms, lately["amount"])
    by_tag = tally(lately, "tag", many, tags, lately["amount"])
    over_platforms = excess(by_platform, due)
    over_tags = excess(by_tag, level.expected[:, 2:] * _rows_to_one(usual))
    return effective_number(over_platforms), effective_number(over_tags)


def _per_head(memory: Memory, window: Window) -> Array:
    """How much one person of the song usually weighs, leaning on all songs where it has few."""
    many = len(memory.songs)
    faded = memory.keep**window.now
    people = memory.past.platforms.sum(axis=1) * faded + window.people.sum(axis=1)
    heads = memory.past.heads * faded + per_song(window.rows, many)
    common = people.sum() / heads.sum() if heads.sum() > 0 else 1.0
    return np.asarray((people + HEADS_PRIOR * common) / (heads + HEADS_PRIOR))


def _seen(memory: Memory, rows: Table) -> Array:
    """How well the last day's posts were seen on average, 1 where none can be judged yet."""
    judged = rows.select(rows["judged"] & (rows["hour"] > memory.hour - 24), ("song", "seen"))
    many = len(memory.songs)
    number = per_song(judged, many)
    total = np.bincount(judged["song"], judged["seen"], many)
    return np.divide(total, number, out=np.ones(many), where=number > 0)


def _pace(memory: Memory, rows: Table) -> tuple[Array, Array, Array]:
    """Views gained in the last day, the usual gain of such posts (NaN where not measured), and how much faster."""
    many = len(memory.songs)
    gain, usual, faster = np.full(many, np.nan), np.full(many, np.nan), np.zeros(many)
    fresh = rows.select(rows["gain_at"] > (memory.hour + 1) * 3600 - DAY, ("song", "platform", "gain", "usual"))
    if len(fresh):
        number = per_song(fresh, many)
        had = number > 0
        floors = memory.people.gains.floors()[fresh["platform"]]
        gain[had], usual[had], floor = (
            np.bincount(fresh["song"], amounts, many)[had] for amounts in (fresh["gain"], fresh["usual"], floors)
        )
        faster[had] = engagement(gain[had], usual[had], floor / number[had])
    return gain, usual, faster


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros(whole.shape), where=whole > 0)


def _rows_to_one(amounts: Array) -> Array:
    total = amounts.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(amounts, total, out=np.zeros_like(amounts), where=total > 0))
