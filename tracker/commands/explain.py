"""`ostpulse explain`: the parts of a score, as a person would say it."""

from __future__ import annotations

from datetime import datetime

import click

from tracker.commands.score import Moment
from tracker.workplace import Workplace


@click.command()
@click.argument("subject", metavar="SONG")
@click.option("--at", type=Moment(), help="At this time instead of the last scored hour.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def explain(workplace: Workplace, subject: str, at: datetime | None, as_json: bool) -> None:
    """Say why SONG (an id, see `ostpulse songs`) has the score it has, with the numbers behind each part.

    The id of a drama or an artist shows how much it is named without its songs, and how its songs stand.
    """
    from tracker.explain import explain_parts
    from tracker.explain_show import kind_of, show_lines, show_parts
    from tracker.explain_words import all_lines
    from tracker.terminal import say, say_json

    with workplace.reading() as db:
        kind = kind_of(db, subject)
        found = show_parts(db, subject, kind, at=at) if kind else explain_parts(db, subject, at=at)
    if as_json:
        say_json(found)
        return
    for line in show_lines(found) if kind else all_lines(found):
        say(line)
