"""`ostpulse serve`: the explorer."""

from __future__ import annotations

import click

from tracker.workplace import Workplace


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1.")
@click.pass_obj
def serve(workplace: Workplace, port: int | None) -> None:
    """Open Datasette on the database, with the project's pages, on 127.0.0.1."""
    from tracker.explorer.serve import serve as run

    with workplace.reading():
        pass  # says clearly when there is no database, before Datasette starts
    chosen = port or workplace.config.serve.port
    click.echo(f"http://127.0.0.1:{chosen}/   (Ctrl-C ends it)")
    run(workplace.database, port=chosen)
