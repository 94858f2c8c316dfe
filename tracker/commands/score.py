"""`ostpulse score`: bring trend scores and alerts up to date, or make them once more."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from models.complaint import Complaint
from models.korean_time import hour_of, iso, moment
from tracker.workplace import Workplace

if TYPE_CHECKING:
    from tracker.correcting import Corrected
    from tracker.scoring import Scored


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
@click.option("--again", is_flag=True, help="Make rows once more, with today's catalogue, labels and settings.")
@click.option("--from", "since", type=Moment(), help="With --again: replace the rows made after this time.")
@click.option("--reason", default="", help="With --again: why, for the record and the report.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def score(
    workplace: Workplace, until: datetime | None, again: bool, since: datetime | None, reason: str, as_json: bool
) -> None:
    """Bring trend scores and alerts up to the last hour with an observation or a coverage line.

    With --again --from TIME rows that were made already are replaced: a correction, which the report will print.
    """
    _check(until, again, since, reason)
    if since is not None:
        _say_corrected(_correct(workplace, since, reason), as_json)
        return
    from tracker.scoring import score as bring_up_to_date
    from tracker.terminal import progress

    if until is not None and until > workplace.clock():
        raise Complaint(f"--until: {iso(until)} lies in the future")
    with workplace.writing("score", wait_seconds=10) as db, progress("hours") as (advance,):
        scored = bring_up_to_date(
            db, until=hour_of(until) if until else None, settings=workplace.config.score, progress=advance
        )
    _say_scored(scored, as_json)


def _check(until: datetime | None, again: bool, since: datetime | None, reason: str) -> None:
    if again and since is None:
        raise click.UsageError("--again: say from when, with --from TIME")
    if not again and (since is not None or reason):
        raise click.UsageError("--from and --reason go with --again")
    if again and until is not None:
        raise click.UsageError("--until: a correction goes as far as was scored before; leave it out with --again")


def _correct(workplace: Workplace, since: datetime, reason: str) -> Corrected:
    from tracker.correcting import score_again
    from tracker.terminal import progress

    with workplace.writing("score --again", wait_seconds=10) as db, progress("hours") as (advance,):
        return score_again(
            db,
            since=since,
            reason=reason,
            made_at=workplace.clock(),
            settings=workplace.config.score,
            progress=advance,
        )


def _figures(scored: Scored) -> dict[str, object]:
    until = iso(scored.until) if scored.until else None
    return {"hours": scored.hours, "rows": scored.rows, "alerts": scored.alerts, "until": until}


def _say_scored(scored: Scored, as_json: bool) -> None:
    from tracker.terminal import say, say_json

    if as_json:
        say_json(_figures(scored))
    elif scored.until is None:
        say("nothing to score yet: collect or import posts first")
    else:
        say(f"scored {scored.hours} hours up to {iso(scored.until)}: {scored.rows} rows, {scored.alerts} alerts")


def _say_corrected(done: Corrected, as_json: bool) -> None:
    from tracker.terminal import say, say_json

    if as_json:
        versions = {"version_before": done.version_before, "version_after": done.version_after}
        say_json(_figures(done.scored) | {"from": iso(done.since), "rows_changed": done.rows_changed} | versions)
        return
    changed = f"{done.rows_changed} row{'' if done.rows_changed == 1 else 's'} changed"
    said = f"scored {done.scored.hours} hours from {iso(done.since)} again: {changed}, {done.scored.alerts} alerts"
    version = done.version_after
    if done.version_before != version:
        version = f"{done.version_before or 'none'} before, {version} now"
    say(f"{said}; version {version}. The report of the weeks it touches says so.")
