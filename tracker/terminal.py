"""What a person sees in a terminal: tables, a progress bar, one line of JSON when asked for."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Advance(Protocol):
    """Told how far a piece of work has come."""

    def __call__(self, done: int, total: int | None = None, /) -> None: ...


def say(text: str = "") -> None:
    """One line on standard output, control characters (which could move the cursor) taken out."""
    sys.stdout.write(_CONTROL.sub("", text) + "\n")


def complain(text: str) -> None:
    """One line on standard error."""
    sys.stderr.write(_CONTROL.sub("", text) + "\n")


def say_json(value: Any) -> None:
    """A value as JSON, Hangul readable."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def width() -> int:
    """Columns of the terminal; 160 where output goes to a file."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 160


def say_table(headings: Sequence[str], rows: Sequence[Sequence[object]], *, title: str | None = None) -> None:
    """A table as wide as it needs to be; numbers to the right, wide Hangul counted as two columns."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for place, heading in enumerate(headings):
        numeric = bool(rows) and all(isinstance(row[place], int | float | None) for row in rows)
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_CONTROL.sub("", "" if cell is None else str(cell))) for cell in row))
    console = Console()
    if not console.is_terminal:
        console = Console(width=width(), no_color=True)
    console.print(table)


@contextmanager
def progress(*tasks: str) -> Iterator[tuple[Advance, ...]]:
    """A progress bar for each task on a terminal (on standard error), silence elsewhere."""
    if not sys.stderr.isatty():
        yield tuple(_silent for _ in tasks)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        yield tuple(_advance(bars, bars.add_task(task, total=None)) for task in tasks)


def _silent(done: int, total: int | None = None, /) -> None:
    pass


def _advance(bars: Progress, task: TaskID) -> Advance:
    def advance(done: int, total: int | None = None, /) -> None:
        bars.update(task, completed=done, total=total)

    return advance
