"""`ostpulse daemon`: the same on a schedule, until told to stop."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from types import FrameType

import click

from tracker.workplace import Workplace


@click.command()
@click.pass_obj
def daemon(workplace: Workplace) -> None:
    """Collect, score and report on a schedule until SIGTERM or SIGINT."""
    from tracker import __version__
    from tracker.collecting import Collectors
    from tracker.daemon import Daemon

    logging.getLogger("tracker").setLevel(logging.INFO)
    with workplace.writing("daemon") as db:
        collectors = Collectors(
            workplace.config, clock=workplace.clock, sleep=time.sleep, environment=os.environ, version=__version__
        )
        running = Daemon(
            workplace.config,
            db,
            workplace.pipeline(db),
            collectors,
            clock=workplace.clock,
            reports=workplace.config.report.folder,
        )

        def end(number: int, frame: FrameType | None) -> None:
            running.stop.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        running.run()
    # A fetching thread may hang in a request; nothing of an unfinished round is noted as done: leaving is harmless.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
