"""`ostpulse status`: sources, last runs, coverage, backlog, database size."""

from __future__ import annotations

import os

import click

from tracker.workplace import Workplace


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def status(workplace: Workplace, as_json: bool) -> None:
    """Say how the sources and the database are."""
    from tracker.standing import standing
    from tracker.terminal import say, say_json, say_table

    found = standing(workplace.config, workplace.database, environment=os.environ)
    if as_json:
        say_json(found)
        return
    say(f"database       {found['database']}  {found['size_bytes'] / 1e6:.1f} MB")
    say(f"posts          {found['posts']} kept, {found['passed_over']} passed over in 35 days")
    say(f"to review      {found['possible_mentions']} possible mentions")
    say(f"scored until   {found['scored_until'] or 'never'}")
    say_table(
        ["source", "on", "key", "last run", "status", "seen", "new", "linked", "covered 24 h", "error"],
        [
            (
                source["name"], "yes" if source["enabled"] else "no", _key(source), source["last_run"],
                source["last_status"], source["seen"], source["new"], source["linked"],
                None if source["coverage_24h"] is None else f"{source['coverage_24h']:.0%}", source["last_error"],
            )
            for source in found["sources"]
        ],
    )  # fmt: skip


def _key(source: dict[str, object]) -> str:
    if not source["needs_key"]:
        return "not needed"
    return "there" if source["has_key"] else "missing"
