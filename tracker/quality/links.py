"""The figures of links as sentences and tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.quality.blocks import Block, Table, mark, rate, table

Figures = Mapping[str, Any]


def link_blocks(links: Figures) -> tuple[Block, ...]:
    """All that is said of links, from what `ostpulse evaluate --json` has under "links"."""
    possible = links["possible"]
    return (
        f"Links: {links['posts']} posts that name {links['right'] + links['missed']} songs, {_shares(links)}; "
        f"{links['right']} right, {links['wrong']} wrong, {links['missed']} missed. Posts with a wrong link: "
        f"{links['posts_wrong']} of {links['posts']}, {rate(links, 'posts_wrong_share')}.",
        f"Kept apart as possible, in no other figure: {possible['right']} right songs, {possible['wrong']} wrong ones.",
        f"The keyword rule: {_shares(links['keyword_rule'])}; {links['keyword_rule']['wrong']} wrong links.",
        *(_groups(links[key], what) for key, what in (("languages", "language"), ("platforms", "platform"))),
    )


def _shares(one: Figures) -> str:
    return f"precision {rate(one, 'precision', 3)}, recall {rate(one, 'recall', 3)}, F1 {rate(one, 'f1', 3)}"


def _groups(groups: Mapping[str, Figures], what: str) -> Table:
    return table(
        f"{what.capitalize()} by {what}",
        (what, "posts", "", "precision", "recall", "F1", "right", "wrong", "missed"),
        (
            (
                name,
                one["posts"],
                mark(one),
                *(rate(one, each) for each in ("precision", "recall", "f1")),
                one["right"],
                one["wrong"],
                one["missed"],
            )
            for name, one in groups.items()
        ),
    )
