"""`ostpulse collect`: one pass over the live sources, then scores."""

from __future__ import annotations

import os
import time
from contextlib import closing
from typing import TYPE_CHECKING

import click

from models.korean_time import iso
from tracker.workplace import Workplace

if TYPE_CHECKING:
    from tracker.rounds import Round


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE...]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
@click.pass_context
def collect(ctx: click.Context, workplace: Workplace, sources: tuple[str, ...], as_json: bool) -> None:
    """Collect once from the enabled sources, or from those named; then link, tag and score."""
    from tracker import __version__
    from tracker.collecting import Collectors, chosen_sources, collect_once
    from tracker.scoring import score
    from tracker.terminal import complain, say_json

    names = chosen_sources(workplace.config, sources)
    if not workplace.config.http.contact and not as_json:
        complain('hint: set contact = "..." under [http] in config.toml, so that a site\'s keeper can reach you')
    collectors = Collectors(
        workplace.config, clock=workplace.clock, sleep=time.sleep, environment=os.environ, version=__version__
    )
    rounds = []
    with workplace.writing("collect", wait_seconds=10) as db, closing(collectors):
        for ended in collect_once(workplace.pipeline(db), names, collectors, clock=workplace.clock):
            rounds.append(ended)
            if not as_json:
                _say(ended)
        scored = score(db, settings=workplace.config.score)
    if as_json:
        say_json(
            {"sources": [_row(ended) for ended in rounds], "scored_until": iso(scored.until) if scored.until else None}
        )
    failed = {ended.source for ended in rounds if ended.status in ("failed", "partial")}
    failed |= {ended.source for ended in rounds if ended.status == "skipped" and ended.source in sources}
    ctx.exit(1 if failed else 0)


def _say(ended: Round) -> None:
    from tracker.terminal import say

    tally = ended.tally
    counts = f"seen {tally.seen:>6}  new {tally.new:>6}  linked {tally.linked:>6}"
    say(f"{ended.source:<13} {ended.status:<8} {counts}" + (f"  {ended.error}" if ended.error else ""))


def _row(ended: Round) -> dict[str, object]:
    return {
        "source": ended.source,
        "status": ended.status,
        "seen": ended.tally.seen,
        "new": ended.tally.new,
        "linked": ended.tally.linked,
        "error": ended.error,
    }
