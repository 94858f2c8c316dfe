"""The words of a piece of HTML, as a reader sees them."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

LONGEST_HTML = 30_000
"""Characters of one post's HTML that are read; more than the 20,000 of text that are kept of any post."""

_LINE_BREAK = re.compile(r"<br\b[^<>]*>|</?(?:p|div|li|ul|ol|tr|pre|blockquote|h[1-6])\b[^<>]*>", re.IGNORECASE)


def text_of_html(html: str | None, *, only: str | None = None) -> str | None:
    """The text with <br> and blocks as line breaks and hashtags whole; None where nothing is left.

    `only` is a CSS selector: the text of its first match, None where nothing matches.
    """
    if not html:
        return None
    # The breaks go into the text, not into the tree: taking apart thousands of nested blocks needs minutes.
    broken = _LINE_BREAK.sub(r"\n\g<0>\n", re.sub(r"\s+", " ", html[:LONGEST_HTML]))
    # Wrapped, because BeautifulSoup warns about a text that looks like a file name or an address.
    soup = BeautifulSoup(f"<div>{broken}</div>", "html.parser")
    part = soup.select_one(only) if only else soup
    if part is None:
        return None
    lines = (" ".join(line.split()) for line in part.get_text().split("\n"))
    return "\n".join(line for line in lines if line) or None
