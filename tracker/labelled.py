"""Post lines from a file or standard input, without a database: to be tagged, or with labels to be measured."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from collectors.capture_files import numbered_lines, open_lines
from collectors.post_lines import Label, label_from_line, post_from_line
from collectors.records import read_object
from models.korean_time import iso
from models.post import BadPost, Post, cleaned

OnBad = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A post and what a person said of it."""

    post: Post
    label: Label


def read_posts(file: Path, *, on_bad: OnBad) -> Iterator[Post]:
    """The posts of a file of post lines, '-' for standard input; raises UnreadableFile."""
    for labelled in read_labelled(file, on_bad=on_bad):
        yield labelled.post


def read_labelled(file: Path, *, on_bad: OnBad) -> Iterator[Labelled]:
    """The posts of a file with their labels, in order; a bad line is reported and skipped. Raises UnreadableFile."""
    with _open(file) as lines:
        for number, line in numbered_lines(lines, str(file)):
            try:
                row = read_object(line)
                yield Labelled(cleaned(post_from_line(row)), label_from_line(row))
            except BadPost as error:
                on_bad(number, str(error))


def _open(file: Path) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if str(file) == "-" else open_lines(file)


def labelled_line(post: Post, *, tag: str, songs: Iterable[str], picked: str) -> dict[str, object]:
    """A labelled post line, for `read_labelled`, without its author and address."""
    tags = " ".join(f"#{each}" for each in post.hashtags)
    return {
        "platform": post.platform,
        "id": post.id,
        "title": post.title,
        "text": post.text if post.title or post.text else tags or "♪",
        "hashtags": list(post.hashtags),
        "language": post.language,
        "published_at": iso(post.published_at),
        "sound": post.sound,
        "tag": tag,
        "songs": sorted(songs),
        "picked": picked,
    }
