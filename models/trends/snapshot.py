"""The engine's whole memory as bytes, and back: arrays and JSON in one archive, nothing that could run code."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from models.trends.engagement import Gains
from models.trends.exposure import Exposure
from models.trends.level import Past
from models.trends.memory import TrackedSong
from models.trends.onset import Onsets
from models.trends.people import COLUMNS, People
from models.trends.recent import Recent
from models.trends.states import States
from models.trends.surprise import Dispersion
from models.trends.table import Table
from models.trends.trend import Trend

Arrays = dict[str, NDArray[Any]]


class BadSnapshot(ValueError):
    """Bytes that are not a snapshot of this version."""


def pack(trend: Trend) -> bytes:
    """Everything `unpack` needs to go on as if nothing had happened. The same memory gives the same bytes."""
    memory, people = trend.memory, trend.memory.people
    about: dict[str, Any] = {
        "songs": [song.id for song in memory.songs],
        "platforms": memory.exposure.names,
        "hour": memory.hour,
        "edge": memory.exposure.edge,
        "stale": memory.stale,
        **{name: getattr(trend, name) for name in trend.COUNTERS},
    }
    arrays: Arrays = {"about": np.frombuffer(json.dumps(about).encode(), np.uint8)}
    arrays |= {f"song.{name}": array for name, array in _per_song(trend).items()}
    arrays |= {f"exposure.{name}": array for name, array in memory.exposure.arrays().items()}
    for name, recent in (("views", people.views), ("pace", people.gains.pace), ("day", people.gains.day)):
        arrays |= {f"{name}.values": recent.values, f"{name}.seen": recent.seen}
    arrays |= {f"row.{name}": column for name, column in people.rows.after(0).columns.items()}
    arrays |= {"old_platforms": memory.old_platforms, "clock": memory.clock}
    arrays |= {"dispersion": np.stack([trend.dispersion.excess, trend.dispersion.weight])}
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def unpack(
    packed: bytes, songs: Sequence[TrackedSong], *, half_life_days: float = 14, suppress_below: float = 0.5
) -> Trend:
    """The engine of `pack`, for `songs`: those it knew keep their memory, new ones begin without, others are dropped.

    Raises BadSnapshot for anything else.
    """
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as archive:
            arrays: Arrays = {name: archive[name] for name in archive.files}
        about = json.loads(arrays["about"].tobytes())
        trend = Trend(songs, hour=about["hour"], half_life_days=half_life_days, suppress_below=suppress_below)
        _restore(trend, about, arrays)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise BadSnapshot(f"not a snapshot of the scoring engine: {error}") from None
    return trend


def _restore(trend: Trend, about: dict[str, Any], arrays: Arrays) -> None:
    memory = trend.memory
    names: list[str] = about["platforms"]
    group = {name.removeprefix("exposure."): array for name, array in arrays.items() if name.startswith("exposure.")}
    memory.exposure = Exposure(about["edge"], names, group)
    memory.make_room(len(names))
    memory.stale = about["stale"]
    memory.old_platforms, memory.clock = (np.asarray(arrays[name], np.float64) for name in ("old_platforms", "clock"))
    trend.dispersion = Dispersion(*np.asarray(arrays["dispersion"], np.float64))
    for name in trend.COUNTERS:
        setattr(trend, name, about[name])
    place = {song: old for old, song in enumerate(about["songs"])}
    pairs = [(new, place[song.id]) for new, song in enumerate(memory.songs) if song.id in place]
    recents = [Recent(arrays[f"{name}.values"], arrays[f"{name}.seen"]) for name in ("views", "pace", "day")]
    rows = Table({name: arrays[f"row.{name}"] for name in COLUMNS})
    where = np.full(len(place), -1)
    where[[old for _, old in pairs]] = [new for new, _ in pairs]
    rows["song"][:] = where[rows["song"]]
    memory.recall(People(rows.select(rows["song"] >= 0), recents[0], Gains(recents[1], recents[2])))
    _restore_songs(trend, arrays, pairs)
    memory.tallies.cap()


def _restore_songs(trend: Trend, arrays: Arrays, pairs: list[tuple[int, int]]) -> None:
    new, old = [list(side) for side in zip(*pairs, strict=True)] or [[], []]
    for name, array in _per_song(trend).items():
        array[new] = arrays[f"song.{name}"][old]


def _per_song(trend: Trend) -> Arrays:
    """Every array with one row a song, under a name of its own."""
    owners: tuple[tuple[str, object, Sequence[str]], ...] = (
        ("trend", trend, trend.PER_SONG),
        ("memory", trend.memory, trend.memory.PER_SONG),
        ("past", trend.memory.past, Past.NAMES),
        ("onsets", trend.onsets, Onsets.NAMES),
        ("states", trend.states, States.NAMES),
    )
    return {f"{owner}.{name}": getattr(thing, name) for owner, thing, names in owners for name in names}
