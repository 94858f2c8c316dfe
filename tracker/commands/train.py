"""`ostpulse train`: fit the tagger from the packaged corpus and the user's own labelled posts."""

from __future__ import annotations

from pathlib import Path

import click

from tracker.workplace import Workplace


@click.command()
@click.option("--labels", type=click.Path(path_type=Path, exists=True), multiple=True, help="Labelled post lines.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Weights file to write (.npz).")
@click.pass_obj
def train(workplace: Workplace, labels: tuple[Path, ...], out: Path) -> None:
    """Fit the tagger's weights from the packaged corpus and any --labels, and write them to --out."""
    from tracker.labelled import train_weights
    from tracker.terminal import complain, say

    data = train_weights(
        workplace.catalogue,
        labels,
        on_bad=lambda file, number, reason: complain(f"{file}:{number}: {reason}; skipped"),
    )
    out.write_bytes(data)
    say(f"{out}: {len(data) / 1e6:.2f} MB")
