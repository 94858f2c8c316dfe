"""What Datasette is told of the database: titles, help, facets and canned queries, from two TOML files."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

INVENTED = "Demo: every post here is invented. "
"""Stands before every description of a demo database."""


def metadata(database: str = "ostpulse", *, demo: bool = False) -> dict[str, Any]:
    """Datasette's metadata for the database named `database` (the file's name without .db).

    A new dict at each call, because Datasette writes into the one it is given.
    """
    tables, queries = packaged_tables(), packaged_queries()
    said = INVENTED if demo else ""
    for entry in (*tables.values(), *queries.values()):
        entry["description"] = said + entry.get("description", "")
    return {
        "title": "ostpulse demo" if demo else "ostpulse",
        "description": said + "K-drama songs that are going viral: where, how, and how we know.",
        "databases": {
            database: {
                "title": "ostpulse demo" if demo else "ostpulse",
                "description": said + "Everything that was collected, linked, tagged and scored.",
                "tables": tables,
                "queries": queries,
            }
        },
    }


def write_metadata(path: Path, database: str = "ostpulse", *, demo: bool = False) -> None:
    """Write the metadata as a file for plain Datasette: `datasette ostpulse.db -m metadata.json`."""
    path.write_text(json.dumps(metadata(database, demo=demo), ensure_ascii=False, indent=2) + "\n", "utf-8")


def packaged_tables() -> dict[str, dict[str, Any]]:
    """What is said of each table and view, by its name."""
    return _packaged("tables.toml")


def packaged_queries() -> dict[str, dict[str, Any]]:
    """The canned queries by name, their SQL folded away until asked for."""
    return {
        name: {**query, "sql": query["sql"].strip(), "hide_sql": True}
        for name, query in _packaged("queries.toml").items()
    }


def _packaged(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("tracker.explorer") / name).read_text("utf-8"))
