"""Files people have: which format a file is in, told by its content, and its posts one after another."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from collectors import post_lines, zeeschuimer
from collectors.records import BadLine, read_object
from models.complaint import Complaint
from models.post import BadPost, Post

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes; one line beyond this is refused unread, so that no file can fill the memory."""


class UnreadableFile(Complaint):
    """A file that cannot be read at all; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class Format:
    """A known file format: its name (kept as the posts' source) and how one object of it becomes a post."""

    name: str
    matches: Callable[[Mapping[str, Any]], bool]
    post: Callable[[Mapping[str, Any]], Post]


FORMATS = (
    Format("zeeschuimer", zeeschuimer.is_capture, zeeschuimer.post_from_capture),
    Format("post_lines", post_lines.is_post_line, post_lines.post_from_line),
)


def open_lines(path: Path) -> BinaryIO:
    """The bytes of a file, unpacked where it is gzipped (told by its first bytes, not by its name)."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        return io.BufferedReader(gzip.open(path)) if packed else path.open("rb")
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror}") from None


def recognise(lines: Iterator[tuple[int, bytes]], name: str) -> tuple[Format, list[tuple[int, bytes]]]:
    """The format of a file by the first object that any format knows, and the lines read to find it.

    Raises UnreadableFile when the first 50 lines hold no such object.
    """
    looked_at: list[tuple[int, bytes]] = []
    for number, line in lines:
        looked_at.append((number, line))
        try:
            row = read_object(line)
        except BadPost:
            row = {}
        for known in FORMATS:
            if known.matches(row):
                return known, looked_at
        if len(looked_at) >= 50:
            break
    if not looked_at:
        raise UnreadableFile(f"{name}: is empty")
    raise UnreadableFile(f"{name}: line 1: neither post lines nor a Zeeschuimer capture")


def numbered_lines(file: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, numbered from 1; an overlong line comes as its first bytes only.

    Raises UnreadableFile when a packed file is damaged.
    """
    number = 0
    while True:
        try:
            line = file.readline(LONGEST_LINE)
            cut = len(line) == LONGEST_LINE and not line.endswith(b"\n")
            while cut and (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                continue
        except (EOFError, gzip.BadGzipFile, zlib.error, OSError) as error:
            raise UnreadableFile(f"{name}: line {number + 1}: the packed file is damaged ({error})") from None
        if not line:
            return
        number += 1
        if line.strip():
            yield number, line


def posts_in(path: Path) -> Iterator[tuple[int, Post | BadLine | None]]:
    """Each line of `path` with its number: a post, a BadLine, or None for a record that is no post.

    Raises UnreadableFile. The format's name is `format_of(path)`.
    """
    with open_lines(path) as file:
        lines = numbered_lines(file, path.name)
        known, first = recognise(lines, path.name)
        for number, line in first:
            yield number, _read(known, number, line)
        for number, line in lines:
            yield number, _read(known, number, line)


def format_of(path: Path) -> str:
    """The name of the format of `path`; raises UnreadableFile."""
    with open_lines(path) as file:
        return recognise(numbered_lines(file, path.name), path.name)[0].name


def _read(known: Format, number: int, line: bytes) -> Post | BadLine | None:
    try:
        return known.post(read_object(line))
    except zeeschuimer.NotAPost:
        return None
    except BadPost as error:
        return BadLine(number, str(error))
