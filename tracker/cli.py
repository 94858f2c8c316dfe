"""The command line: common options, the commands, and errors as one line."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import click

from models.complaint import Complaint
from tracker import __version__
from tracker.commands.collect import collect
from tracker.commands.daemon import daemon
from tracker.commands.demo import demo
from tracker.commands.evaluate import evaluate
from tracker.commands.explain import explain
from tracker.commands.import_files import import_files
from tracker.commands.report import report
from tracker.commands.score import score
from tracker.commands.serve import serve
from tracker.commands.songs import songs
from tracker.commands.status import status
from tracker.commands.tag import tag
from tracker.commands.train import train
from tracker.workplace import Workplace


class OneLineErrors(click.Group):
    """A group that shows a Complaint as its message alone and ends with status 2."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except Complaint as complaint:
            sys.stderr.write(f"{complaint}\n")
            ctx.exit(2)
        except BrokenPipeError:  # the reader of our output, such as head, has had enough
            sys.stderr.close()
            ctx.exit(0)


@click.group(cls=OneLineErrors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="ostpulse")
@click.option("--config", "config_path", type=click.Path(path_type=Path, dir_okay=False), help="Settings (TOML).")
@click.option("--db", "database", type=click.Path(path_type=Path, dir_okay=False), help="Database (SQLite).")
@click.option("--verbose", "-v", is_flag=True, help="Say more of what goes on.")
@click.pass_context
def main(ctx: click.Context, config_path: Path | None, database: Path | None, verbose: bool) -> None:
    """Which K-drama OST songs are going viral, where, and how."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    ctx.obj = Workplace(config_path, database)


for command in (
    demo,
    collect,
    daemon,
    import_files,
    tag,
    score,
    explain,
    report,
    serve,
    status,
    songs,
    train,
    evaluate,
):
    main.add_command(command)
