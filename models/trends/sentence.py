"""The one sentence of an alert: a count and an expectation that anybody can check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.trends.surprise import WINDOWS


def plain(number: float) -> str:
    """'18', '4.2', '0.03': whole from ten on, one decimal below, two below 0.1 or so."""
    if number >= 9.95:
        return f"{number:.0f}"
    text = f"{number:.1f}" if number >= 0.095 else f"{number:.2f}"
    return text.removesuffix(".0")


def expected_people(parts: Mapping[str, Any], window: int) -> float:
    """How many people were expected in a window: the weighted expectation over what a person of the song weighs."""
    return float(parts["expected"][window]) / max(float(parts["per_head"]), 0.01)


def people_in(parts: Mapping[str, Any], window: int) -> str:
    """'18 people in 24 h where 4 were expected'."""
    people, expected = int(parts["people"][window]), plain(expected_people(parts, window))
    were = "was" if expected == "1" else "were"
    who = "1 person" if people == 1 else f"{people} people"
    return f"{who} in {WINDOWS[window]} h where {expected} {were} expected"


def onset(parts: Mapping[str, Any]) -> str:
    """The sentence for the window that surprises most, the longer one where two are alike."""
    surprise = parts["surprise"]
    return people_in(parts, max(range(len(WINDOWS)), key=lambda window: (surprise[window], window)))
