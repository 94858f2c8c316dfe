"""Post lines from a file or standard input, without a database: to be tagged, or with labels to be measured."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from collectors.capture_files import numbered_lines, open_lines
from collectors.post_lines import Label, label_from_line, post_from_line
from collectors.records import read_object
from models.catalogue import Catalogue
from models.linking.linker import Linker
from models.post import BadPost, Post, cleaned
from models.tagging.tagger import load_tagger
from tracker.judge import Judge

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


def evaluate_file(catalogue: Catalogue, file: Path, *, on_bad: OnBad) -> dict[str, Any]:
    """Measure the shipped models on labelled post lines.

    Returns {"tags": ..., "links": ...}; each is None where no line has such a label. Raises UnreadableFile.
    """
    from models.evaluation import LabelledLinks, measure_links, measure_tags

    labelled = list(read_labelled(file, on_bad=on_bad))
    judged = Judge(Linker(catalogue), load_tagger()).judge([one.post for one in labelled])
    pairs = list(zip(labelled, judged, strict=True))
    tags = [(one, said) for one, said in pairs if one.label.tag is not None]
    links = [(one, said) for one, said in pairs if one.label.songs is not None]
    measured_tags = measure_tags(
        [one.label.tag or "" for one, _ in tags],
        [said.tagged for _, said in tags],
        [said.language for _, said in tags],
    )
    measured_links = measure_links(
        [LabelledLinks(one.label.songs or frozenset(), one.label.acceptable) for one, _ in links],
        [[link.song for link in said.links.sure] for _, said in links],
        [said.language for _, said in links],
    )
    return {
        "tags": measured_tags.as_dict() if tags else None,
        "links": measured_links.as_dict() if links else None,
    }


def train_weights(catalogue: Catalogue, files: Sequence[Path], *, on_bad: Callable[[Path, int, str], None]) -> bytes:
    """Fit the tagger from the packaged corpus and the tags of labelled post lines; returns the weights' bytes.

    Song titles are masked as the pipeline masks them. Raises UnreadableFile.
    """
    from models.tagging.corpus import LabelledPost, packaged_corpus
    from models.tagging.training import train

    corpus = packaged_corpus()
    for file in files:
        lines = read_labelled(file, on_bad=partial(on_bad, file))
        corpus += [LabelledPost(one.post, one.label.tag) for one in lines if one.label.tag is not None]
    return train(corpus, mask=Linker(catalogue).mask)
