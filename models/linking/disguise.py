"""Spellings that folding cannot undo: digits for letters ("5tay w1th m3") and stretched ones ("Sweeeet Night").

Undoing them changes honest words too ("@home", "Ahhh"), so it is tried only on posts that gave no sure link, and what
it finds counts a little less.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from models.post import Post
from models.text import shape

MAX_DISGUISED = 1_000
"""Nobody disguises a whole essay."""

_TOKEN = re.compile(r"[A-Za-z0-9@$]{2,30}")
_LEET = re.compile(r"[A-Za-z][0-9@$]|[0-9$][A-Za-z]")
_NUMBER = re.compile(r"[0-9]{2}|^@")
_STRETCHED = re.compile(r"([A-Za-z])\1{2,}")
_LETTERS = tuple(str.maketrans("01345780@$", f"o{one}eastboas") for one in "il")


def looks_disguised(cased: str) -> bool:
    """Whether a folded text of ordinary length holds any such spelling."""
    return len(cased) <= MAX_DISGUISED and (_LEET.search(cased) or _STRETCHED.search(cased)) is not None


def undisguised(post: Post) -> Iterator[Post]:
    """The post as it may have been meant, read in other ways; nothing where there is nothing to undo."""
    title, text = shape(post.title or ""), shape(post.text or "")
    seen = {(title, text)}
    for undo in (*map(_without_digits, _LETTERS), _without_stretching(r"\1\1"), _without_stretching(r"\1")):
        plain = undo(title), undo(text)
        if plain not in seen:
            seen.add(plain)
            yield replace(post, title=plain[0], text=plain[1])


def _without_digits(table: dict[int, int]) -> Callable[[str], str]:
    return lambda words: _TOKEN.sub(lambda token: _letters(token[0], table), words)


def _without_stretching(times: str) -> Callable[[str], str]:
    return lambda words: _STRETCHED.sub(times, words)


def _letters(token: str, table: dict[int, int]) -> str:
    """A word with letters for its digits; a number in a word ("10cm", "ep16") stays one, and so does a handle."""
    return token.translate(table) if _LEET.search(token) and not _NUMBER.search(token) else token
