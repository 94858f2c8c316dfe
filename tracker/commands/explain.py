"""`ostpulse explain`: the parts of a score, as a person would say it."""

from __future__ import annotations

from datetime import datetime

import click

from tracker.commands.score import Moment
from tracker.workplace import Workplace


@click.command()
@click.argument("song")
@click.option("--at", type=Moment(), help="At this time instead of the last scored hour.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def explain(workplace: Workplace, song: str, at: datetime | None, as_json: bool) -> None:
    """Say why SONG (an id, see `ostpulse songs`) has the score it has, with the numbers behind each part."""
    from tracker.explain import explain as sentences
    from tracker.explain import explain_parts
    from tracker.terminal import say, say_json

    with workplace.reading() as db:
        if as_json:
            say_json(explain_parts(db, song, at=at))
        else:
            for line in sentences(db, song, at=at):
                say(line)
