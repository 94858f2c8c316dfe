"""Falls that are none, and falls that are: does `fading` stay away in an outage, and come when a song really falls?

The outage: ten days of the largest platform are cut out of an archive, once with coverage lines of 0 for it, once in
silence. Songs without any event around it are calm; none of them should be called fading from the first hour of the
outage to ten days after its end. Beside it the same songs without the outage.

True falls are of two kinds. *By the truth*: the first day on which a song's organic rate, as a multiple of its usual
day (the base rate, which holds the evenings on air, weekends and holidays), is below half of its highest of the 14 days
before; only heights of at least four posts a day and twice the usual day. *Cut*: every third calm song loses all but
30 % of its posts from one hour on. A fall is named when the song is fading at any hour from the end of the day of its
height (or from the cut) to 72 hours after the end of the day of the fall (or after the cut).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.archive import Archive
from benchmarks.figures import FREE_HOURS, SIZES, size_of
from benchmarks.paths import FADING, Found
from models.trends.states import WARM

OUTAGE_START, OUTAGE_HOURS = 60 * 24, 10 * 24
AFTERWARDS = 10 * 24
CALM_HOURS = 14 * 24
"""No event, and no release, from so long before the outage to the end of the experiment."""
NAMED_WITHIN = 72
LEFT = 0.3
LOOK_BACK, HALF = 14, 0.5
LEAST_HEIGHT, LEAST_TIMES = 4.0, 2.0
"""Posts a day and multiple of the usual day from which a fall is worth naming."""


@dataclass(frozen=True)
class Fall:
    """A true fall of a song: from the day of its height to the day on which half of it is left."""

    song: int
    height: int
    day: int


def true_falls(truth: Mapping[str, Any]) -> list[Fall]:
    """Every fall to below half that the organic rates show after the free days."""
    organic, base = (np.array(truth[name], float) for name in ("organic_per_day", "base_per_day"))
    times = np.divide(organic, base, out=np.ones_like(organic), where=base > 0)
    falls = []
    for song in range(len(times)):
        below = False
        for day in range(FREE_HOURS // 24, truth["hours"] // 24):
            first = max(day - LOOK_BACK, 0)
            height = first + int(np.argmax(times[song, first:day]))
            high = times[song, height] >= LEAST_TIMES and organic[song, height] >= LEAST_HEIGHT
            now = bool(high and times[song, day] < HALF * times[song, height])
            if now and not below:
                falls.append(Fall(song, height, day))
            below = now
    return falls


def falls_named(truth: Mapping[str, Any], states: NDArray[np.int8]) -> dict[str, Any]:
    """The share of true falls named fading in time; by size, by the event that ended, by whether the state told the
    rise between height and fall."""
    falls = true_falls(truth)
    named = [_fading(states, fall.song, 24 * fall.height + 24, 24 * fall.day + 24 + NAMED_WITHIN) for fall in falls]
    sizes = [size_of(truth["songs"][fall.song]["base_per_day"]) for fall in falls]
    kinds = [_kind(truth, fall) for fall in falls]
    rose = [bool(WARM[states[fall.song, 24 * fall.height : 24 * fall.day + 24]].any()) for fall in falls]
    risen = ["called a rise" if one else "never called a rise" for one in rose]
    splits = {"by_size": sizes, "by_kind": kinds, "by_rise": risen}
    return {**share(named), **{name: _split(named, names) for name, names in splits.items()}}


def _kind(truth: Mapping[str, Any], fall: Fall) -> str:
    """The event a fall ends: the strongest that was on at its height."""
    on = [
        event
        for event in truth["events"]
        if event["song"] == fall.song
        and event["label"] != "must_not"
        and event["onset"] // 24 <= fall.height <= event["end"] // 24
    ]
    if not on:
        return "none"
    strongest = max(on, key=lambda event: event["excess_96h"])
    return f"{strongest['label']} {strongest['kind']}"


def outage(archive: Archive, run: Callable[[Archive], Found], start: int = OUTAGE_START) -> dict[str, Any]:
    """Run the experiment three times (logged, silent, cut songs without an outage); see the module."""
    stop = start + OUTAGE_HOURS + AFTERWARDS
    archive = archive.until(stop)
    platform = int(np.bincount(archive.posts["platform"]).argmax())
    calm = calm_songs(archive, start, stop)
    gone = (archive.posts["platform"] == platform) & (archive.hour >= start) & (archive.hour < start + OUTAGE_HOURS)
    silent = archive.only(~gone)
    log = archive.log.copy()
    log[platform, start : start + OUTAGE_HOURS] = 0
    cut, spared = calm[::3], [song for place, song in enumerate(calm) if place % 3]
    found = {"platform": archive.platforms[platform], "calm_songs": len(calm), "day": start // 24}
    sizes = [size_of(archive.truth["songs"][song]["base_per_day"]) for song in calm]
    for name, cut_out in (("logged", replace(silent, log=log)), ("silent", silent)):
        states = run(cut_out).states
        faded = [_fading(states, song, start, stop) for song in calm]
        found[name] = {**share(faded), "by_size": _split(faded, sizes)}
    states = run(thinned(archive, cut, start)).states
    found["no_outage"] = share([_fading(states, song, start, stop) for song in spared])
    named = [_fading(states, song, start, start + NAMED_WITHIN) for song in cut]
    found["cut_to_30_percent"] = {**share(named), "by_size": _split(named, sizes[::3])}
    return found


def calm_songs(archive: Archive, start: int, stop: int) -> list[int]:
    """Songs whose truth has no event, and which were out, from CALM_HOURS before `start` to `stop`."""
    first = (start - CALM_HOURS) // 24

    def calm(song: int) -> bool:
        events = archive.events_of(song)
        out = archive.truth["base_per_day"][song][max(first - 7, 0)] > 0
        return out and all(event["end"] < start - CALM_HOURS or event["onset"] >= stop for event in events)

    return [song for song in range(archive.songs) if calm(song)]


def thinned(archive: Archive, songs: Sequence[int], start: int) -> Archive:
    """The archive in which `songs` keep LEFT of their posts from the hour `start` on."""
    chance = np.random.default_rng(0).random(len(archive.hour))
    falls = np.isin(archive.posts["song"], songs) & (archive.hour >= start)
    return archive.only(~falls | (chance < LEFT))


def share(flags: Sequence[bool]) -> dict[str, Any]:
    """How many, of how many, and the share (None of none)."""
    return {"share": round(float(np.mean(flags)), 3) if flags else None, "yes": int(sum(flags)), "of": len(flags)}


def _split(flags: Sequence[bool], names: Sequence[str]) -> dict[str, Any]:
    order = [name for name, _, _ in SIZES if name in names] or sorted(set(names))
    return {name: share([flag for flag, one in zip(flags, names, strict=True) if one == name]) for name in order}


def _fading(states: NDArray[np.int8], song: int, start: int, stop: int) -> bool:
    return bool((states[song, start:stop] == FADING).any())
