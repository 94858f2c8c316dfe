"""The table of coverage: which share of each hour's planned collection succeeded; append only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import timedelta

from collectors.post_lines import CoverageLine
from models.korean_time import iso
from tracker.store import mark_dirty


def save_coverage(connection: sqlite3.Connection, lines: Iterable[CoverageLine]) -> int:
    """Append coverage lines that are not there yet; returns how many were new."""
    added = 0
    for line in lines:
        cursor = connection.execute(
            """insert into coverage (platform, hour, fraction, noted_at) select ?1, ?2, ?3, ?4
            where not exists (
                select 1 from coverage where platform = ?1 and hour = ?2 and fraction = ?3 and noted_at = ?4
            )""",
            (line.platform, iso(line.hour), line.fraction, iso(line.noted_at)),
        )
        if cursor.rowcount:
            added += 1
            mark_dirty(connection, iso(line.noted_at - timedelta(seconds=1)))  # noted at its end is known in the hour
    return added
