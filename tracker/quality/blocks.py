"""What a page about quality is made of: sentences and tables, and how a figure with its interval is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

TOO_FEW = "too few"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is shown; whole numbers stay numbers, all else is text."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


Block = str | Table
"""A paragraph (`code` between backticks) or a table."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it."""

    title: str
    blocks: tuple[Block, ...]


def rate(figures: Mapping[str, Any], name: str, decimals: int = 2) -> str:
    """'.85 [.80-.89]' for the figure `name`, '-' where nothing was measured."""
    value = figures[name]
    if value is None:
        return "-"
    low, high = figures[f"{name}_interval"]
    return f"{plain(value, decimals)} [{plain(low)}-{plain(high)}]"


def plain(value: float | None, decimals: int = 2) -> str:
    """'.85', '1.00' or '-'; an interval is not shown."""
    if value is None:
        return "-"
    return f"{value:.{decimals}f}".removeprefix("0") if value < 1 else f"{value:.{decimals}f}"


def mark(figures: Mapping[str, Any]) -> str:
    """'too few' where a figure rests on too few posts to be believed."""
    return TOO_FEW if figures["too_few"] else ""


def table(caption: str, headings: Iterable[str], rows: Iterable[Iterable[str | int]]) -> Table:
    """A table of whatever can be iterated over."""
    return Table(caption, tuple(headings), tuple(tuple(row) for row in rows))
