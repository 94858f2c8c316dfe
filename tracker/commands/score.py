"""`ostpulse score`: bring trend scores and alerts up to date."""

from __future__ import annotations

from datetime import datetime

import click

from models.complaint import Complaint
from models.korean_time import hour_of, iso, moment
from tracker.workplace import Workplace


class Moment(click.ParamType[datetime]):
    """A time such as 2026-11-20T10:00:00Z."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return moment(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a time such as 2026-11-20T10:00:00Z", param, ctx)


@click.command()
@click.option("--until", type=Moment(), help="Score up to this time instead of the last observation.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def score(workplace: Workplace, until: datetime | None, as_json: bool) -> None:
    """Bring trend scores and alerts up to the last hour with an observation or a coverage line."""
    from tracker.scoring import score as bring_up_to_date
    from tracker.terminal import progress, say, say_json

    if until is not None and until > workplace.clock():
        raise Complaint(f"--until: {iso(until)} lies in the future")
    with workplace.writing("score", wait_seconds=10) as db, progress("hours") as (advance,):
        scored = bring_up_to_date(
            db, until=hour_of(until) if until else None, settings=workplace.config.score, progress=advance
        )
    if as_json:
        until_text = iso(scored.until) if scored.until else None
        say_json({"hours": scored.hours, "rows": scored.rows, "alerts": scored.alerts, "until": until_text})
    elif scored.until is None:
        say("nothing to score yet: collect or import posts first")
    else:
        say(f"scored {scored.hours} hours up to {iso(scored.until)}: {scored.rows} rows, {scored.alerts} alerts")
