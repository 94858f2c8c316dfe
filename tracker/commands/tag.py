"""`ostpulse tag`: link and tag post lines, without a database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.workplace import Workplace

if TYPE_CHECKING:
    from models.linking.linker import Link


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), metavar="FILE or -")
@click.pass_obj
def tag(workplace: Workplace, file: Path) -> None:
    """Read post lines and write one line a post: its songs, its tag and how sure both are."""
    from models.post import TAGS
    from tracker.labelled import read_posts
    from tracker.pipeline import in_batches

    judge = workplace.judge_at_hand()

    def skipped(number: int, reason: str) -> None:
        sys.stderr.write(f"{file}:{number}: {reason}; skipped\n")

    for batch in in_batches(read_posts(file, on_bad=skipped), 1000):
        for one in judge.judge(batch):
            line = {
                "key": one.post.key,
                "songs": [_link(link) for link in one.links.sure],
                "possible": [_link(link) for link in one.links.possible],
                "tag": one.tagged.tag,
                "confidence": one.tagged.confidence,
                "probabilities": dict(zip(TAGS, one.tagged.probabilities, strict=True)),
                "language": one.language,
            }
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def _link(link: Link) -> dict[str, object]:
    return {
        "song": link.song,
        "confidence": link.confidence,
        "evidence": [{"name": e.name, "words": e.words, "weight": round(e.weight, 3)} for e in link.evidence],
    }
