"""The demo: the packaged archive through the same pipeline as live posts, compared with what its writer meant."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.resources import as_file
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from models.catalogue import load_catalogue
from models.complaint import Complaint
from tracker.authors import key_path
from tracker.config import Config
from tracker.demo.archive import ARCHIVE, COVERAGE, LINES, STORY, WINDOW, Meant, demo_catalogue, meant
from tracker.importing import import_coverage, import_file
from tracker.lock import only_writer
from tracker.pipeline import Pipeline
from tracker.report.write import write_report
from tracker.scoring import score
from tracker.store import get_meta, open_db, open_to_read, set_meta, transaction
from tracker.store_catalogue import save_catalogue
from tracker.terminal import Advance

FILE = "ostpulse-demo.db"
KEY = hashlib.sha256(b"ostpulse demo: invented authors need no secret").digest()
CHART_ROWS = 15


@dataclass(frozen=True)
class Shown:
    """What the demo found, and how much of it was found as its writer meant it."""

    database: str
    report: str
    week: str
    posts: int
    languages: int
    platforms: int
    readings: int
    hours: int
    alerts: int
    chart: list[dict[str, Any]]
    story: list[str]
    links_meant: int
    links_right: int
    links_missed: int
    links_wrong: int
    quiet_meant: int
    quiet_right: int
    tags_meant: int
    tags_right: int

    def as_dict(self) -> dict[str, Any]:
        """Fit for JSON."""
        return asdict(self)


def run_demo(out: Path, *, on_posts: Advance, on_hours: Advance) -> Shown:
    """Make the demo's database and report in `out`, over those of an earlier demo.

    Raises Complaint when a database that is no demo stands in the way.
    """
    database = out / FILE
    out.mkdir(parents=True, exist_ok=True)
    with only_writer(database, task="demo"):
        _clear_away(database)
        _write_key(database)
        with closing(open_db(database).conn) as connection:
            db = Database(connection)
            summary = _fill(db, on_posts=on_posts, on_hours=on_hours)
            written = write_report(db, week=None, folder=out, top=20, demo=True)
            page = next(file for file in written.files if file.suffix == ".html")
            chart = list(
                db.query(
                    "select * from weekly_chart where week = ? order by rank limit ?",
                    [written.week, CHART_ROWS],
                )
            )
            compared = _compare(db, meant())
            _tidy(connection)
    return Shown(
        database=str(database),
        report=str(page),
        week=written.week,
        chart=chart,
        story=list(STORY),
        **summary,
        **compared,
    )


def _clear_away(database: Path) -> None:
    if database.exists():
        with closing(open_to_read(database).conn) as connection:
            if get_meta(Database(connection), "demo") != "1":
                raise Complaint(f"{database}: is not a demo's database; choose another folder with --out")
    for suffix in ("", "-wal", "-shm", ".key"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _write_key(database: Path) -> None:
    handle = os.open(key_path(database), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(KEY.hex() + "\n")


def _fill(db: Database, *, on_posts: Advance, on_hours: Advance) -> dict[str, int]:
    end = WINDOW[1]
    catalogue = load_catalogue([demo_catalogue()])
    save_catalogue(db, catalogue, now=end)
    with transaction(db) as connection:
        set_meta(connection, "demo", "1")
    pipeline = Pipeline(db, catalogue, KEY, clock=lambda: end)
    with as_file(ARCHIVE) as archive:
        import_file(
            pipeline, archive, clock=lambda: end, on_bad=_no_bad_lines, on_line=lambda line: on_posts(line, LINES)
        )
    with as_file(COVERAGE) as coverage:
        import_coverage(pipeline, coverage, on_bad=_no_bad_lines)
    scored = score(db, settings=Config().score, progress=on_hours)
    seen = meant()
    return {
        "posts": len(seen),
        "languages": _number(db, "select count(distinct language) from posts"),
        "platforms": _number(db, "select count(distinct platform) from posts"),
        "readings": _number(db, "select count(*) from readings"),
        "hours": scored.hours,
        "alerts": _number(db, "select count(*) from alerts where confirmed_at is not null"),
    }


def _no_bad_lines(bad: object) -> None:
    raise AssertionError(f"the packaged archive is damaged: {bad}")


def _number(db: Database, sql: str) -> int:
    return int(db.execute(sql).fetchone()[0])


def _compare(db: Database, truth: Mapping[str, Meant]) -> dict[str, int]:
    """How many songs, silences and tags were found as meant; a song counts once for each post that names it."""
    linked: dict[str, set[str]] = {}
    for post, song in db.execute("select post, song from mentions"):
        linked.setdefault(post, set()).add(song)
    tags = dict(db.execute("select post, tag from tags"))
    right = sum(len(linked.get(key, set()) & set(one.songs)) for key, one in truth.items())
    about = {key: one for key, one in truth.items() if one.songs}
    found = [key for key in about if linked.get(key)]
    return {
        "links_meant": sum(len(one.songs) for one in about.values()),
        "links_right": right,
        "links_missed": sum(len(one.songs) for one in about.values()) - right,
        "links_wrong": sum(map(len, linked.values())) - right,
        "quiet_meant": len(truth) - len(about),
        "quiet_right": sum(1 for key, one in truth.items() if not one.songs and key not in linked),
        "tags_meant": len(found),
        "tags_right": sum(tags.get(key) == about[key].tag for key in found),
    }


def _tidy(connection: sqlite3.Connection) -> None:
    connection.execute("analyze")
    connection.execute("vacuum")
    connection.execute("insert into posts_fts (posts_fts) values ('rebuild')")  # a vacuum may renumber rows
    connection.execute("pragma wal_checkpoint(truncate)")
