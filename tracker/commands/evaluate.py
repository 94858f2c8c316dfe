"""`ostpulse evaluate`: measure linker and tagger on labelled posts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tracker.workplace import Workplace


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def evaluate(workplace: Workplace, file: Path, as_json: bool) -> None:
    """Measure tags and links on FILE, a file of labelled post lines: per tag, per language, calibration."""
    from tracker.labelled import evaluate_file
    from tracker.terminal import complain, say_json

    measured = evaluate_file(
        workplace.catalogue, file, on_bad=lambda number, reason: complain(f"{file}:{number}: {reason}; skipped")
    )
    if as_json:
        say_json(measured)
        return
    if measured["tags"]:
        _say_tags(measured["tags"])
    if measured["links"]:
        _say_links(measured["links"])


def _say_tags(tags: dict[str, Any]) -> None:
    from tracker.terminal import say, say_table

    say(
        f"tags: {tags['posts']} posts, macro-F1 {_figure(tags['macro_f1'])}, accuracy {_figure(tags['accuracy'])}, "
        f"ECE {_figure(tags['ece'])}, Brier {_figure(tags['brier'])}; of the surest {_figure(tags['sure_coverage'])} "
        "of the posts 95 in 100 are right"
    )
    say_table(["tag", *_HEADINGS], [(tag, *_measured(one)) for tag, one in tags["tags"].items()])
    say_table(
        ["language", "posts", "accuracy", "macro-F1", ""],
        [
            (language, one["posts"], _figure(one["accuracy"]), _figure(one["macro_f1"]), _too_few(one))
            for language, one in tags["languages"].items()
        ],
    )
    names = list(tags["tags"])
    say_table(
        ["meant, said:", *names],
        [(name, *row) for name, row in zip(names, tags["confusion"], strict=True)],
    )


def _say_links(links: dict[str, Any]) -> None:
    from tracker.terminal import say, say_table

    say(
        f"links: {links['posts']} posts, precision {_figure(links['precision'])}, recall {_figure(links['recall'])}, "
        f"F1 {_figure(links['f1'])}; {links['posts_wrong']} posts with a wrong link"
    )
    say_table(
        ["language", "posts", *_HEADINGS, ""],
        [(language, one["posts"], *_measured(one), _too_few(one)) for language, one in links["languages"].items()],
    )


_HEADINGS = ("precision", "recall", "F1", "right", "wrong", "missed")


def _measured(one: dict[str, Any]) -> tuple[object, ...]:
    figures = (_figure(one[name]) for name in ("precision", "recall", "f1"))
    return (*figures, one["right"], one["wrong"], one["missed"])


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _too_few(one: dict[str, Any]) -> str:
    return "too few to say" if one["too_few"] else ""
