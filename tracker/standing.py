"""How things stand: every source, its last runs and coverage, what waits, how large the database is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from collectors.sources import SOURCES
from models.korean_time import iso, moment
from tracker.config import Config
from tracker.store import get_meta, open_to_read


def standing(config: Config, database: Path, *, environment: Mapping[str, str]) -> dict[str, Any]:
    """Everything `status` tells, fit for JSON; a database that does not exist yet counts as empty."""
    db = open_to_read(database) if database.is_file() else None
    try:
        return {
            "database": str(database),
            "exists": db is not None,
            "size_bytes": sum(file.stat().st_size for file in _files(database)),
            "posts": _count(db, "posts"),
            "passed_over": _count(db, "passed_over"),
            "possible_mentions": _count(db, "possible_mentions"),
            "alerts": _count(db, "alerts"),
            "scored_until": get_meta(db, "scored_until") if db else None,
            "catalogue": get_meta(db, "catalogue") if db else None,
            "sources": [_source(config, name, db, environment) for name in SOURCES],
        }
    finally:
        if db is not None:
            db.conn.close()


def _files(database: Path) -> list[Path]:
    names = (database, database.with_name(database.name + "-wal"))
    return [file for file in names if file.is_file()]


def _count(db: Database | None, table: str) -> int:
    return int(db.execute(f"select count(*) from {table}").fetchone()[0]) if db else 0  # noqa: S608


def _source(config: Config, name: str, db: Database | None, environment: Mapping[str, str]) -> dict[str, Any]:
    facts, settings = SOURCES[name], getattr(config.collect, name)
    health = _health(db, name)
    return {
        "name": name,
        "platform": facts.platform,
        "enabled": settings.enabled,
        "needs_key": facts.needs_key,
        "has_key": all(environment.get(variable) for variable in facts.key_variables),
        "every_minutes": settings.every_minutes,
        "limits": facts.limits,
        "last_run": health.get("last_run"),
        "last_success": health.get("last_success"),
        "last_status": health.get("last_status"),
        "last_error": health.get("last_error"),
        "seen": health.get("seen"),
        "new": health.get("new"),
        "linked": health.get("linked"),
        "coverage_24h": _coverage(db, facts.platform),
    }


def _health(db: Database | None, source: str) -> dict[str, Any]:
    if db is None:
        return {}
    return next(iter(db.query("select * from source_health where source = ?", [source])), {})


def _coverage(db: Database | None, platform: str) -> float | None:
    """The mean covered fraction of a platform's hours in the 24 hours before its last coverage line."""
    if db is None:
        return None
    last = db.execute("select max(hour) from coverage where platform = ?", [platform]).fetchone()[0]
    if last is None:
        return None
    since = iso(moment(last) - timedelta(hours=23))
    (covered,) = db.execute(
        """select avg(fraction) from coverage as line where platform = ?1 and hour >= ?2 and id = (
            select id from coverage as later where later.platform = ?1 and later.hour = line.hour
            order by noted_at desc, id desc limit 1
        )""",
        [platform, since],
    ).fetchone()
    return None if covered is None else float(covered)
