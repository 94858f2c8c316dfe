"""Simulated archives whose truth is known: what the reference simulator writes, read into arrays.

A folder holds posts.jsonl (timestamp, song_id, platform, author, type, views, likes, comments, shares) and truth.json
(songs, events, hours, t0, platforms, collector_log, organic_per_day, base_per_day). Hours are counted from t0.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.post import TAGS

VIEWS_AFTER = 6 * 3600
"""Seconds after which a post's counters are read, once: nobody knows them when an alert has to be raised."""
COUNTS = ("views", "likes", "comments", "shares")


@dataclass(frozen=True)
class Archive:
    """`posts` are columns of one length, in the order of time: at (epoch seconds), song, platform and tag (places in
    the truth's list and in models.post.TAGS), author and the COUNTS; `log` is platforms x hours."""

    name: str
    truth: dict[str, Any]
    posts: dict[str, NDArray[np.int64]]
    log: NDArray[np.float64]

    @property
    def start(self) -> int:
        """The epoch second at which the archive begins."""
        return int(self.truth["t0"])

    @property
    def hours(self) -> int:
        return int(self.truth["hours"])

    @property
    def songs(self) -> int:
        return len(self.truth["songs"])

    @property
    def platforms(self) -> list[str]:
        return list(self.truth["platforms"])

    @cached_property
    def hour(self) -> NDArray[np.int64]:
        """The hour of each post."""
        return (self.posts["at"] - self.start) // 3600

    def only(self, kept: NDArray[np.bool_]) -> Archive:
        """The archive with some posts alone."""
        return replace(self, posts={name: column[kept] for name, column in self.posts.items()})

    def until(self, hours: int) -> Archive:
        """The first `hours` hours."""
        ended = replace(self, truth={**self.truth, "hours": hours}, log=self.log[:, :hours])
        return ended.only(self.hour < hours)

    def events_of(self, song: int) -> list[dict[str, Any]]:
        return self._events.get(song, [])

    @cached_property
    def _events(self) -> dict[int, list[dict[str, Any]]]:
        found: dict[int, list[dict[str, Any]]] = {}
        for event in self.truth["events"]:
            found.setdefault(event["song"], []).append(event)
        return found


def read_archive(folder: Path) -> Archive:
    """Read one folder of the simulator."""
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    platforms = {name: place for place, name in enumerate(truth["platforms"])}
    rows = []
    with (folder / "posts.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            post = json.loads(line)
            counts = [post.get(count, 0) for count in COUNTS]
            author, tag = int(post["author"].removeprefix("u")), TAGS.index(post["type"])
            rows.append((post["timestamp"], post["song_id"], platforms[post["platform"]], author, tag, *counts))
    table = np.array(rows, np.int64).reshape(-1, 5 + len(COUNTS))
    table = table[np.argsort(table[:, 0], kind="stable")]
    names = ("at", "song", "platform", "author", "tag", *COUNTS)
    return Archive(
        name=folder.name,
        truth=truth,
        posts={name: table[:, place].copy() for place, name in enumerate(names)},
        log=np.array(truth["collector_log"], float),
    )


def simulate(
    simulator: Path, seed: int, folder: Path, *, songs: int = 200, days: int = 180, scale: float = 1.0
) -> Path:
    """Let the simulator make the folder `seed-N` below `folder`."""
    made = folder / f"seed-{seed}"
    size = ["--songs", str(songs), "--days", str(days), "--scale", str(scale)]
    command = [sys.executable, str(simulator), "--seed", str(seed), "--out", str(made), *size]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return made
