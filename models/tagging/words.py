"""Finds the words of data/tag_words.toml: which senses each text holds."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from models.complaint import Complaint
from models.scanning import Scanner, make_scanner
from models.tagging.ngrams import IS_WORD, Texts, fold

SHORTEST_INSIDE_TAG = 4
"""An entry of fewer letters must be the whole hashtag, not its beginning or end."""

HIDING = "not_"
"""How the name of a sense begins whose entries hide those inside them: 'album cover' is no cover."""

_ACCENTS = re.compile(r"[\u0300-\u036f]+")


class TagWordsError(Complaint):
    """A list of tag words that cannot be used; the message names the sense, the language and the entry."""


@dataclass(frozen=True)
class _Entry:
    form: str
    sense: int
    opens: bool
    closes: bool
    in_tags_only: bool


@dataclass(frozen=True)
class Senses:
    """The senses of a list and what finds them."""

    names: tuple[str, ...]
    entries: tuple[_Entry, ...]
    scanner: Scanner
    rows: NDArray[np.intp]
    counts: NDArray[np.intp]
    first: NDArray[np.intp]
    flags: NDArray[np.bool_]
    hides: NDArray[np.bool_]
    fingerprint: str

    def found(self, texts: Texts, are_tags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(texts, senses): which text holds which sense; `are_tags` says which texts are lists of hashtags."""
        held = np.zeros((len(texts.starts) - 1, len(self.names)), np.bool_)
        matches = self.scanner.find(texts.folded)
        if not matches:
            return held
        pattern, start, end = np.array(matches, np.intp).T
        repeats = self.counts[pattern]
        start, end = np.repeat(start, repeats), np.repeat(end, repeats)
        within = np.arange(len(start)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        entry = self.rows[np.repeat(self.first[pattern], repeats) + within]
        text = np.searchsorted(texts.starts, start, side="right") - 1
        kept = self._stands(texts, entry, start, end, are_tags[text])
        text, entry, start, end = text[kept], entry[kept], start[kept], end[kept]
        if len(text):
            kept = _not_inside(start, end, self.hides[entry])
            held[text[kept], self._sense_of[entry[kept]]] = True
        return held

    @property
    def _sense_of(self) -> NDArray[np.intp]:
        return np.fromiter((entry.sense for entry in self.entries), np.intp, len(self.entries))

    def _stands(
        self,
        texts: Texts,
        entry: NDArray[np.intp],
        start: NDArray[np.intp],
        end: NDArray[np.intp],
        in_tag: NDArray[np.bool_],
    ) -> NDArray[np.bool_]:
        spaced = _in_spaced_script(texts.characters)
        begins = ~(spaced[start - 1] & spaced[start])
        finishes = ~(spaced[end - 1] & spaced[end])
        opens, closes, tags_only = self.flags[entry].T
        whole = (begins | opens) & (finishes | closes)
        edge_of_tag = in_tag & (begins | finishes) & (end - start >= SHORTEST_INSIDE_TAG)
        stands: NDArray[np.bool_] = (whole | edge_of_tag) & (in_tag | ~tags_only)
        return stands


def _in_spaced_script(characters: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Letters of scripts that put spaces between words: Latin to Devanagari, with the later blocks of Latin, Greek."""
    in_script = (characters < 0x0E00) | ((characters >= 0x1E00) & (characters < 0x2000))
    result: NDArray[np.bool_] = in_script & IS_WORD[np.minimum(characters, 0xFFFF)]
    return result


def _not_inside(start: NDArray[np.intp], end: NDArray[np.intp], hides: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which spans do not lie inside a longer one that `hides`."""
    order = np.lexsort((-end, start))
    starts, ends = start[order], end[order]
    furthest = np.maximum.accumulate(np.where(hides[order], ends, -1))
    first_of_span = np.append(True, (starts[1:] != starts[:-1]) | (ends[1:] != ends[:-1]))
    before_span = np.append(-1, furthest)[np.maximum.accumulate(np.where(first_of_span, np.arange(len(order)), 0))]
    kept = np.empty(len(order), np.bool_)
    kept[order] = before_span < ends
    return kept


def build(words: Mapping[str, Mapping[str, Sequence[str]]]) -> Senses:
    """Senses from {sense: {language: [entry, ...]}}; raises TagWordsError."""
    entries: list[_Entry] = []
    for sense, (name, by_language) in enumerate(words.items()):
        if not isinstance(by_language, Mapping):
            raise TagWordsError(f"tag_words.toml: {name}: expected lists by language")
        for language, listed in by_language.items():
            for written in listed:
                if not isinstance(written, str) or not fold(written.strip("#* ")):
                    raise TagWordsError(f"tag_words.toml: {name}: {language}: not an entry: {written!r}")
                entries += _forms(written, sense)
    names = tuple(words)
    unique = tuple(dict.fromkeys(entries))
    by_form: dict[str, list[int]] = {}
    for number, entry in enumerate(unique):
        by_form.setdefault(entry.form, []).append(number)
    counts = np.fromiter(map(len, by_form.values()), np.intp, len(by_form))
    return Senses(
        names=names,
        entries=unique,
        scanner=make_scanner(list(by_form)),
        rows=np.fromiter((number for numbers in by_form.values() for number in numbers), np.intp, len(unique)),
        counts=counts,
        first=np.cumsum(counts) - counts,
        flags=np.array([(entry.opens, entry.closes, entry.in_tags_only) for entry in unique], np.bool_),
        hides=np.array([names[entry.sense].startswith(HIDING) for entry in unique], np.bool_),
        fingerprint=_fingerprint(words),
    )


def _fingerprint(words: Mapping[str, Mapping[str, Sequence[str]]]) -> str:
    return hashlib.blake2b(json.dumps(words).encode(), digest_size=6).hexdigest()


def _forms(written: str, sense: int) -> list[_Entry]:
    form = fold(written.strip("#*"))
    opens, closes = written.startswith("*"), written.endswith("*")
    if written.startswith("#"):
        return [_Entry(form, sense, opens, closes, True)]
    forms = [_Entry(form, sense, opens, closes, False)]
    as_tag = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", form))).replace(" ", "")
    if as_tag != form and as_tag.isalnum():
        forms.append(_Entry(as_tag, sense, opens, closes, True))
    return forms


@cache
def packaged() -> Senses:
    """The list that ships with ostpulse."""
    return build(tomllib.loads((files("models") / "data" / "tag_words.toml").read_text("utf-8")))
