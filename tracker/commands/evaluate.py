"""`ostpulse evaluate`: measure linker and tagger on labelled posts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from tracker.workplace import Workplace


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True), required=False)
@click.option("--record", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT.json",
              help="Add the figures to this file, under the name of FILE; needs --date.")  # fmt: skip
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="The day to record, such as 2026-11-22.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def evaluate(
    workplace: Workplace, file: Path | None, record: Path | None, date: datetime | None, as_json: bool
) -> None:
    """Measure tags and links on FILE, a file of labelled post lines, or on your own labels.

    Without FILE the posts count that `ostpulse label` picked at random. Beside each share stands its 95 % interval;
    what rests on fewer than 30 posts is marked "too few".
    """
    from tracker.terminal import say_json

    if (record is None) != (date is None):
        raise click.UsageError("--record and --date go together")
    if record is not None and (file is None or str(file) == "-"):
        raise click.UsageError("--record needs a FILE with a name")
    measured = _measure_labels(workplace) if file is None else _measure_file(workplace, file)
    if file is not None and record is not None and date is not None:
        _record(measured, file, record, f"{date:%Y-%m-%d}")
    if as_json:
        say_json(measured)
    else:
        _say(measured, file)


def _measure_file(workplace: Workplace, file: Path) -> dict[str, Any]:
    from tracker.measuring import measure_file
    from tracker.terminal import complain

    return measure_file(
        workplace.catalogue,
        workplace.judge_at_hand(),
        file,
        on_bad=lambda number, reason: complain(f"{file}:{number}: {reason}; skipped"),
    )


def _measure_labels(workplace: Workplace) -> dict[str, Any]:
    from tracker.measuring import measure_random_labels

    with workplace.reading() as db:
        return measure_random_labels(db, workplace.catalogue, workplace.judge(db))


def _record(measured: dict[str, Any], file: Path, out: Path, date: str) -> None:
    from models.evaluation.recorded import with_entry
    from tracker.measuring import entry

    before = out.read_bytes() if out.is_file() else None
    out.write_text(with_entry(before, file.stem, entry(measured, file, date), where=str(out)), "utf-8")


def _say(measured: dict[str, Any], file: Path | None) -> None:
    from tracker.quality.blocks import Table
    from tracker.quality.page import measured_blocks
    from tracker.terminal import say, say_table

    if file is None:
        tags, links = (one["posts"] if (one := measured[key]) else 0 for key in ("tags", "links"))
        say(f"Your labels of posts picked at random: {measured['posts']}, {tags} with a tag, {links} with songs.\n")
    for block in measured_blocks(measured):
        if isinstance(block, Table):
            say(f"{block.caption}:")
            say_table(block.headings, block.rows)
        else:
            say(f"{block}\n")
