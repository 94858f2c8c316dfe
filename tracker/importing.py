"""Importing files: each once under the same catalogue and models, a bad line reported and skipped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collectors.capture_files import UnreadableFile, format_of, numbered_lines, open_lines, posts_in
from collectors.post_lines import CoverageLine, coverage_from_line
from collectors.records import BadLine, read_object
from models.korean_time import iso
from models.post import BadPost, Post, check_times, cleaned
from tracker.pipeline import Pipeline, Tally
from tracker.store import transaction
from tracker.store_coverage import save_coverage


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `already` when the same file was read before under the same catalogue and models."""

    file: str
    format: str
    lines: int
    tally: Tally
    bad: int
    already: bool = False


def import_file(
    pipeline: Pipeline,
    path: Path,
    *,
    clock: Callable[[], datetime],
    on_bad: Callable[[BadLine], None],
    on_line: Callable[[int], None] = lambda number: None,
) -> Imported:
    """Read one capture or file of post lines into the database; raises UnreadableFile.

    `on_bad` hears of every line that had to be skipped, `on_line` of every line read.
    """
    name, checksum = path.name, _checksum(path)
    kind = format_of(path)
    if _was_imported(pipeline, checksum):
        return Imported(name, kind, 0, Tally(), 0, already=True)
    reading = _Reading(clock, on_bad, on_line)
    tally = pipeline.take_in(reading.posts(path), source=kind)
    with transaction(pipeline.db) as connection:
        connection.execute(
            "insert into imports (checksum, version, file, finished_at, lines, posts) values (?, ?, ?, ?, ?, ?)",
            (checksum, pipeline.version, name, iso(clock()), reading.lines, tally.seen),
        )
    return Imported(name, kind, reading.lines, tally, reading.bad)


def import_coverage(pipeline: Pipeline, path: Path, *, on_bad: Callable[[BadLine], None]) -> int:
    """Read a file of coverage lines; returns how many were new. Raises UnreadableFile."""
    with transaction(pipeline.db) as connection:
        return save_coverage(connection, read_coverage(path, on_bad=on_bad))


def read_coverage(path: Path, *, on_bad: Callable[[BadLine], None]) -> Iterator[CoverageLine]:
    """The coverage lines of a file, plain or gzipped."""
    with open_lines(path) as file:
        for number, line in numbered_lines(file, path.name):
            try:
                yield coverage_from_line(read_object(line))
            except BadPost as error:
                on_bad(BadLine(number, str(error)))


class _Reading:
    """Counts what passes while a file is read, so that nothing has to be held in memory."""

    def __init__(
        self, clock: Callable[[], datetime], on_bad: Callable[[BadLine], None], on_line: Callable[[int], None]
    ) -> None:
        self.lines = self.bad = 0
        self._clock, self._on_bad, self._on_line = clock, on_bad, on_line

    def posts(self, path: Path) -> Iterator[Post]:
        now = self._clock()
        for number, found in posts_in(path):
            self.lines += 1
            self._on_line(number)
            if isinstance(found, Post):
                found = _checked(found, number, now)
            if isinstance(found, Post):
                yield found
            elif isinstance(found, BadLine):
                self.bad += 1
                self._on_bad(found)


def _checked(post: Post, number: int, now: datetime) -> Post | BadLine:
    try:
        return check_times(cleaned(post), now=now)
    except BadPost as error:
        return BadLine(number, str(error))


def _checksum(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror}") from None
    return digest.hexdigest()


def _was_imported(pipeline: Pipeline, checksum: str) -> bool:
    found = pipeline.db.execute(
        "select 1 from imports where checksum = ? and version = ?", [checksum, pipeline.version]
    ).fetchone()
    return found is not None
