"""The figures of tags as sentences and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.quality.blocks import Block, Table, mark, plain, rate, table

Figures = Mapping[str, Any]


def tag_blocks(tags: Figures) -> tuple[Block, ...]:
    """All that is said of tags, from what `ostpulse evaluate --json` has under "tags"."""
    return (
        f"Tags: {tags['posts']} posts, macro-F1 {rate(tags, 'macro_f1', 3)}, accuracy {rate(tags, 'accuracy', 3)}, "
        f"calibration error {plain(tags['ece'], 3)}, Brier score {plain(tags['brier'], 3)}. Of the surest "
        f"{tags['sure_coverage']:.0%} of the posts 95 in 100 are right.",
        _keyword_rule(tags),
        table(
            "Tag by tag",
            ("tag", "posts", "", "precision", "recall", "F1", "right", "wrong", "missed"),
            (
                (tag, one["posts"], mark(one), *_shares(one), one["right"], one["wrong"], one["missed"])
                for tag, one in tags["tags"].items()
            ),
        ),
        *(_groups(tags[key], what) for key, what in (("languages", "language"), ("platforms", "platform"))),
        _confusion(tags),
        _calibration(tags),
        _risk_coverage(tags),
    )


def _keyword_rule(tags: Figures) -> str:
    rule = tags["keyword_rule"]
    by_tag = ", ".join(f"{tag} {plain(one['f1'])}" for tag, one in rule["tags"].items())
    return f"The keyword rule: macro-F1 {rate(rule, 'macro_f1', 3)}, accuracy {rate(rule, 'accuracy', 3)}; F1 {by_tag}."


def _shares(one: Figures) -> tuple[str, ...]:
    return tuple(rate(one, name) for name in ("precision", "recall", "f1"))


def _groups(groups: Mapping[str, Figures], what: str) -> Table:
    return table(
        f"{what.capitalize()} by {what}",
        (what, "posts", "", "accuracy", "macro-F1", "of tags with 10+", "F1 by tag"),
        (
            (
                name,
                one["posts"],
                mark(one),
                rate(one, "accuracy"),
                rate(one, "macro_f1", 3),
                rate(one, "macro_f1_common", 3),
                ", ".join(f"{tag} {plain(of['f1'])}" for tag, of in one["tags"].items() if of["posts"]),
            )
            for name, one in groups.items()
        ),
    )


def _confusion(tags: Figures) -> Table:
    names = tuple(tags["tags"])
    return table(
        "Confusion: rows are meant, columns said",
        ("meant", *names),
        ((name, *row) for name, row in zip(names, tags["confusion"], strict=True)),
    )


def _calibration(tags: Figures) -> Table:
    return table(
        "Calibration: how sure, how often right",
        ("probability", "posts", "", "on average", "right"),
        (
            (f"{plain(one['above'], 1)} to {plain(one['to'], 1)}", one["posts"], mark(one),
             plain(one["confidence"]), rate(one, "accuracy"))
            for one in tags["calibration"]
        ),
    )  # fmt: skip


def _risk_coverage(tags: Figures) -> Table:
    return table(
        "Risk and coverage: wrong among the surest",
        ("answered", "posts", "", "from probability", "wrong"),
        (
            (f"{one['coverage']:.0%}", one["posts"], mark(one), plain(one["confidence"]), rate(one, "error"))
            for one in tags["risk_coverage"]
        ),
    )
