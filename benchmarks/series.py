"""The engine's level and surprise on any series of counts, so that it can be held against published detectors.

usage: python -m benchmarks.series FILE... [--labels combined_windows.json] [--out FOLDER] [--json]
       [--windows 6 24 72] [--half-life-days 14] [--raise-at 2.1] [--uncut] [--best]

A file is CSV with `timestamp,value` (the form of NAB's realTweets); the bucket is the commonest step between two
timestamps, a bucket that is missing was not watched (exposure 0). What is taken from the engine: the decayed level,
the cut that keeps a burst from becoming the norm, the level *before* each window, the learnt dispersion, the negative
binomial tail, the mean over three windows. What is not there: songs, people, platforms and the rhythm of the week; a
series is one song with full exposure and its dispersion is its own.

Windows are counted in buckets: 6, 24 and 72 of an hour or longer, as in the engine; 1, 3 and 12 of less (5, 15 and 60
minutes of a five-minute series), because there six buckets hold as many counts as a day of a song. The half-life stays
in days. The first half day (and the longest window) is taken in whole and not scored: it stands in for the prior of an
unknown song, which is far too low for most series. An alert needs a surprise above `--raise-at` and above all of
the 24 hours before, and none in the last six.

Without --labels: the alerts, as CSV (timestamp,value,anomaly_score,alert; the score is 1 - 10^-S, so 0 to 1 as NAB
wants it) or JSON. With --labels: the event score, see `event_score`; --best tries thresholds for each file on all
others.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from models.trends.level import PRIOR_HOURS, PRIOR_RATE
from models.trends.onset import RAISE_AT
from models.trends.surprise import WINDOWS, Dispersion, surprise

Array = NDArray[np.float64]
SHORT_WINDOWS = (1, 3, 12)
LEAST_LEVEL = PRIOR_HOURS * PRIOR_RATE
"""What keeps the uncertainty of an empty level finite, as in the engine."""
HOUR = timedelta(hours=1)
EDGE, APART = 24 * HOUR, 6 * HOUR
FREE_SHARE, FREE_MOST = 0.15, 750
"""NAB does not score the first 15 % of a file, 750 points at most."""
THRESHOLDS = np.arange(0.5, 20.0, 0.25)


@dataclass(frozen=True)
class Series:
    """Counts at moments in order, one for each bucket that was watched."""

    name: str
    times: list[datetime]
    values: Array

    @property
    def bucket(self) -> timedelta:
        """The commonest step."""
        steps = Counter(later - earlier for earlier, later in pairwise(self.times))
        return steps.most_common(1)[0][0] if steps else HOUR


@dataclass(frozen=True)
class Setting:
    """`windows` in buckets (None: by the length of the bucket); `uncut` leaves out the cuts of level and dispersion,
    which with one series' own dispersion measured better on NAB (guide, section 2)."""

    windows: tuple[int, ...] | None = None
    half_life_days: float = 14.0
    uncut: bool = False

    def windows_for(self, bucket: timedelta) -> tuple[int, ...]:
        return self.windows or (WINDOWS if bucket >= HOUR else SHORT_WINDOWS)


def read_series(path: Path) -> Series:
    """Read a file; raises ValueError naming file and line."""
    times, values = [], []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                times.append(datetime.fromisoformat(row["timestamp"]))
                values.append(float(row["value"]))
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{path}: line {number}: expected timestamp,value ({error})") from None
            if not (np.isfinite(values[-1]) and values[-1] >= 0):
                raise ValueError(f"{path}: line {number}: {row['value']} is no count")
    order = np.argsort(np.array(times, "datetime64[us]"), kind="stable")
    return Series(path.name, [times[place] for place in order], np.array(values, float)[order])


def surprises(series: Series, setting: Setting) -> Array:
    """S of each point, from what came before it and itself: -log10 of the chance of so many or more."""
    if not len(series.times):
        return np.zeros(0)
    bucket, windows = series.bucket, setting.windows_for(series.bucket)
    places = [round((time - series.times[0]) / bucket) for time in series.times]
    counts, watched = np.zeros(places[-1] + 1), np.zeros(places[-1] + 1)
    np.add.at(counts, places, series.values)
    watched[places] = 1.0
    return _Level(bucket, windows, setting).run(counts, watched)[places]


class _Level:
    """The recursion of the fast level over buckets: decayed counts and exposure of the past."""

    def __init__(self, bucket: timedelta, windows: tuple[int, ...], setting: Setting) -> None:
        self.day = timedelta(days=1) / bucket
        self.keep = 0.5 ** (1 / (setting.half_life_days * self.day))
        self.spans, self.uncut = np.array(windows), setting.uncut
        self.pooled = Dispersion.start()

    def run(self, counts: Array, watched: Array) -> Array:
        level, exposed = np.zeros(len(counts) + 1), np.zeros(len(counts) + 1)
        total, seen = (np.concatenate([[0.0], np.cumsum(cells)]) for cells in (counts, watched))
        warm = max(self.day / 2, self.spans.max())
        found = np.zeros(len(counts))
        for now in range(len(counts)):
            taken = counts[now]
            before = np.maximum(now + 1 - self.spans, 0)
            if exposed[before].min() >= warm:
                rate = level[before] / exposed[before]
                people, watch = total[now + 1] - total[before], seen[now + 1] - seen[before]
                noise = self.pooled.value() + 1 / (level[before] + LEAST_LEVEL)
                usable = watch >= self.spans / 2
                found[now] = np.where(usable, surprise(people, rate * watch, noise), 0.0).mean()
                self._learn(people, rate * watch, usable)
                due = rate[0] * watched[now]
                if not self.uncut:
                    taken = min(taken, due + 3 * np.sqrt(due + noise[0] * due**2) + 0.5)
            level[now + 1] = level[now] * self.keep + taken
            exposed[now + 1] = exposed[now] * self.keep + watched[now]
        return found

    def _learn(self, people: Array, expected: Array, usable: NDArray[np.bool_]) -> None:
        if not self.uncut:
            self.pooled.learn(people[None], expected[None], usable[None], self.keep)
            return
        mean = np.where(usable & (expected > 0), expected, np.nan)
        weight = mean / (1 + mean)
        excess = np.nan_to_num(weight * ((people - mean) ** 2 - mean) / mean**2)
        self.pooled.excess = self.pooled.excess * self.keep + excess
        self.pooled.weight = self.pooled.weight * self.keep + np.nan_to_num(weight)


def alerts(times: Sequence[datetime], scores: Array, raise_at: float) -> list[int]:
    """Places of the alerts: at or above `raise_at`, above all of the day before, none in the six hours before."""
    found: list[int] = []
    first = 0
    for place, time in enumerate(times):
        while times[first] < time - EDGE:
            first += 1
        edge = place == first or scores[place] > scores[first:place].max()
        if scores[place] >= raise_at and edge and not (found and time - times[found[-1]] < APART):
            found.append(place)
    return found


Windows = Sequence[tuple[datetime, datetime]]


def read_windows(path: Path) -> dict[str, Windows]:
    """NAB's combined_windows.json: a file's name (without its folder) to the windows around its labels."""
    found = json.loads(path.read_text("utf-8"))
    return {
        name.rsplit("/", 1)[-1]: [
            (datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in windows
        ]
        for name, windows in found.items()
    }


@dataclass(frozen=True)
class Hits:
    """Windows of a file, those hit, false alarms, and scored points."""

    windows: int
    hit: int
    false: int
    points: int


def hits(series: Series, scores: Array, windows: Windows, raise_at: float) -> Hits:
    """A window is hit by any alert in it; an alert outside all windows is false; the first points are not scored."""
    free = min(int(FREE_SHARE * len(scores)), FREE_MOST)
    counted = [series.times[place] for place in alerts(series.times, scores, raise_at) if place >= free]
    inside = [any(start <= time <= end for time in counted) for start, end in windows]
    false = sum(not any(start <= time <= end for start, end in windows) for time in counted)
    return Hits(len(windows), sum(inside), false, len(scores) - free)


def event_score(found: Iterable[Hits]) -> dict[str, Any]:
    """Precision, recall, F1 and false alarms per 1,000 points over files, as in the guide's tables."""
    every = list(found)
    windows, hit, false, points = (
        sum(getattr(one, name) for one in every) for name in ("windows", "hit", "false", "points")
    )
    precision, recall = hit / max(hit + false, 1), hit / max(windows, 1)
    return {
        "windows": windows,
        "hit": hit,
        "false_alarms": false,
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 3),
        "false_per_1000_points": round(1000 * false / max(points, 1), 3),
    }


def left_out(every: Sequence[Series], scores: Sequence[Array], labels: Mapping[str, Windows]) -> dict[str, Any]:
    """The event score with each file's threshold chosen by F1 on all other files."""
    grid = [
        [hits(series, score, labels.get(series.name, ()), at) for series, score in zip(every, scores, strict=True)]
        for at in THRESHOLDS
    ]
    chosen = []
    for place in range(len(every)):
        quality = [event_score(one for other, one in enumerate(row) if other != place)["f1"] for row in grid]
        chosen.append(grid[int(np.argmax(quality))][place])
    return event_score(chosen)


def write_csv(series: Series, scores: Array, raised: Sequence[int], file: TextIO) -> None:
    """Every point with its score, in the form of NAB's result files."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("timestamp", "value", "anomaly_score", "alert"))
    for place, (time, value, score) in enumerate(zip(series.times, series.values, scores, strict=True)):
        writer.writerow((time.isoformat(" "), f"{value:g}", round(1 - 10 ** -float(score), 6), int(place in raised)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--windows", nargs=3, type=int)
    parser.add_argument("--half-life-days", type=float, default=14.0)
    parser.add_argument("--raise-at", type=float, default=RAISE_AT)
    parser.add_argument("--uncut", action="store_true")
    parser.add_argument("--best", action="store_true")
    given = parser.parse_args()
    setting = Setting(tuple(given.windows) if given.windows else None, given.half_life_days, given.uncut)
    try:
        every = [read_series(path) for path in given.files]
        labels = read_windows(given.labels) if given.labels else None
    except (OSError, ValueError) as error:
        parser.error(str(error))
    scores = [surprises(series, setting) for series in every]
    raised = [alerts(series.times, score, given.raise_at) for series, score in zip(every, scores, strict=True)]
    for series, score, places in zip(every, scores, raised, strict=True):
        if given.out:
            given.out.mkdir(parents=True, exist_ok=True)
            with (given.out / series.name).open("w", encoding="utf-8", newline="") as file:
                write_csv(series, score, places, file)
        elif not given.json and labels is None:
            write_csv(series, score, places, sys.stdout)
    if given.json or labels is not None:
        print(json.dumps(_told(every, scores, raised, labels, given), indent=2))


def _told(
    every: Sequence[Series],
    scores: Sequence[Array],
    raised: Sequence[Sequence[int]],
    labels: Mapping[str, Windows] | None,
    given: argparse.Namespace,
) -> dict[str, Any]:
    told: dict[str, Any] = {
        series.name: [
            {"at": series.times[place].isoformat(), "surprise": round(float(score[place]), 2)} for place in places
        ]
        for series, score, places in zip(every, scores, raised, strict=True)
    }
    result: dict[str, Any] = {"alerts": told}
    if labels is not None:
        at = given.raise_at
        pairs = zip(every, scores, strict=True)
        result["event_score"] = event_score(hits(one, score, labels.get(one.name, ()), at) for one, score in pairs)
        if given.best:
            result["event_score_left_out"] = left_out(every, scores, labels)
    return result


if __name__ == "__main__":
    main()
