"""Which of Datasette's open databases are ostpulse's, and which of those hold invented posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datasette.app import Datasette


MARKS = frozenset({"meta", "posts", "trend_scores", "alerts", "coverage", "runs"})
"""A database that has all of these tables is one of ours."""

_NAMES = "_ostpulse_databases"


async def note(datasette: Datasette) -> None:
    """Look through the open databases once and remember ours on the Datasette object itself."""
    found = []
    for name, database in datasette.databases.items():
        if set(await database.table_names()) >= MARKS:
            found.append(name)
    setattr(datasette, _NAMES, tuple(found))


def names(datasette: Datasette) -> tuple[str, ...]:
    """The names of our databases, in the order in which they were opened; empty before `note` ran."""
    return tuple(getattr(datasette, _NAMES, ()))


async def is_demo(datasette: Datasette, name: str) -> bool:
    """Whether every post of this database is invented."""
    rows = await datasette.get_database(name).execute("select value from meta where key = 'demo'")
    return any(row["value"] == "1" for row in rows)
