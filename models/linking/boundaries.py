"""Where a name stands on its own, and not by chance inside another word.

In most scripts a name begins and ends with a word. Korean names take particles ("도깨비의"), small Arabic words are
written to the next one ("وجوبلين"), and Russian names take case endings ("Гоблина").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache

from models.linking.lexicon import packaged
from models.scanning import Hit
from models.text import Squashed

_ARABIC = re.compile(r"[\u0620-\u06d3]")
_CASE_ENDING = re.compile(r"[а-я]{1,2}")
_FREE_TAIL = 2
_LONG_ALIAS = 4


def standing(flat: Squashed, hits: Sequence[Hit], is_free: Callable[[int], bool]) -> list[Hit]:
    """The hits that stand on their own; `is_free` says of a pattern's number whether any ending may follow it."""
    starts, ends = flat.starts, flat.ends
    kept = [hit for hit in hits if starts[hit[1]] and ends[hit[2]]]
    if len(kept) == len(hits) or not flat.has_endings:
        return kept
    begins = _behind_clitics(flat) if _ARABIC.search(flat.text) else starts
    return [hit for hit in hits if begins[hit[1]] and (ends[hit[2]] or _takes_ending(flat, hit, is_free))]


def _behind_clitics(flat: Squashed) -> bytearray:
    """Where a name may begin, also behind what is written to an Arabic word."""
    begins = bytearray(flat.starts)
    for run, start in enumerate(flat.at):
        for clitic in _clitics():
            if flat.text.startswith(clitic, start) and start + len(clitic) < flat.run_end(run):
                begins[start + len(clitic)] = 1
    return begins


def _takes_ending(flat: Squashed, hit: Hit, is_free: Callable[[int], bool]) -> bool:
    """Whether the rest of the word behind a name is an ending of it."""
    number, start, end = hit
    rest = flat.text[end : flat.run_end(flat.run(end - 1))]
    if "가" <= flat.text[end - 1] <= "힣":
        return rest in particles() or _is_tail(rest, end - start) or is_free(number)
    return end - start > _LONG_ALIAS and _CASE_ENDING.fullmatch(rest) is not None


def _is_tail(rest: str, size: int) -> bool:
    """Whether a Korean name of `size` syllables may be followed by this: a short ending, or a particle and more."""
    if size < _LONG_ALIAS:
        return False
    return len(rest) <= _FREE_TAIL or (size > _LONG_ALIAS and (rest[0] in particles() or rest[:2] in particles()))


@cache
def particles() -> frozenset[str]:
    """What may follow a Korean name inside its word."""
    return frozenset(packaged("particles.toml")["particles"])


@cache
def _clitics() -> tuple[str, ...]:
    return tuple(packaged("particles.toml")["clitics"])
