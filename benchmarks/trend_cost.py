"""What the scoring engine costs, beside the guide's core update written plainly (benchmarks/plain_design.py); JSON.

usage: python -m benchmarks.trend_cost [--days 60 or more] [--years 2] [--songs 10000] [--simulator PATH/simulate.py]

`quiet` is an invented catalogue of 200 songs with a post in three days each, `wide` one of 2,000; `busy` is seed 1 of
the simulator, or an invented stream of as many posts where there is none; `old` is a catalogue of --songs with one post
each on the first day of 2009, scored to November 2026. `whole` is everything the engine does in an hour, `core` what
the plain design does too: levels, expectations, surprise, noise, onsets. All times are processor seconds of this
process; OPENBLAS_NUM_THREADS=1 keeps idle threads out of them. `long` is the quiet catalogue over --years; `stored` are
rows of posts that were imported, linked, tagged and scored.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from benchmarks.archive import Archive, read_archive, simulate
from benchmarks.paths import heard_by_hour
from benchmarks.plain_design import score_hours
from benchmarks.trend_streams import invented_archive, scored_rows
from models.trends import trend as engine
from models.trends.heard import NOTHING, Heard, Mention
from models.trends.memory import Memory, TrackedSong
from models.trends.onset import Onsets
from models.trends.silence import leap, silent
from models.trends.surprise import Dispersion
from models.trends.trend import Trend

QUIET = 0.35
CLASSES = {"classic": 0.35, "steady": 4.0, "hit": 35.0, "new": 8.0}
"""Posts a day of the guide's four classes of songs (section 4.1), their medians."""
SONGS_A_CLASS = 4
PLAIN_HOURS = 500
SIMULATOR = Path(os.environ.get("OSTPULSE_SHARED", "../shared")) / "tools" / "simulate.py"


class Stopwatch:
    """Adds up the processor time spent in some functions."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any, **named: Any) -> Any:
            began = time.process_time()
            found = function(*given, **named)
            self.seconds += time.process_time() - began
            return found

        return run


def cost(archive: Archive) -> dict[str, Any]:
    """Seconds per million song-hours of the engine and of the plain design on the same posts."""
    heard = list(heard_by_hour(archive))
    core = Stopwatch()
    parts = ((Memory, "look"), (engine, "levels"), (Dispersion, "learn"), (Onsets, "step"))
    whole = _seconds(lambda: _run(archive, heard))
    timers = [patch.object(owner, name, core.timed(getattr(owner, name))) for owner, name in parts]
    for timer in timers:
        timer.start()
    _run(archive, heard)
    for timer in timers:
        timer.stop()
    million = archive.songs * archive.hours / 1e6
    plain = plain_seconds(people_by_hour(archive))
    return {
        "songs": archive.songs,
        "hours": archive.hours,
        "posts": len(archive.hour),
        "milliseconds_an_hour": round(1000 * whole / archive.hours, 2),
        **_beside(plain, whole=whole / million, core=core.seconds / million),
    }


def _beside(plain: float, **seconds: float) -> dict[str, Any]:
    """Seconds per million song-hours, and each as a ratio to the plain design's."""
    return {
        "seconds_per_million_song_hours": {name: round(one, 3) for name, one in (seconds | {"plain": plain}).items()},
        "ratio_to_plain": {name: round(one / plain, 4) for name, one in seconds.items()},
    }


def _run(archive: Archive, heard: Iterable[Heard]) -> Trend:
    trend = Trend([TrackedSong(f"{song:05d}") for song in range(archive.songs)], hour=archive.start // 3600)
    for hour in heard:
        trend.step(hour)
    return trend


def people_by_hour(archive: Archive) -> list[list[float]]:
    """Hours x songs: authors of each hour, the plain design's input."""
    hours = min(PLAIN_HOURS, archive.hours)
    early = archive.hour < hours
    columns = archive.hour[early], archive.posts["song"][early], archive.posts["author"][early]
    hour, song, _ = np.unique(np.stack(columns), axis=1)
    found = np.bincount(hour * archive.songs + song, minlength=hours * archive.songs)
    return found.reshape(hours, archive.songs).astype(float).tolist()


def plain_seconds(people: list[list[float]]) -> float:
    """Seconds per million song-hours of the plain design."""
    return _seconds(lambda: score_hours(people, [1.0] * len(people))) / (len(people) * len(people[0]) / 1e6)


def old_catalogue(songs: int) -> dict[str, Any]:
    """One post each on one day of 2009, and nothing more until 2026."""
    first, last = (int(datetime(*day, tzinfo=UTC).timestamp()) // 3600 for day in ((2009, 1, 1), (2026, 11, 22)))
    names = [f"{song:05d}" for song in range(songs)]
    trend = Trend([TrackedSong(name) for name in names], hour=first)
    posts: list[list[Mention]] = [[] for _ in range(24)]
    for song, name in enumerate(names):
        posts[song % 24].append(Mention(song, name, song, "x", 0, 1.0, (first + song % 24) * 3600, True))
    stepped = 0

    def run() -> None:
        nonlocal stepped
        while trend.hour < last:
            if silent(trend):
                for _ in leap(trend, last):
                    pass
            place = trend.hour - first
            trend.step(Heard(posts[place]) if place < 24 else NOTHING)
            stepped += 1

    seconds = _seconds(run)
    plain = plain_seconds([[0.0] * 200] * PLAIN_HOURS)
    return {
        "songs": songs,
        "hours": last - first,
        "hours_stepped": stepped,
        "seconds": round(seconds, 1),
        **_beside(plain, whole=seconds / (songs * (last - first) / 1e6)),
    }


def long_run(years: float) -> dict[str, Any]:
    """The quiet catalogue over years: memory and milliseconds an hour at both ends."""
    archive = invented_archive([QUIET] * 200, days=round(365 * years), seed=2)
    trend = Trend([TrackedSong(f"{song:05d}") for song in range(archive.songs)], hour=archive.start // 3600)
    spent, memory = np.zeros(archive.hours), np.zeros(archive.hours)
    for hour, heard in enumerate(heard_by_hour(archive)):
        began = time.process_time()
        trend.step(heard)
        spent[hour] = time.process_time() - began
        memory[hour] = held(trend) if hour % 720 == 0 else memory[hour - 1]
    month = 30 * 24
    early = slice(month, 2 * month)
    return {
        "years": years,
        "milliseconds_an_hour": {"start": _milliseconds(spent[early]), "end": _milliseconds(spent[-month:])},
        "engine_megabytes": {
            "start": round(memory[early].max() / 1e6, 2),
            "end": round(memory[-month:].max() / 1e6, 2),
        },
        "process_peak_megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def held(thing: object, seen: set[int] | None = None) -> int:
    """Bytes of the arrays and dictionaries that an object holds, itself or through its attributes."""
    seen = set() if seen is None else seen
    if id(thing) in seen:
        return 0
    seen.add(id(thing))
    if isinstance(thing, np.ndarray):
        return held(thing.base, seen) if thing.base is not None else thing.nbytes
    names = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    inner: list[object] = [getattr(thing, name, None) for name in names]
    inner += list(thing.values()) if isinstance(thing, dict) else list(getattr(thing, "__dict__", {}).values())
    own = sys.getsizeof(thing) if isinstance(thing, dict) else 0
    return own + sum(held(one, seen) for one in inner if not isinstance(one, (str, int, float, tuple, type(None))))


def stored(days: int) -> dict[str, Any]:
    """Bytes per song-year of the rows of each class of songs, indexes and all, as they lie in a file."""
    rates = [rate for rate in CLASSES.values() for _ in range(SONGS_A_CLASS)]
    archive = invented_archive(rates, days=days, seed=3)
    found: dict[str, Any] = {}
    with TemporaryDirectory(prefix="ostpulse-cost-") as name:
        songs = [range(place * SONGS_A_CLASS, (place + 1) * SONGS_A_CLASS) for place in range(len(CLASSES))]
        measured = scored_rows(archive, Path(name), songs)
        for kind, (rows, size) in zip(CLASSES, measured, strict=True):
            years = SONGS_A_CLASS * days / 365
            found[kind] = {
                "posts_a_day": CLASSES[kind],
                "rows_per_song_year": round(rows / years),
                "bytes_per_song_year": round(size / years),
            }
    return found


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _milliseconds(seconds: NDArray[np.float64]) -> float:
    return round(1000 * float(seconds.mean()), 2)


def busy_archive(simulator: Path, days: int) -> Archive:
    """Seed 1 of the simulator; where that is missing, an invented catalogue with about as many posts."""
    if not simulator.is_file():
        return invented_archive([16.8] * 200, days=days, seed=1)
    with TemporaryDirectory(prefix="ostpulse-cost-") as name:
        return read_archive(simulate(simulator, 1, Path(name), days=days))


def measured(days: int, years: float, songs: int, simulator: Path) -> dict[str, Any]:
    """All figures, in an order that keeps each from the others' leavings."""
    return {
        "quiet": cost(invented_archive([QUIET] * 200, days=days, seed=1)),
        "wide": cost(invented_archive([QUIET] * 10 * 200, days=max(days // 3, 1), seed=1)),
        "busy": {"simulated": simulator.is_file(), **cost(busy_archive(simulator, days))},
        "old": old_catalogue(songs),
        "long": long_run(years),
        "stored": stored(days),
    }


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--years", type=float, default=2.0)
    parser.add_argument("--songs", type=int, default=10_000)
    parser.add_argument("--simulator", type=Path, default=SIMULATOR)
    print(json.dumps(measured(**vars(parser.parse_args(given))), indent=2))


if __name__ == "__main__":
    main()
