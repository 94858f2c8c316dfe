"""The command line: common options, the commands, and errors as one line."""

from __future__ import annotations

import logging
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click
from click.exceptions import NoArgsIsHelpError

from models.complaint import Complaint
from tracker import __version__
from tracker.commands.collect import collect
from tracker.commands.daemon import daemon
from tracker.commands.demo import demo
from tracker.commands.discover import discover
from tracker.commands.evaluate import evaluate
from tracker.commands.explain import explain
from tracker.commands.import_files import import_files
from tracker.commands.label import label
from tracker.commands.report import report
from tracker.commands.score import score
from tracker.commands.serve import serve
from tracker.commands.songs import songs
from tracker.commands.sounds import sounds
from tracker.commands.status import status
from tracker.commands.tag import tag
from tracker.commands.train import train
from tracker.workplace import Workplace


class _OneLine(click.ClickException):
    """An error that is shown as its message alone."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        sys.stderr.write(f"{self.format_message()}\n")


class _Failed(_OneLine):
    """The same for what is nobody's mistake: a full disk, a damaged database."""

    exit_code = 1


class OneLineErrors(click.Group):
    """A group whose every error is one line a problem, with status 2 for wrong use and 1 for what failed."""

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        """Read the common options."""
        with _one_line_a_problem():
            return super().make_context(*args, **options)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        with _one_line_a_problem():
            return super().invoke(ctx)


@contextmanager
def _one_line_a_problem() -> Iterator[None]:
    try:
        yield
    except (NoArgsIsHelpError, BrokenPipeError):
        raise
    except click.UsageError as error:
        raise _OneLine(error.format_message()) from None
    except Complaint as complaint:
        raise _OneLine(str(complaint)) from None
    except OSError as error:
        if error.filename is None:
            raise
        raise _Failed(f"{error.filename}: {error.strerror}") from None
    except sqlite3.Error as error:
        raise _Failed(f"the database cannot be used: {error}") from None


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
    discover,
    sounds,
    label,
    train,
    evaluate,
):
    main.add_command(command)
