"""Replacing names in a post as it was written, although they were found in its folded form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.linking.lexicon import Kind
from models.linking.sightings import Document
from models.post import Post
from models.text import MAX_CHARS, shape

SYMBOL = "♪"


def mask_post(post: Post, page: Document, songs: Iterable[str]) -> Post:
    """`post` with the titles of `songs` replaced by SYMBOL in title, text and hashtags."""
    wanted = set(songs)
    spans = [(seen.start, seen.end) for seen, name in page.of(Kind.TITLE) if name.id in wanted]
    spans = sorted(set(spans))
    in_title = [span for span in spans if span[1] <= page.title_end]
    offset = page.title_end + 1
    in_text = [(start - offset, end - offset) for start, end in spans if offset <= start and end <= page.tags_from]
    surfaces = sorted({page.folded[start:end] for start, end in spans}, key=lambda words: (-len(words), words))
    return replace(
        post,
        title=None if post.title is None else _mask(post.title, in_title),
        text=None if post.text is None else _mask(post.text, in_text),
        hashtags=tuple(_mask_tag(tag, surfaces) for tag in post.hashtags),
    )


def _mask(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Replace spans of the folded text in the text itself; where the two cannot be aligned, in the folded one."""
    if not spans:
        return text
    clusters = _clusters(text[:MAX_CHARS])
    origin: list[int] = []
    place = 0
    folded = []
    for cluster in clusters:
        piece = shape(cluster)
        folded.append(piece)
        origin += [place] * len(piece)
        place += len(cluster)
    origin.append(place)
    whole = shape(text)
    if "".join(folded) != whole:
        text, origin = whole, list(range(len(whole) + 1))
    for start, end in reversed(spans):
        stop = origin[end]
        text = text[: origin[start]] + SYMBOL + text[stop:]
    return text


def _clusters(text: str) -> list[str]:
    """Characters with all that joins them when folded: marks, conjoining jamo, half-width voice signs."""
    found: list[str] = []
    for sign in text:
        joins = unicodedata.combining(sign) or "\u1160" <= sign <= "\u11ff" or sign in "\uff9e\uff9f\u200d\ufe0f"
        if found and joins:
            found[-1] += sign
        else:
            found.append(sign)
    return found


def _mask_tag(tag: str, surfaces: Sequence[str]) -> str:
    folded = shape(tag).lower()
    for words in surfaces:
        loose = r"[\W_]*".join(re.escape(sign) for sign in words if sign.isalnum())
        masked = re.sub(loose, SYMBOL, folded) if loose else folded
        if masked != folded:
            return masked
    return tag
