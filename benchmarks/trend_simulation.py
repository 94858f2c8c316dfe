"""Hold the scoring engine against a simulated archive whose truth is known, and print what it caught as JSON.

usage: python -m benchmarks.trend_simulation FOLDER [FOLDER...]

Each folder holds posts.jsonl (timestamp, song_id, platform, author, type, views) and truth.json (songs, events,
hours, t0, platforms, collector_log, organic_per_day, base_per_day). Views become known six hours after a post, so the
counts are fair. Alerts are counted twice: as raised, and as confirmed. What a hit, a false alarm and the delay are is
in docs/scoring.md; the first 21 days are free.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from models.post import TAGS
from models.trends.heard import TAG_WEIGHTS, Count, Heard, Line, Mention, number
from models.trends.memory import TrackedSong
from models.trends.states import FADING
from models.trends.trend import Trend

FREE_HOURS = 21 * 24
VIEWS_AFTER = 6 * 3600
SIZES = (("under 1 a day", 0.0, 1.0), ("1 to 10 a day", 1.0, 10.0), ("over 10 a day", 10.0, 1e9))


def heard_by_hour(folder: Path, truth: dict[str, Any]) -> Iterator[Heard]:
    """What becomes known in each hour of the run."""
    first, hours = truth["t0"] // 3600, truth["hours"]
    mentions: dict[int, list[Mention]] = defaultdict(list)
    counts: dict[int, list[Count]] = defaultdict(list)
    named: set[tuple[int, str]] = set()
    with (folder / "posts.jsonl").open(encoding="utf-8") as lines:
        posts = enumerate(lines)
        place, raw = next(posts, (0, ""))
        for hour in range(hours):
            while raw:
                post = json.loads(raw)
                if post["timestamp"] // 3600 - first > hour:
                    break
                author, song = number(post["author"]), str(post["song_id"])
                new = (author, song) not in named
                named.add((author, song))
                tag, at = post["type"], post["timestamp"]
                weight = TAG_WEIGHTS[tag]
                mentions[hour].append(
                    Mention(place + 1, song, author, post["platform"], TAGS.index(tag), weight, at, new)
                )
                later = at + VIEWS_AFTER
                counts[later // 3600 - first].append(Count(place + 1, later, post["views"], None))
                place, raw = next(posts, (0, ""))
            log = [
                Line(platform, first + hour, truth["collector_log"][row][hour])
                for row, platform in enumerate(truth["platforms"])
            ]
            yield Heard(mentions.pop(hour, []), counts.pop(hour, []), log, ())


def run(folder: Path) -> dict[str, Any]:
    """Score one archive and hold it against its truth."""
    truth = json.loads((folder / "truth.json").read_text())
    first = truth["t0"] // 3600
    songs = [TrackedSong(str(song["id"])) for song in truth["songs"]]
    trend = Trend(songs, hour=first)
    raised: list[tuple[int, int]] = []
    confirmed: list[tuple[int, int]] = []
    weeks: list[tuple[int, np.ndarray]] = []
    fading = np.zeros(len(songs), int)
    spent = 0.0
    for heard in heard_by_hour(folder, truth):
        start = time.perf_counter()
        scores = trend.step(heard)
        spent += time.perf_counter() - start
        now = scores.hour - first
        raised += [(song, now) for song in scores.moved.raised]
        confirmed += [(song, now) for song, _ in scores.moved.confirmed]
        weeks += [(rows.start - first, rows.growth_log2) for rows in scores.rows if rows.period == "week"]
        fading += scores.now.states == FADING
    million = len(songs) * truth["hours"] / 1e6
    return {
        "folder": folder.name,
        "provisional": alerts_against(truth, raised),
        "confirmed": alerts_against(truth, confirmed),
        "ndcg_at_10": round(weekly_ndcg(truth, weeks), 3),
        "share_of_song_hours_fading": round(float(fading.sum() / million / 1e6), 4),
        "seconds_per_million_song_hours": round(spent / million, 1),
        "milliseconds_per_step": round(1000 * spent / truth["hours"], 2),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def alerts_against(truth: dict[str, Any], alerts: list[tuple[int, int]]) -> dict[str, Any]:
    """Hits, false alarms and delays of `alerts` (song, hour), in all, by size of song and by kind of event."""
    events = defaultdict(list)
    for event in truth["events"]:
        events[event["song"]].append(event)
    counted = [(song, hour) for song, hour in alerts if hour >= FREE_HOURS]
    false = [(song, hour) for song, hour in counted if not _excused(events[song], hour)]
    by_song = defaultdict(list)
    for song, hour in counted:
        by_song[song].append(hour)
    must = [event for event in truth["events"] if event["label"] == "must" and event["onset"] >= FREE_HOURS]
    delays = {event["id"]: _delay(event, by_song[event["song"]]) for event in must}
    sizes = {song["id"]: song["base_per_day"] for song in truth["songs"]}
    years = (truth["hours"] - FREE_HOURS) / 24 / 365
    floods = [event for event in truth["events"] if event["label"] == "must_not"]
    found = _figures(must, delays, false, years * len(sizes))
    found["events"], found["floods"] = len(must), len(floods)
    found["flood_alerts"] = sum(
        any(event["onset"] - 6 <= hour <= event["end"] for event in events[song] if event["label"] == "must_not")
        for song, hour in false
    )
    found["by_size"] = {
        name: _figures(
            [event for event in must if low <= sizes[event["song"]] < high],
            delays,
            [alarm for alarm in false if low <= sizes[alarm[0]] < high],
            years * sum(low <= size < high for size in sizes.values()),
        )
        for name, low, high in SIZES
    }
    kinds = sorted({event["kind"] for event in must})
    found["recall_by_kind"] = {
        kind: round(float(np.mean([delays[event["id"]] is not None for event in must if event["kind"] == kind])), 2)
        for kind in kinds
    }
    return found


def _figures(
    must: list[dict[str, Any]], delays: dict[int, int | None], false: list[tuple[int, int]], years: float
) -> dict[str, Any]:
    hits = [delay for event in must if (delay := delays[event["id"]]) is not None]
    precision = len(hits) / max(len(hits) + len(false), 1)
    recall = len(hits) / max(len(must), 1)
    return {
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 3),
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "delay_hours": median(hits) if hits else None,
        "false_per_song_year": round(len(false) / years, 3) if years else None,
    }


def _delay(event: dict[str, Any], hours: list[int]) -> int | None:
    until = min(event["end"] + 24, event["onset"] + FREE_HOURS)
    inside = [hour for hour in hours if event["onset"] <= hour <= until]
    return min(inside) - event["onset"] if inside else None


def _excused(events: list[dict[str, Any]], hour: int) -> bool:
    return any(event["onset"] - 6 <= hour <= event["end"] + 48 for event in events if event["label"] in ("must", "may"))


def weekly_ndcg(truth: dict[str, Any], weeks: list[tuple[int, np.ndarray]]) -> float:
    """Mean NDCG of the ten highest songs by growth; relevance: log2((organic week + 7) / (base week + 7))."""
    organic, base = (np.array(truth[name]) for name in ("organic_per_day", "base_per_day"))
    discount = 1 / np.log2(np.arange(2, 12))
    found = []
    for start, growth in weeks:
        day = round(start / 24)
        if start < FREE_HOURS or day + 7 > organic.shape[1]:
            continue
        week, usual = (cells[:, day : day + 7].sum(axis=1) for cells in (organic, base))
        relevance = np.maximum(np.log2((week + 7) / (usual + 7)), 0)
        best = np.sort(relevance)[::-1][:10] @ discount
        top = np.argsort(-growth, kind="stable")[:10]
        found.append(float(relevance[top] @ discount / best))
    return float(np.mean(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    for folder in parser.parse_args().folders:
        print(json.dumps(run(folder), indent=2))


if __name__ == "__main__":
    main()
