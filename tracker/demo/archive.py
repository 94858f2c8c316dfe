"""Open the packaged sample archive: posts, coverage, the demo's own catalogue, and what each writer meant."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files

from models.catalogue import Source
from tracker.demo import story

_FOLDER = files("tracker") / "data" / "demo"

ARCHIVE = _FOLDER / "archive.jsonl.gz"
"""The post lines; a Traversable, for `importlib.resources.as_file`."""

LINES = 18_115
"""How many post lines there are, for a progress bar."""

COVERAGE = _FOLDER / "coverage.jsonl"
"""The coverage lines that belong to the archive."""

WINDOW: tuple[datetime, datetime] = (story.START, story.END)
"""From the start of the first hour to the end of the last, which is when 2026-W46 closes."""

STORY: tuple[str, ...] = tuple(f"{note.day} {note.subject}: {note.sentence}" for note in story.NOTES)
"""What should be recognisable, one line each: Korean day, song id (or source), and in words."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What the writer of one post had in mind; `songs` is empty for a post that must not link."""

    songs: tuple[str, ...]
    tag: str


def archive_lines() -> Iterator[bytes]:
    """The post lines, oldest observation first, each with its line end; they hold no label."""
    with ARCHIVE.open("rb") as packed, gzip.GzipFile(fileobj=packed) as lines:
        yield from lines


def coverage_lines() -> Iterator[bytes]:
    """The coverage lines, oldest hour first, each with its line end."""
    with COVERAGE.open("rb") as lines:
        yield from lines


def demo_catalogue() -> Source:
    """The invented dramas, singers, songs and events, to be read after the packaged catalogue."""
    return Source("the demo's catalogue.toml", (_FOLDER / "catalogue.toml").read_text("utf-8"))


def meant() -> dict[str, Meant]:
    """By key ('platform:id'), to compare with what the pipeline found; the pipeline itself never sees it."""
    with (_FOLDER / "meant.jsonl.gz").open("rb") as packed, gzip.GzipFile(fileobj=packed) as lines:
        rows = map(json.loads, lines)
        return {row["key"]: Meant(tuple(row["songs"]), row["tag"]) for row in rows}
