"""`ostpulse report`: the weekly report of any past week."""

from __future__ import annotations

from pathlib import Path

import click

from tracker.workplace import Workplace


@click.command()
@click.option("--week", metavar="2026-W47", help="A past week; by default the last one that has closed.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder to write into.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def report(workplace: Workplace, week: str | None, out: Path | None, as_json: bool) -> None:
    """Write the weekly report: HTML, Markdown, JSON, CSV and an Atom feed."""
    from tracker.report.write import write_report
    from tracker.store import get_meta
    from tracker.terminal import say, say_json

    settings = workplace.config.report
    with workplace.reading() as db:
        invented = get_meta(db, "demo") == "1"
        written = write_report(db, week=week, folder=out or settings.folder, top=settings.top, demo=invented)
    if as_json:
        say_json({"week": written.week, "files": [str(file) for file in written.files]})
        return
    for file in written.files:
        say(str(file))
