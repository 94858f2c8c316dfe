"""The two small drawings of the explorer, as inline SVG that says in words what it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from models.post import TAGS

SPARK_WIDTH, SPARK_HEIGHT = 112, 28
SPARK_CEILING = 30.0
"""Below this a score is no news, so a line that stays under it shall not look like a mountain."""

BAR_WIDTH, BAR_HEIGHT = 96, 10

_PIECE = Markup('<rect class="tag-{tag}" x="{left}" width="{width}" height="{height}"/>')


def sparkline(days: Sequence[float | None], *, ceiling: float) -> Markup:
    """A line over `days`, oldest first; None breaks it. `ceiling` is the value at the top edge, the same for all
    lines that stand under each other."""
    known = [value for value in days if value is not None]
    if not known:
        return Markup('<span class="unknown">no days yet</span>')
    top = max(ceiling, *known, 1)
    step = (SPARK_WIDTH - 4) / max(len(days) - 1, 1)
    points = [
        None if value is None else (2 + place * step, SPARK_HEIGHT - 3 - (SPARK_HEIGHT - 6) * max(value, 0) / top)
        for place, value in enumerate(days)
    ]
    path, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
        else:
            path.append(f"{pen}{point[0]:.1f} {point[1]:.1f}")
            pen = "L"
    last_x, last_y = next(point for point in reversed(points) if point is not None)
    words = f"{len(days)} days: first {known[0]:.0f}, highest {max(known):.0f}, last {known[-1]:.0f}"
    return Markup(
        '<svg class="spark" role="img" aria-label="{words}" width="{w}" height="{h}" viewBox="0 0 {w} {h}">'
        '<title>{words}</title><path class="floor" d="M2 {floor}H{right}"/><path class="line" d="{path}"/>'
        '<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="2.4"/></svg>'
    ).format(
        words=words,
        w=SPARK_WIDTH,
        h=SPARK_HEIGHT,
        floor=SPARK_HEIGHT - 2,
        right=SPARK_WIDTH - 2,
        path="".join(path),
        x=last_x,
        y=last_y,
    )


def tag_bar(tags: Mapping[str, int]) -> Markup:
    """The mix of tags as one bar with the largest share in words beside it; `tags` counts posts by tag."""
    total = sum(tags.values())
    if not total:
        return Markup('<span class="unknown">no tags</span>')
    counted = [(tag, tags[tag]) for tag in TAGS if tags.get(tag)]
    largest, posts = max(counted, key=lambda pair: pair[1])
    words = ", ".join(f"{count} {tag}" for tag, count in counted)
    pieces, left = [], 0.0
    for tag, count in counted:
        width = BAR_WIDTH * count / total
        pieces.append(_PIECE.format(tag=tag, left=f"{left:.1f}", width=f"{width:.1f}", height=BAR_HEIGHT))
        left += width
    return Markup(
        '<svg class="mix" role="img" aria-label="{words}" width="{w}" height="{h}" viewBox="0 0 {w} {h}">'
        '<title>{words}</title>{pieces}</svg><span class="mix-words">{share} {largest}</span>'
    ).format(
        words=words,
        w=BAR_WIDTH,
        h=BAR_HEIGHT,
        pieces=Markup("").join(pieces),
        share=f"{100 * posts / total:.0f}%",
        largest=largest,
    )
