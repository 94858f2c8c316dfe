"""The two ways from a simulated archive to alerts, weekly growth and states: what users have, and the engine alone.

`full` is the way of a user's files: post lines and coverage lines are imported into a database under a catalogue of
the simulated songs, linked, tagged, stored and scored; alerts, weeks and states are read from the tables. `engine`
hands the same posts to the engine, with the simulator's own types and authors, and takes a minute where the other
takes ten. Both know a post when it is published and its counters six hours later.
"""

from __future__ import annotations

import heapq
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from benchmarks.archive import COUNTS, VIEWS_AFTER, Archive
from benchmarks.wording import TEXTS, catalogue_text, tunes
from models.catalogue import Source, read_catalogue
from models.korean_time import iso, moment
from models.post import TAGS
from models.trends.heard import TAG_WEIGHTS, Count, Heard, Line, Mention, number
from models.trends.memory import TrackedSong
from models.trends.states import STATES
from models.trends.trend import Trend
from tracker.config import Score
from tracker.importing import import_coverage, import_file
from tracker.pipeline import Pipeline
from tracker.scoring import score
from tracker.store import open_db
from tracker.store_catalogue import save_catalogue

FADING = STATES.index("fading")


@dataclass
class Found:
    """What was said of an archive: alerts as (song, hour that ended with it), growth of songs by the first hour of a
    week, and songs x hours of states (places in models.trends.states.STATES)."""

    raised: list[tuple[int, int]]
    confirmed: list[tuple[int, int]]
    weeks: dict[int, NDArray[np.float64]]
    states: NDArray[np.int8]
    seconds: dict[str, float]
    notes: dict[str, Any] = field(default_factory=dict)


def by_engine(archive: Archive) -> Found:
    """Straight into the engine."""
    first = archive.start // 3600
    trend = Trend([TrackedSong(f"{song:05d}") for song in range(archive.songs)], hour=first)
    found = Found([], [], {}, np.zeros((archive.songs, archive.hours), np.int8), {"score": 0.0})
    for hour, heard in enumerate(heard_by_hour(archive)):
        began = time.perf_counter()
        scores = trend.step(heard)
        found.seconds["score"] += time.perf_counter() - began
        found.raised += [(song, hour) for song in scores.moved.raised]
        found.confirmed += [(song, hour) for song, _ in scores.moved.confirmed]
        found.weeks |= {rows.start - first: rows.growth_log2 for rows in scores.rows if rows.period == "week"}
        found.states[:, hour] = scores.now.states
    return found


def heard_by_hour(archive: Archive) -> Iterator[Heard]:
    """What becomes known in each hour of the run."""
    posts, hours = archive.posts, np.arange(archive.hours + 1)
    authors = {author: number(f"u{author}") for author in set(posts["author"].tolist())}
    pairs = posts["song"] * (posts["author"].max(initial=0) + 1) + posts["author"]
    new = np.zeros(len(pairs), bool)
    new[np.unique(pairs, return_index=True)[1]] = True
    columns = [posts[name].tolist() for name in ("song", "author", "platform", "tag", "at", "views")]
    published = np.searchsorted(archive.hour, hours)
    read = np.searchsorted(posts["at"] + VIEWS_AFTER, archive.start + 3600 * hours)
    first, weights = archive.start // 3600, list(TAG_WEIGHTS.values())
    for hour in range(archive.hours):
        mentions = []
        for place in range(published[hour], published[hour + 1]):
            song, author, platform, tag, at, _ = (column[place] for column in columns)
            who, where = authors[author], archive.platforms[platform]
            mentions.append(Mention(place + 1, f"{song:05d}", who, where, tag, weights[tag], at, bool(new[place])))
        counts = [
            Count(place + 1, columns[4][place] + VIEWS_AFTER, columns[5][place], None)
            for place in range(read[hour], read[hour + 1])
        ]
        log = [Line(name, first + hour, archive.log[row, hour]) for row, name in enumerate(archive.platforms)]
        yield Heard(mentions, counts, log, ())


def by_import(archive: Archive, texts: str = "varied", *, seed: int = 0) -> Found:
    """Through files, import, database and scoring; `texts` is one of TEXTS."""
    with TemporaryDirectory(prefix="ostpulse-benchmark-") as name:
        folder = Path(name)
        songs = tunes(archive.songs)
        write_posts(archive, folder / "posts.jsonl", texts, seed)
        write_coverage(archive, folder / "coverage.jsonl")
        end = datetime.fromtimestamp(archive.start, UTC) + timedelta(hours=archive.hours)
        catalogue = read_catalogue([Source("simulated.toml", catalogue_text(songs))])
        db = open_db(folder / "ostpulse.db")
        try:
            save_catalogue(db, catalogue, now=end)
            seconds = _import_and_score(db, Pipeline(db, catalogue, b"k" * 32, clock=lambda: end), folder, end)
            return _from_tables(db, archive, seconds)
        finally:
            db.conn.close()


def _import_and_score(db: Database, pipeline: Pipeline, folder: Path, end: datetime) -> dict[str, float]:
    def refuse(bad: object) -> None:
        raise ValueError(f"a simulated line was refused: {bad}")

    began = time.perf_counter()
    import_file(pipeline, folder / "posts.jsonl", clock=lambda: end, on_bad=refuse)
    import_coverage(pipeline, folder / "coverage.jsonl", on_bad=refuse)
    imported = time.perf_counter()
    score(db, until=end, settings=Score())
    return {"import": imported - began, "score": time.perf_counter() - imported}


def write_posts(archive: Archive, path: Path, texts: str, seed: int) -> None:
    """Two post lines a post, in the order in which they are known: as published, and its counters later."""
    songs, wording, chance = tunes(archive.songs), TEXTS[texts], random.Random(seed)
    columns = [column.tolist() for column in archive.posts.values()]
    names = list(archive.posts)

    def lines(later: int) -> Iterator[tuple[int, int, dict[str, Any]]]:
        for place, values in enumerate(zip(*columns, strict=True)):
            post = dict(zip(names, values, strict=True))
            line = {
                "platform": archive.platforms[post["platform"]],
                "id": f"{post['song']}-{place}",
                "author": f"u{post['author']}",
                "published_at": _text(post["at"]),
                "observed_at": _text(post["at"] + later),
            }
            yield post["at"] + later, place, line | ({name: post[name] for name in COUNTS} if later else {})

    end = archive.start + 3600 * archive.hours
    said: dict[str, tuple[str, str]] = {}
    with path.open("w", encoding="utf-8") as file:
        for at, place, line in heapq.merge(lines(0), lines(VIEWS_AFTER)):
            if at >= end:
                break
            if line["id"] not in said:
                said[line["id"]] = wording(songs[columns[1][place]], columns[4][place], chance)
                language, text = said[line["id"]]
            else:
                language, text = said.pop(line["id"])
            file.write(json.dumps({**line, "language": language, "text": text}, ensure_ascii=False) + "\n")


def write_coverage(archive: Archive, path: Path) -> None:
    """The collector's log as coverage lines, each noted at the end of its hour."""
    with path.open("w", encoding="utf-8") as file:
        for hour in range(archive.hours):
            at = archive.start + 3600 * hour
            for platform, fraction in zip(archive.platforms, archive.log[:, hour].tolist(), strict=True):
                line = {"platform": platform, "hour": _text(at), "fraction": fraction, "noted_at": _text(at + 3600)}
                file.write(json.dumps(line) + "\n")


def _from_tables(db: Database, archive: Archive, seconds: dict[str, float]) -> Found:
    def hour_of(text: str) -> int:
        return (int(moment(text).timestamp()) - archive.start) // 3600

    def song_of(slug: str) -> int:
        return int(slug.removeprefix("song-"))

    alerts = db.execute("select song, raised_at, confirmed_at from alerts order by raised_at, song").fetchall()
    weeks: dict[int, NDArray[np.float64]] = {}
    for start, song, growth in db.execute("select start, song, growth_log2 from trend_scores where period = 'week'"):
        weeks.setdefault(hour_of(start), np.full(archive.songs, -np.inf))[song_of(song)] = growth
    states = np.full((archive.songs, archive.hours), -1, np.int8)
    for start, song, state in db.execute("select start, song, state from trend_scores where period = 'hour'"):
        states[song_of(song), hour_of(start)] = STATES.index(state)
    return Found(
        raised=[(song_of(song), hour_of(raised) - 1) for song, raised, _ in alerts],
        confirmed=sorted((song_of(song), hour_of(at) - 1) for song, _, at in alerts if at),
        weeks=weeks,
        states=carried_on(states),
        seconds=seconds,
        notes=_linked(db),
    )


def carried_on(states: NDArray[np.int8]) -> NDArray[np.int8]:
    """Songs x hours with every gap (-1) filled by the state before it, dormant where there is none."""
    places = np.where(states >= 0, np.arange(states.shape[1]), 0)
    filled = np.take_along_axis(states, np.maximum.accumulate(places, axis=1), axis=1)
    return np.maximum(filled, 0).astype(np.int8)


def _linked(db: Database) -> dict[str, Any]:
    """How posts were linked and tagged: a wrong link or a lost post would make scores worse for no fault of theirs."""
    meant = "printf('song-%05d', cast(substr(post, instr(post, ':') + 1) as integer))"
    right, wrong = db.execute(
        f"select coalesce(sum(song = {meant}), 0), coalesce(sum(song <> {meant}), 0) from mentions"
    ).fetchone()
    (seen,) = db.execute("select coalesce(sum(posts), 0) from seen_counts").fetchone()
    tags = dict(db.execute("select tag, count(*) from tags group by tag").fetchall())
    return {
        "posts": seen,
        "linked_right": right,
        "linked_wrong": wrong,
        "tags": {tag: tags.get(tag, 0) for tag in TAGS},
    }


def _text(at: int) -> str:
    return iso(datetime.fromtimestamp(at, UTC))
