"""A table held by columns: a row is a position, and a selection copies only the columns that are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]

ROOM = 256
"""Rows that a table has room for from the start."""


class Table:
    """Columns of one length, by name; `table[name]` is the column itself, to be read or written in place."""

    __slots__ = ("columns",)

    def __init__(self, columns: dict[str, Column]) -> None:
        self.columns = columns

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def select(self, which: Column, names: Iterable[str] | None = None) -> Table:
        """The rows named by positions or flagged true, in a table of its own; of the columns `names` where given."""
        places = np.flatnonzero(which) if which.dtype == np.bool_ else which
        return Table({name: self[name].take(places) for name in names or self.columns})


class Growing(Table):
    """A table that rows are added to at its end: its columns have room for more than the rows that `table[name]` shows.

    `usual` is what a column says of a new row that does not say it itself.
    """

    __slots__ = ("_many", "usual")

    def __init__(self, columns: dict[str, Column], usual: Mapping[str, Any]) -> None:
        super().__init__(columns)
        self.usual = usual
        self._many = super().__len__()

    def __len__(self) -> int:
        return self._many

    def __getitem__(self, name: str) -> Column:
        return self.columns[name][: self._many]

    def append(self, rows: Table) -> None:
        """Add `rows`, which may have some of the columns alone, behind the others."""
        many = self._many + len(rows)
        if many > super().__len__():
            more = max(2 * many, ROOM) - self._many
            self.columns = {
                name: np.concatenate([self[name], np.full(more, self.usual[name], column.dtype)])
                for name, column in self.columns.items()
            }
        for name, column in rows.columns.items():
            self.columns[name][self._many : many] = column
        self._many = many

    def after(self, start: int) -> Table:
        """The rows from `start` on, without a copy."""
        return Table({name: column[start : self._many] for name, column in self.columns.items()})


def distinct(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """`places` in order, each once."""
    ordered = np.sort(places)
    first = np.ones(len(ordered), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered.compress(first)
