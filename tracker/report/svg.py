"""The parts every chart shares: a figure that says in words what it shows, and escaped text."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup


def figure(body: Iterable[Markup], *, id: str, title: str, desc: str, width: float, height: float, kind: str) -> Markup:
    """An <svg> that a screen reader announces by `title` and `desc`; `kind` is its CSS class."""
    return Markup(
        '<svg class="{kind}" role="img" aria-labelledby="{id}-title {id}-desc" viewBox="0 0 {width:g} {height:g}" '
        'xmlns="http://www.w3.org/2000/svg"><title id="{id}-title">{title}</title>'
        '<desc id="{id}-desc">{desc}</desc>{body}</svg>'
    ).format(id=id, title=title, desc=desc, width=width, height=height, kind=kind, body=Markup("").join(body))


def text(x: float, y: float, words: str, *, kind: str, anchor: str = "start") -> Markup:
    """A line of text; `words` are escaped."""
    return Markup('<text x="{:.1f}" y="{:.1f}" class="{}" text-anchor="{}">{}</text>').format(x, y, kind, anchor, words)


def line(x1: float, y1: float, x2: float, y2: float, *, kind: str) -> Markup:
    """A straight line."""
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>').format(x1, y1, x2, y2, kind)


def rect(x: float, y: float, width: float, height: float, *, kind: str, tip: str = "") -> Markup:
    """A rectangle, with a tooltip where `tip` says something."""
    return Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}">{}</rect>').format(
        x, y, width, height, kind, Markup("<title>{}</title>").format(tip) if tip else ""
    )
