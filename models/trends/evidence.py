"""From the window to the numbers behind a score: levels, expectations, surprise, spread and the pace of views."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.trends.breadth import effective_number, excess
from models.trends.engagement import DAY, engagement
from models.trends.level import PRIOR_HOURS, PRIOR_RATE
from models.trends.memory import Memory
from models.trends.scores import Evidence
from models.trends.surprise import WINDOWS, Dispersion, surprise
from models.trends.table import Table
from models.trends.window import Window, per_song, stretches, summed, tally

Array = NDArray[np.float64]
Places = NDArray[np.int64]

MEASURED_HOURS = 72.0
"""Without three days of exposure before a window there is no level to be surprised against: a song that is watched
since yesterday cannot surge today."""
HALF_WINDOWS = np.array(WINDOWS)[:, None] / 2
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
    spans = len(WINDOWS)
    people = window.earlier + PRIOR_HOURS * PRIOR_RATE
    rate = people / (window.exposed_earlier + PRIOR_HOURS)
    seen, watched = window.people[:spans], window.exposed[:spans]
    expected = rate * watched
    dispersion = pooled.value()[:, None] + 1 / people
    measured = window.exposed_earlier >= MEASURED_HOURS
    due = rate[0] * window.due
    memory.tallies.cut_off(window.now, np.round(due + 3 * np.sqrt(due + dispersion[0] * due**2) + 0.5, 1))
    memory.rate = rate[-1]
    found = np.where(measured, surprise(seen, expected, dispersion), 0.0)
    usable = measured & (watched >= HALF_WINDOWS)
    return Levels(seen.T, expected.T, dispersion.T, found.T, usable.T)


def gather(
    memory: Memory,
    window: Window,
    level: Levels,
    lately: Table,
    week: Array,
    history: Array,
    waiting: NDArray[np.bool_],
) -> Evidence:
    """Everything that a row stores beside its points; how well posts were seen only for the songs `waiting` for it.

    `lately` are the rows of the last 72 hours and perhaps some before.
    """
    many = len(memory.songs)
    last = slice(window.now + 1 - WINDOWS[-1], window.now + 1)
    heads = (stretches(window.now, False)[: len(WINDOWS), last] @ memory.tallies.heads[last]).T
    active = np.flatnonzero(heads[:, 2])
    people, expected = level.people[:, 2], level.expected[:, 2]
    platforms, kinds, new = np.ones(many), np.ones(many), np.zeros(many)
    if len(active):
        recent = lately["inside"] & (lately["hour"] > memory.hour - WINDOWS[2])
        platforms[active], kinds[active] = _spread(memory, window, expected, lately, lately["amount"] * recent, active)
        new[active] = (
            summed(lately["song"], (lately["new"] & recent).astype(np.float64), many)[active] / heads[active, 2]
        )
    gain, usual, faster = _pace(memory)
    return Evidence(
        heads=heads,
        people=level.people,
        expected=level.expected,
        surprise=level.surprise,
        per_head=per_head(memory, window.now),
        week=week,
        quiet=memory.quiet,
        history=history,
        own_week=memory.own_week,
        platforms=platforms,
        kinds=kinds,
        new=new,
        beyond=_share(np.maximum(people - expected, 0), people),
        gain=gain,
        usual=usual,
        faster=faster,
        seen=_seen(memory, lately, waiting) if waiting.any() else np.ones(many),
    )


def _spread(
    memory: Memory, window: Window, expected: Array, lately: Table, amounts: Array, active: Places
) -> tuple[Array, Array]:
    """Of `active` songs, the effective numbers of platforms and of kinds among those beyond the expectation."""
    many, platforms = window.mix.shape
    tags = memory.past.tags
    usual = tags[active] + tags.sum(axis=0) / max(tags.sum(), 1e-9) + 1e-9
    by_platform = tally(lately, "platform", many, platforms, amounts)[active]
    by_tag = tally(lately, "tag", many, tags.shape[1], amounts)[active]
    due = expected[active, None]
    over_platforms = excess(by_platform, due * _rows_to_one(window.mix[active] * window.exposed_on))
    over_tags = excess(by_tag, due * _rows_to_one(usual))
    return effective_number(over_platforms), effective_number(over_tags)


def per_head(memory: Memory, now: int) -> Array:
    """How much one person of the song usually weighs in hour `now` of RING, leaning on all songs where it has few."""
    left = memory.keep**now
    people = memory.past.platforms.sum(axis=1) * left + memory.tallies.all_people
    heads = memory.past.heads * left + memory.tallies.all_heads
    total = heads.sum()
    common = people.sum() / total if total > 0 else 1.0
    return np.asarray((people + HEADS_PRIOR * common) / (heads + HEADS_PRIOR))


def _seen(memory: Memory, lately: Table, waiting: NDArray[np.bool_]) -> Array:
    """How well the last day's posts of `waiting` songs were seen on average, 1 where none can be judged yet."""
    judged = lately["judged"] & lately["inside"] & (lately["hour"] > memory.hour - 24) & waiting[lately["song"]]
    rows = lately.select(judged, ("song", "seen"))
    number = per_song(rows, len(waiting))
    total = summed(rows["song"], rows["seen"], len(waiting))
    return np.divide(total, number, out=np.ones(len(waiting)), where=number > 0)


def _pace(memory: Memory) -> tuple[Array, Array, Array]:
    """Views gained in the last day, the usual gain of such posts (NaN where not measured), and how much faster."""
    many, since = len(memory.songs), (memory.hour + 1) * 3600 - DAY
    gain, usual, faster = np.full(many, np.nan), np.full(many, np.nan), np.zeros(many)
    rows = memory.people.rows
    if memory.people.gains.last > since:
        fresh = rows.select(rows["inside"] & (rows["gain_at"] > since), ("song", "platform", "gain", "usual"))
        number = per_song(fresh, many)
        had = number > 0
        floors = memory.people.gains.floors()[fresh["platform"]]
        gain[had], usual[had], floor = (
            summed(fresh["song"], amounts, many)[had] for amounts in (fresh["gain"], fresh["usual"], floors)
        )
        faster[had] = engagement(gain[had], usual[had], floor / number[had])
    return gain, usual, faster


def _share(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros(whole.shape), where=whole > 0)


def _rows_to_one(amounts: Array) -> Array:
    total = amounts.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(amounts, total, out=np.zeros_like(amounts), where=total > 0))
