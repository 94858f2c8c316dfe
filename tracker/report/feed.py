"""The report as an Atom feed: one entry for the week, one for every alert, debut and return in it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from models.korean_time import iso
from tracker.report.facts import SongWeek
from tracker.report.plain_text import plain
from tracker.report.report import Report
from tracker.report.wording import count, movement, posts_of, times_usual, why

ATOM = "http://www.w3.org/2005/Atom"
DEMO = "Demo: every post in this report is invented. "


def render_atom(report: Report, *, page: str) -> str:
    """The feed; `page` is the name of the HTML file beside it, to which every entry links."""
    label, closed = report.week.label, iso(report.week.closes)
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _child(root, "title", f"K-drama OST chart {label}")
    _child(root, "id", _id(label, "feed"))
    _child(root, "updated", closed)
    _child(_child(root, "author"), "name", "ostpulse")
    ElementTree.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": page})
    lines = "".join(f"<li>{escape(line.text)}</li>" for line in report.openings)
    entries = [("week", f"{label}: {report.openings[0].text}", f"<ol>{lines}</ol>", closed), *_songs(report, closed)]
    for name, title, content, updated in entries:
        entry = _child(root, "entry")
        _child(entry, "title", title)
        _child(entry, "id", _id(label, name))
        _child(entry, "updated", updated)
        anchor = f"#song-{name.split('/')[1]}" if "/" in name else ""
        ElementTree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": page + anchor})
        demo = f"<p>{DEMO}</p>" if report.demo else ""
        _child(entry, "content", demo + content).set("type", "html")
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _songs(report: Report, closed: str) -> Iterator[tuple[str, str, str, str]]:
    for alert in report.facts.alerts:
        text = f"<p>{escape(plain(alert.sentence, 400))}</p>"
        yield f"{alert.raised_at}/{alert.song.id}", f"Alert: {plain(alert.song.title)}", text, alert.raised_at
    for kind, rows in (("Debut", report.debuts), ("Return", report.returns)):
        for one in rows:
            yield f"{kind}/{one.song.id}", f"{kind}: {plain(one.song.title)}", f"<p>{_told(one)}</p>", closed


def _told(one: SongWeek) -> str:
    told = (
        f"{plain(one.song.title)} ({plain(one.song.drama)}) {movement(one).phrase}: {times_usual(one)} its usual week, "
    )
    return escape(f"{told}{posts_of(one)} by {count(one.authors, 'author')} that we saw. {why(one)}")


def _id(label: str, name: str) -> str:
    return uuid5(NAMESPACE_URL, f"ostpulse/{label}/{name}").urn


def _child(parent: ElementTree.Element, tag: str, text: str | None = None) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, tag)
    child.text = text
    return child
