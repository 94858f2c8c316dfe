"""How often dramas and artists are named in posts that mention none of their songs: the show's own buzz, by day."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping


def count_buzz(connection: sqlite3.Connection, named: Mapping[tuple[str, str], int], *, source: str) -> None:
    """Add posts to (drama or artist, Korean day of publication), in the order of both."""
    connection.executemany(
        """insert into buzz (subject, day, source, posts) values (?, ?, ?, ?)
        on conflict (subject, day, source) do update set posts = posts + excluded.posts""",
        [(subject, day, source, posts) for (subject, day), posts in sorted(named.items())],
    )
