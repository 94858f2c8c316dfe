"""Alerts and weekly ranks held against the truth of a simulated archive.

An event is *hit* by an alert from its onset to its end + 24 h (21 days at most); a *false alarm* is an alert outside
[onset - 6 h, end + 48 h] of every event that must or may alert, floods included; the first 21 days are free. The delay
runs from the onset to the moment the alert is raised (or confirmed): the end of its hour.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

FREE_HOURS = 21 * 24
YOUNG_DAYS = 40
"""Days of an archive in which levels rest on few weeks."""
SIZES = (("under 1 a day", 0.0, 1.0), ("1 to 10 a day", 1.0, 10.0), ("over 10 a day", 10.0, float("inf")))
Alerts = Iterable[tuple[int, int]]


def size_of(per_day: float) -> str:
    """The size class of a song with so many posts a day when calm."""
    return next(name for name, low, high in SIZES if low <= per_day < high)


def alerts_against(truth: Mapping[str, Any], alerts: Alerts) -> dict[str, Any]:
    """Hits, false alarms and delays of `alerts` (song, hour that ended with it): in all, by size and by kind."""
    events: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for event in truth["events"]:
        events[event["song"]].append(event)
    counted = [(song, hour) for song, hour in alerts if hour >= FREE_HOURS]
    false = [(song, hour) for song, hour in counted if not _excused(events[song], hour)]
    must = [event for event in truth["events"] if event["label"] == "must" and event["onset"] >= FREE_HOURS]
    hours = defaultdict(list)
    for song, hour in counted:
        hours[song].append(hour)
    delays = {event["id"]: delay_of(event, hours[event["song"]]) for event in must}
    sizes = {song["id"]: size_of(song["base_per_day"]) for song in truth["songs"]}
    years = (truth["hours"] - FREE_HOURS) / 24 / 365
    floods = [event for event in truth["events"] if event["label"] == "must_not" and event["onset"] >= FREE_HOURS]
    return {
        **summary([delays[event["id"]] for event in must], len(false), years * len(sizes)),
        "alerts": len(counted),
        "floods": len(floods),
        "flood_alerts": sum(_in_flood(events[song], hour) for song, hour in false),
        "by_size": {
            name: summary(
                [delays[event["id"]] for event in must if sizes[event["song"]] == name],
                sum(sizes[song] == name for song, _ in false),
                years * sum(size == name for size in sizes.values()),
            )
            for name, _, _ in SIZES
        },
        "by_kind": {
            kind: _recall([delays[event["id"]] for event in must if event["kind"] == kind])
            for kind in sorted({event["kind"] for event in must})
        },
        "missed": [_missed(event, sizes) for event in must if delays[event["id"]] is None],
        "false": [_false(truth, events[song], sizes, song, hour) for song, hour in false],
    }


def summary(delays: Sequence[int | None], false: int, years: float) -> dict[str, Any]:
    """Precision, recall and the rest from the delay of each event (None: missed) and the number of false alarms."""
    hits = [delay for delay in delays if delay is not None]
    precision, recall = len(hits) / max(len(hits) + false, 1), len(hits) / max(len(delays), 1)
    return {
        "f1": round(2 * precision * recall / max(precision + recall, 1e-9), 3),
        "precision": round(precision, 3),
        "recall": round(recall, 3),
        "delay_hours": median(hits) if hits else None,
        "false_per_song_year": round(false / years, 3) if years else None,
        "events": len(delays),
        "false_alarms": false,
    }


def delay_of(event: Mapping[str, Any], hours: Iterable[int]) -> int | None:
    """Hours from the event's onset to its first alert among `hours`; None where it was missed."""
    until = min(event["end"] + 24, event["onset"] + FREE_HOURS)
    inside = [hour for hour in hours if event["onset"] <= hour <= until]
    return min(inside) + 1 - event["onset"] if inside else None


def _recall(delays: Sequence[int | None]) -> dict[str, Any]:
    hits = [delay for delay in delays if delay is not None]
    recall = round(len(hits) / len(delays), 3)
    return {"recall": recall, "events": len(delays), "delay_hours": median(hits) if hits else None}


def _excused(events: Iterable[Mapping[str, Any]], hour: int) -> bool:
    real = (event for event in events if event["label"] in ("must", "may"))
    return any(event["onset"] - 6 <= hour <= event["end"] + 48 for event in real)


def _in_flood(events: Iterable[Mapping[str, Any]], hour: int) -> bool:
    floods = (event for event in events if event["label"] == "must_not")
    return any(event["onset"] - 6 <= hour <= event["end"] for event in floods)


def _missed(event: Mapping[str, Any], sizes: Mapping[int, str]) -> dict[str, Any]:
    kept = ("song", "kind", "onset", "end", "amp_per_h", "base_per_h", "excess_96h")
    times = round(event["amp_per_h"] / max(event["base_per_h"], 1e-9), 1)
    return {name: event[name] for name in kept} | {"size": sizes[event["song"]], "times_base": times}


def _false(
    truth: Mapping[str, Any], events: Sequence[Mapping[str, Any]], sizes: Mapping[int, str], song: int, hour: int
) -> dict[str, Any]:
    """A false alarm with what the truth says was going on, as far as that explains it."""
    why = [event["kind"] for event in events if event["label"] == "must_not" and _in_flood([event], hour)]
    why += ["holiday" for day in truth.get("holidays", []) if 0 <= hour - 24 * day < 60]
    before = [event for event in events if event["label"] != "must_not" and event["end"] + 48 < hour]
    why += ["tail of " + event["kind"] for event in before if hour - event["end"] <= 10 * 24]
    if truth["songs"][song].get("cls") == "new" and not before:
        why.append("before release")
    widened = [one for one in truth.get("hidden", []) if one["kind"] == "query_widened"]
    why += ["query widened" for one in widened if 0 <= hour - one["start"] <= 7 * 24]
    day = hour // 24
    if not why and day < YOUNG_DAYS:
        why.append("young archive")
    usual = np.mean([truth["base_per_day"][song][max(day - 14, 0) : day]])
    today = truth["base_per_day"][song][day] / max(float(usual), 1e-9)
    return {
        "song": song,
        "day": day,
        "hour": hour,
        "size": sizes[song],
        "why": why or ["noise"],
        "base_today": round(today, 2),
    }


def reasons(false: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """False alarms counted by size class and first reason."""
    return dict(sorted(Counter(f"{one['size']}: {one['why'][0]}" for one in false).items()))


def weekly_ndcg(truth: Mapping[str, Any], weeks: Mapping[int, NDArray[np.float64]]) -> float | None:
    """Mean NDCG of the ten songs that grow most; relevance: log2((organic week + 7) / (base week + 7)), not below 0.

    `weeks` holds one figure a song by the week's first hour; weeks that are not whole, or begin before the free days
    are over, are left out.
    """
    organic, base = (np.array(truth[name], float) for name in ("organic_per_day", "base_per_day"))
    discount = 1 / np.log2(np.arange(2, 12))
    found = []
    for start, growth in sorted(weeks.items()):
        day = round(start / 24)
        if start < FREE_HOURS or 24 * day + 168 > truth["hours"]:
            continue
        week, usual = (cells[:, day : day + 7].sum(axis=1) for cells in (organic, base))
        relevance = np.maximum(np.log2((week + 7) / (usual + 7)), 0)
        best = np.sort(relevance)[::-1][:10] @ discount[: len(relevance)]
        top = np.argsort(-growth, kind="stable")[:10]
        if best > 0:
            found.append(float(relevance[top] @ discount[: len(top)] / best))
    return round(float(np.mean(found)), 3) if found else None


def pooled(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The mean of each figure over archives; events, alerts and floods are added up."""
    added = ("events", "false_alarms", "alerts", "floods", "flood_alerts")
    result: dict[str, Any] = {}
    for name, value in found[0].items():
        values = [one[name] for one in found if one.get(name) is not None]
        if name in added:
            result[name] = sum(values)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            result[name] = round(float(np.mean(values)), 3)
    return result
