"""`ostpulse train`: fit linker and tagger again, from the packaged corpora and the user's own labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.workplace import Workplace

if TYPE_CHECKING:
    from tracker.store_models import StoredModel

FEWEST = 30
"""On fewer posts drawn by lot no figures are printed: they would say nothing."""

_FIGURES = (
    ("tags", "macro_f1", "tags: macro-F1"),
    ("tags", "ece", "tags: calibration error"),
    ("links", "precision", "links: precision"),
    ("links", "recall", "links: recall"),
)


@click.command()
@click.option("--labels", type=click.Path(path_type=Path, exists=True), multiple=True, metavar="FILE",
              help="Learn from these labelled post lines as well; may be given again.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE",
              help="Write the tagger's weights to FILE (.npz) and store nothing.")  # fmt: skip
@click.option("--linker-out", type=click.Path(path_type=Path), metavar="FILE",
              help="Write the linker's weights to FILE (.json) and store nothing.")  # fmt: skip
@click.option("--packaged", is_flag=True, help="Forget all fitted weights and use the packaged ones again.")
@click.pass_obj
def train(
    workplace: Workplace, labels: tuple[Path, ...], out: Path | None, linker_out: Path | None, packaged: bool
) -> None:
    """Fit linker and tagger from the packaged corpora and your labels; the database uses them from then on.

    Labels of posts that were drawn by lot are not learnt from: the figures of before and after are measured on them.
    With --out or --linker-out the database is left alone, and only --labels are added to the corpora.
    """
    if packaged and (labels or out or linker_out):
        raise click.UsageError("--packaged stands alone")
    if packaged:
        _forget(workplace)
    elif out or linker_out:
        _write(workplace, labels, out, linker_out)
    else:
        _refit(workplace, labels)


def _forget(workplace: Workplace) -> None:
    from tracker.store_models import forget_models
    from tracker.terminal import say

    with workplace.writing("train", wait_seconds=10) as db:
        say(f"{forget_models(db)} fitted weights forgotten; the packaged ones (version 0) are used")


def _write(workplace: Workplace, labels: tuple[Path, ...], out: Path | None, linker_out: Path | None) -> None:
    from tracker.refitting import fit_linker, fit_tagger, labels_in

    catalogue, labelled = workplace.catalogue, labels_in(labels, on_bad=_skipped)
    weights = fit_linker(catalogue, labelled) if linker_out else None
    if weights and linker_out:
        _write_file(linker_out, weights.to_bytes())
    if out:
        _write_file(out, fit_tagger(catalogue, labelled, weights))


def _write_file(file: Path, data: bytes) -> None:
    from tracker.terminal import say

    file.write_bytes(data)
    say(f"{file}: {len(data) / 1e6:.2f} MB")


def _refit(workplace: Workplace, labels: tuple[Path, ...]) -> None:
    from models.korean_time import iso
    from tracker.refitting import labels_in, labels_of, refit
    from tracker.store_labels import keys_by_lot, labels_in_force
    from tracker.store_models import save_models
    from tracker.terminal import say

    with workplace.writing("train", wait_seconds=10) as db:
        apart = keys_by_lot(db)
        own = labels_of(db)
        known = {label.post for label in labels_in_force(db)}
        labelled = [*labels_in(labels, on_bad=_skipped, but=known), *own]
        before = _measured(workplace, db) if len(apart) >= FEWEST else None
        models = refit(workplace.catalogue, labelled, made_at=iso(workplace.clock()))
        save_models(db, models)
        for model in models:
            say(_line(model))
        if before is None:
            say(f"figures need {FEWEST} labelled posts that were drawn by lot; there are {len(apart)}")
        else:
            _say_figures(before, _measured(workplace, db))


def _line(model: StoredModel) -> str:
    size = f"{len(model.weights) / 1e6:.2f} MB" if len(model.weights) > 50_000 else f"{len(model.weights)} bytes"
    return f"{model.kind} {model.version}: fitted on the packaged corpus and {model.labels} labels, {size}, stored"


def _measured(workplace: Workplace, db: Any) -> dict[str, Any]:
    from tracker.measuring import measure_random_labels

    return measure_random_labels(db, workplace.catalogue, workplace.judge(db))


def _say_figures(before: dict[str, Any], now: dict[str, Any]) -> None:
    from tracker.terminal import say, say_table

    rows = [(shown, *(_figure(one[part], name) for one in (before, now))) for part, name, shown in _FIGURES]
    say(f"Measured on {now['posts']} labelled posts that were drawn by lot and never learnt from:")
    say_table(["", "before", "now"], rows)


def _figure(measured: dict[str, Any] | None, name: str) -> str:
    value = measured[name] if measured else None
    return "-" if value is None else f"{value:.3f}"


def _skipped(file: Path, number: int, reason: str) -> None:
    from tracker.terminal import complain

    complain(f"{file}:{number}: {reason}; skipped")
