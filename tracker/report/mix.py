"""The bar of a song's tags: what share of its posts are covers, edits, challenges, reactions."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from models.post import TAGS
from tracker.report.svg import figure, rect
from tracker.report.wording import TAG_NAMES, percent

WIDTH, HEIGHT = 96, 10


def mix_bar(tags: Mapping[str, int], *, id: str, title: str) -> Markup | None:
    """The bar, or None where no post is held."""
    total = sum(tags.values())
    if not total:
        return None
    body, x = [], 0.0
    for tag in (*TAGS, "untagged"):
        width = WIDTH * tags.get(tag, 0) / total
        if width:
            body.append(rect(x, 0, width, HEIGHT, kind=f"tag-{tag}", tip=f"{TAG_NAMES[tag]} {tags[tag]} of {total}"))
        x += width
    return figure(body, id=id, title=title, desc=mix_words(tags), width=WIDTH, height=HEIGHT, kind="mix")


def mix_words(tags: Mapping[str, int]) -> str:
    """'62% covers, 20% edits, 18% other', or '–' where no post is held."""
    total = sum(tags.values())
    named = (tag for tag in (*TAGS, "untagged") if tags.get(tag))
    return ", ".join(f"{percent(tags[tag] / total)} {TAG_NAMES[tag]}" for tag in named) or "–"
