"""Hold trend scores and alerts against simulated archives whose truth is known; JSON on stdout, tables on stderr.

usage: python -m benchmarks.trend FOLDER... [--path full|engine|both] [--texts varied|one] [--no-falls] [--no-simple]
       python -m benchmarks.trend --seeds 4 5 6 --simulator PATH/simulate.py [...]
       python -m benchmarks.trend --tune FOLDER...      thresholds of the simple methods, by their rule

What a hit, a false alarm and the delay are is in benchmarks/figures.py; alerts are counted twice, as raised and as
confirmed. What `full` and `engine` are is in benchmarks/paths.py; the falls (benchmarks/falling.py) are always measured
on the engine, the simple methods (benchmarks/simple_methods.py) on the same archives.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks import simple_methods
from benchmarks.archive import Archive, read_archive, simulate
from benchmarks.falling import falls_named, outage
from benchmarks.figures import alerts_against, pooled, reasons, weekly_ndcg
from benchmarks.paths import Found, by_engine, by_import
from benchmarks.wording import TEXTS

COLUMNS = ("f1", "precision", "recall", "delay_hours", "false_per_song_year", "flood_alerts", "floods")
FLOODS = 115
"""The targets speak of so many floods, those of seeds 4 to 6 together."""
TARGETS = (
    ("provisional", "f1", ">=", 0.86),
    ("provisional", "delay_hours", "<=", 5),
    ("provisional", "false_per_song_year", "<=", 0.3),
    ("confirmed", "f1", ">=", 0.88),
    ("confirmed", "delay_hours", "<=", 12),
    ("confirmed", "false_per_song_year", "<=", 0.2),
    ("confirmed", "alerts_per_115_floods", "<=", 10),
    ("", "ndcg_at_10", ">=", 0.88),
    ("falls", "calm_fading_logged", "<=", 0.1),
    ("falls", "calm_fading_silent", "<=", 0.1),
    ("falls", "true_falls_named", ">=", 0.7),
    ("falls", "cut_songs_named", ">=", 0.7),
)


def measured(archive: Archive, found: Found) -> dict[str, Any]:
    """What one way found in one archive, held against its truth."""
    return {
        "provisional": alerts_against(archive.truth, found.raised),
        "confirmed": alerts_against(archive.truth, found.confirmed),
        "ndcg_at_10": weekly_ndcg(archive.truth, found.weeks),
        "true_falls": falls_named(archive.truth, found.states),
        "seconds": {name: round(seconds, 1) for name, seconds in found.seconds.items()},
        "score_seconds_per_million_song_hours": round(found.seconds["score"] * 1e6 / archive.songs / archive.hours, 1),
        **found.notes,
    }


def simple(archive: Archive) -> dict[str, dict[str, Any]]:
    """The four simple methods on people and on plain posts."""
    rows = {}
    for what, count in simple_methods.COUNTED.items():
        counts = count(archive)
        for name, (method, _) in simple_methods.METHODS.items():
            scores = method(counts)
            found = alerts_against(archive.truth, simple_methods.alerts(scores, simple_methods.THRESHOLDS[name, what]))
            figures = {column: found[column] for column in COLUMNS}
            ranks = weekly_ndcg(archive.truth, simple_methods.weeks(archive, scores))
            rows[f"{name}, {what}"] = figures | {"ndcg_at_10": ranks}
    return rows


def tuned(archives: Sequence[Archive]) -> dict[str, float]:
    """For each simple method and what is counted, the threshold of the best mean F1 over `archives`."""
    best = {}
    for what, count in simple_methods.COUNTED.items():
        counted = [count(archive) for archive in archives]
        for name, (method, grid) in simple_methods.METHODS.items():
            scores = [method(counts) for counts in counted]
            quality = [
                np.mean(
                    [
                        alerts_against(archive.truth, simple_methods.alerts(score, threshold))["f1"]
                        for archive, score in zip(archives, scores, strict=True)
                    ]
                )
                for threshold in grid
            ]
            best[f"{name}, {what}"] = float(grid[int(np.argmax(quality))])
    return best


def run(folder: Path, paths: Sequence[str], texts: str, *, falls: bool, simples: bool) -> dict[str, Any]:
    """Everything that was asked for, of one archive."""
    archive = read_archive(folder)
    ways = {"full": partial(by_import, texts=texts), "engine": by_engine}
    result: dict[str, Any] = {"folder": archive.name, "posts": len(archive.hour)}
    result["paths"] = {path: measured(archive, ways[path](archive)) for path in paths}
    if falls:
        result["falls"] = outage(archive, by_engine)
    if simples:
        result["simple"] = simple(archive)
    return result


def together(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The mean of each figure over the archives, with counts added up, and which targets are met."""
    means: dict[str, Any] = {"paths": {}}
    for path in results[0]["paths"]:
        found = [one["paths"][path] for one in results]
        mean: dict[str, Any] = {"ndcg_at_10": _mean(one["ndcg_at_10"] for one in found)}
        for kind in ("provisional", "confirmed"):
            mean[kind] = pooled([one[kind] for one in found])
            mean[kind]["alerts_per_115_floods"] = _per_flood(mean[kind])
            mean[kind]["false_reasons"] = reasons(alarm for one in found for alarm in one[kind]["false"])
            for split in ("by_size", "by_kind"):
                names = dict.fromkeys(name for one in found for name in one[kind][split])
                parts = {name: [one[kind][split][name] for one in found if name in one[kind][split]] for name in names}
                mean[kind][split] = {name: pooled(part) for name, part in parts.items()}
        mean["falls"] = {"true_falls_named": _ratio(one["true_falls"] for one in found)}
        if "falls" in results[0]:
            mean["falls"] |= {
                f"calm_fading_{way}": _ratio(one["falls"][way] for one in results)
                for way in ("logged", "silent", "no_outage")
            }
            mean["falls"]["cut_songs_named"] = _ratio(one["falls"]["cut_to_30_percent"] for one in results)
        mean["targets"] = list(_against_targets(mean))
        means["paths"][path] = mean
    if "simple" in results[0]:
        means["simple"] = {name: pooled([one["simple"][name] for one in results]) for name in results[0]["simple"]}
    return means


def _against_targets(mean: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for group, name, sign, target in TARGETS:
        value = (mean[group] if group else mean).get(name)
        if value is not None:
            met = value >= target if sign == ">=" else value <= target
            yield {"target": f"{group} {name} {sign} {target}".strip(), "value": value, "met": bool(met)}


def _mean(values: Iterable[float | None]) -> float | None:
    stated = [value for value in values if value is not None]
    return round(float(np.mean(stated)), 3) if stated else None


def _ratio(shares: Iterable[Mapping[str, Any]]) -> float | None:
    found = list(shares)
    of = sum(one["of"] for one in found)
    return round(sum(one["yes"] for one in found) / of, 3) if of else None


def _per_flood(figures: Mapping[str, Any]) -> float | None:
    return round(figures["flood_alerts"] * FLOODS / figures["floods"], 1) if figures["floods"] else None


def table(results: Sequence[Mapping[str, Any]], means: Mapping[str, Any]) -> str:
    """The main figures as Markdown: each archive, the mean, its size classes and kinds, and the simple methods."""
    names = [column.replace("_", " ") for column in COLUMNS]
    lines = ["| what | " + " | ".join([*names, "NDCG@10"]) + " |", "|---" * (len(names) + 2) + "|"]
    for one in [*results, {"folder": "mean", "paths": means["paths"]}]:
        for path, found in one["paths"].items():
            for kind in ("provisional", "confirmed"):
                lines.append(_row(f"{one['folder']} {path} {kind}", found[kind], found["ndcg_at_10"]))
    for path, mean in means["paths"].items():
        for kind in ("provisional", "confirmed"):
            parts = {**mean[kind]["by_size"], **mean[kind]["by_kind"]}
            lines += [_row(f"{path} {kind}: {name}", part) for name, part in parts.items()]
    lines += [_row(name, figures, figures["ndcg_at_10"]) for name, figures in means.get("simple", {}).items()]
    for path, mean in means["paths"].items():
        lines += ["", f"| target ({path}) | value | met |", "|---|---|---|"]
        lines += [f"| {one['target']} | {one['value']} | {'yes' if one['met'] else 'NO'} |" for one in mean["targets"]]
    return "\n".join(lines)


def _row(name: str, figures: Mapping[str, Any], ndcg: float | None = None) -> str:
    cells = [*(figures.get(column) for column in COLUMNS), ndcg]
    return f"| {name} | " + " | ".join("" if cell is None else f"{cell:g}" for cell in cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--seeds", nargs="+", type=int, default=[])
    parser.add_argument("--simulator", type=Path)
    parser.add_argument("--path", choices=("full", "engine", "both"), default="full")
    parser.add_argument("--texts", choices=sorted(TEXTS), default="varied")
    parser.add_argument("--no-falls", action="store_true")
    parser.add_argument("--no-simple", action="store_true")
    parser.add_argument("--tune", action="store_true")
    given = parser.parse_args()
    if not given.folders and not given.seeds:
        parser.error("give folders, or --seeds and --simulator")
    if given.seeds and not given.simulator:
        parser.error("--seeds needs --simulator")
    with TemporaryDirectory(prefix="ostpulse-simulated-") as name:
        folders = [*given.folders, *(simulate(given.simulator, seed, Path(name)) for seed in given.seeds)]
        if given.tune:
            print(json.dumps(tuned([read_archive(folder) for folder in folders]), indent=2))
            return
        paths = ("full", "engine") if given.path == "both" else (given.path,)
        wanted = {"falls": not given.no_falls, "simples": not given.no_simple}
        results = [run(folder, paths, given.texts, **wanted) for folder in folders]
    means = together(results)
    print(json.dumps({"archives": results, "mean": means}, indent=2))
    print(table(results, means), file=sys.stderr)


if __name__ == "__main__":
    main()
