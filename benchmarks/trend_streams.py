"""What benchmarks/trend_cost.py measures on: invented archives of any size, and their rows as they lie in a file."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from benchmarks.archive import Archive
from benchmarks.paths import write_coverage, write_posts
from benchmarks.wording import catalogue_text, tunes
from models.catalogue import Source, read_catalogue
from models.post import TAGS
from tracker.config import Score
from tracker.importing import import_coverage, import_file
from tracker.pipeline import Pipeline
from tracker.scoring import score
from tracker.store import open_db
from tracker.store_catalogue import save_catalogue

START = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp())
PLATFORMS = ("tiktok", "youtube", "instagram", "x", "reddit")
PEOPLE = 60
"""People who keep naming a song, beside those who never did before: as many."""


def invented_archive(per_day: Sequence[float], *, days: int, seed: int) -> Archive:
    """Songs with so many posts a day each, at random times; half of them by people new to the song."""
    rng = np.random.default_rng(seed)
    many = rng.poisson(np.array(per_day) * days)
    song = np.repeat(np.arange(len(per_day)), many)
    total = len(song)
    at = START + rng.integers(0, days * 86400, total)
    known = song * PEOPLE + rng.integers(0, PEOPLE, total)
    views = np.exp(rng.normal(6, 1.7, total)).astype(np.int64)
    posts = {
        "at": at,
        "song": song,
        "platform": rng.integers(0, len(PLATFORMS), total),
        "author": np.where(rng.random(total) < 0.5, 10**6 + rng.permutation(total), known),
        "tag": rng.integers(0, len(TAGS), total),
        "views": views,
        "likes": views // 20,
        "comments": views // 200,
        "shares": views // 200,
    }
    order = np.argsort(at, kind="stable")
    truth = {"t0": START, "hours": days * 24, "songs": [{"id": place} for place in range(len(per_day))]}
    return Archive(
        name="invented",
        truth={**truth, "platforms": list(PLATFORMS), "events": []},
        posts={name: column[order] for name, column in posts.items()},
        log=np.ones((len(PLATFORMS), days * 24)),
    )


def scored_rows(archive: Archive, folder: Path, groups: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Rows of scores, and the bytes they fill, of each group of songs: imported, linked, tagged, stored and scored."""
    write_posts(archive, folder / "posts.jsonl", "varied", 0)
    write_coverage(archive, folder / "coverage.jsonl")
    end = datetime.fromtimestamp(archive.start, UTC) + timedelta(hours=archive.hours)
    catalogue = read_catalogue([Source("invented.toml", catalogue_text(tunes(archive.songs)))])
    with closing(open_db(folder / "all.db").conn) as connection:
        db = Database(connection)
        save_catalogue(db, catalogue, now=end)
        pipeline = Pipeline(db, catalogue, b"k" * 32, clock=lambda: end)
        import_file(pipeline, folder / "posts.jsonl", clock=lambda: end, on_bad=_refuse)
        import_coverage(pipeline, folder / "coverage.jsonl", on_bad=_refuse)
        score(db, until=end, settings=Score())
        slugs = [tune.slug for tune in tunes(archive.songs)]
        return [
            _alone(db, folder / f"{place}.db", [slugs[song] for song in group]) for place, group in enumerate(groups)
        ]


def _alone(db: Database, file: Path, songs: Sequence[str]) -> tuple[int, int]:
    """The rows of `songs`, and by how much an empty database grows by them."""
    query = f"select * from trend_scores where song in ({', '.join('?' * len(songs))})"
    found = db.execute(query, songs).fetchall()
    sizes = []
    for rows in ([], found):
        with closing(open_db(file.with_stem(f"{file.stem}-{len(rows)}")).conn) as connection:
            connection.execute("pragma foreign_keys = off")
            if rows:
                connection.executemany(f"insert into trend_scores values ({', '.join('?' * len(rows[0]))})", rows)
            connection.commit()
            connection.execute("vacuum")
            pages, size = (connection.execute(f"pragma {name}").fetchone()[0] for name in ("page_count", "page_size"))
            sizes.append(pages * size)
    return len(found), sizes[1] - sizes[0]


def _refuse(bad: object) -> None:
    raise ValueError(f"an invented line was refused: {bad}")
