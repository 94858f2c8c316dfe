"""The packaged figures are those of the packaged models on the labelled files beside the project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from models.catalogue import Catalogue
from models.evaluation.recorded import checksum, packaged
from tracker.judge import Judge
from tracker.labelled import read_labelled
from tracker.measuring import measure

SETS = ("posts_dev", "cases_dev", "links_dev")
AGAIN = (
    "run `ostpulse evaluate {file} --record models/data/quality.json --date ...` "
    "and `python -m tracker.quality docs/quality.md`"
)


def refuse(number: int, reason: str) -> None:
    raise AssertionError(f"line {number}: {reason}")


def differing(recorded: Any, fresh: Any, where: str = "") -> list[str]:
    """Where two measurements differ by more than the third decimal."""
    if isinstance(recorded, dict) and isinstance(fresh, dict) and recorded.keys() == fresh.keys():
        return [found for key in fresh for found in differing(recorded[key], fresh[key], f"{where}.{key}")]
    if isinstance(recorded, list) and isinstance(fresh, list) and len(recorded) == len(fresh):
        pairs = enumerate(zip(recorded, fresh, strict=True))
        return [found for place, pair in pairs for found in differing(*pair, f"{where}[{place}]")]
    if isinstance(recorded, float) and isinstance(fresh, float):
        return [] if abs(recorded - fresh) < 0.001 else [f"{where}: {recorded} is now {fresh}"]
    return [] if recorded == fresh else [f"{where}: {recorded} is now {fresh}"]


def test_the_packaged_figures_are_of_these_sets_and_no_others() -> None:
    assert set(packaged()) == set(SETS)


@pytest.mark.parametrize("name", SETS)
def test_recorded_figures_are_those_of_a_fresh_measurement(
    name: str, shared: Path, catalogue: Catalogue, judge: Judge
) -> None:
    file, recorded = shared / "data" / f"{name}.jsonl", packaged()[name]
    assert recorded["checksum"] == checksum(file.read_bytes()), AGAIN.format(file=file)
    fresh = measure(list(read_labelled(file, on_bad=refuse)), catalogue, judge)
    found = [
        each
        for key in ("posts", "tags", "links")
        for each in differing(recorded[key], fresh[key], key)
    ]  # fmt: skip
    assert not found, f"{AGAIN.format(file=file)}; {len(found)} figures differ, such as {found[:3]}"
