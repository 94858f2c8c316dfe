"""A table held by columns: a row is a position, and a selection copies only the columns that are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]


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
        return Table({name: self.columns[name].take(places) for name in names or self.columns})

    @classmethod
    def joined(cls, tables: Sequence[Table]) -> Table:
        """The rows of `tables`, which have the same columns, one after another."""
        return cls({name: np.concatenate([table[name] for table in tables]) for name in tables[0].columns})
