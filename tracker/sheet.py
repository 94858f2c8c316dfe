"""One post as it lies before the person who labels it: its words, what the models say, the songs to choose from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from models.catalogue import Catalogue
from models.linking.linker import Link
from models.post import TAGS, Post
from tracker.judge import Judgement
from tracker.store_labels import StoredLabel

MOST_LINES = 24
MOST_CHARS = 1_500
"""Of a longer text only this much is shown: what a post is about stands at its beginning."""

MOST_NUMBERED = 9
STRONGEST = 3

_MARK = "«{}»"


@dataclass
class Sheet:
    """`chosen` are the songs that the post speaks of if accepted now; `offered` is what the keys 1 to 9 stand for."""

    post: Post
    picked: str
    judged: Judgement
    label: StoredLabel | None = None
    offered: list[str] = field(init=False)
    chosen: set[str] = field(init=False)

    def __post_init__(self) -> None:
        links = self.judged.links
        labelled = self.label.songs if self.label else ()
        self.offered = list(dict.fromkeys([*(link.song for link in (*links.sure, *links.possible)), *labelled]))
        self.chosen = set(labelled) if self.label else {link.song for link in links.sure}

    @property
    def tag(self) -> str:
        """The tag that is stored when nothing else is said: that of the label, else the model's."""
        return self.label.tag if self.label else self.judged.tagged.tag

    @property
    def songs(self) -> tuple[str, ...]:
        """The chosen songs in the order in which they are stored."""
        return tuple(sorted(self.chosen))

    def toggle(self, song: str) -> None:
        """Choose a song or take it back; one that was not offered is from now on."""
        if song not in self.offered:
            self.offered.append(song)
        self.chosen ^= {song}


def sheet_lines(sheet: Sheet, catalogue: Catalogue) -> Iterator[str]:
    """All that is shown of a post, line by line; its own words stand behind a bar, so that none looks like ours."""
    post = sheet.post
    yield "─" * 60
    language = sheet.judged.language or "language unknown"
    yield " · ".join([post.platform, f"{post.published_at:%Y-%m-%d %H:%M} UTC", language, post.url or post.key])
    titles = _titles(sheet, catalogue)
    for words in (post.title, post.text, " ".join(f"#{tag}" for tag in post.hashtags)):
        yield from (f"│ {line}" for line in _shortened(marked(words or "", titles)))
    if sheet.label:
        label = sheet.label
        yield f"labelled {label.tag} by {label.by} at {label.at}"
    tagged = sheet.judged.tagged
    shares = "  ".join(f"{tag} {share:.2f}" for tag, share in zip(TAGS, tagged.probabilities, strict=True))
    yield f"model: {tagged.tag} {tagged.confidence:.2f}   ({shares})"
    yield from song_lines(sheet, catalogue)


def song_lines(sheet: Sheet, catalogue: Catalogue) -> Iterator[str]:
    """The songs offered, with the number of each, whether it is chosen, and the strongest evidence."""
    if not sheet.offered:
        yield "songs: none found"
    links = sheet.judged.links
    found = {link.song: link for link in (*links.sure, *links.possible)}
    for number, song in enumerate(sheet.offered, 1):
        key = str(number) if number <= MOST_NUMBERED else " "
        box = "[x]" if song in sheet.chosen else "[ ]"
        yield f" {key} {box} {named(song, catalogue)}" + (_why(found[song], links.sure) if song in found else "")


def named(song: str, catalogue: Catalogue) -> str:
    """A song as a person knows it; its id where it has left the catalogue."""
    if song not in catalogue.songs:
        return song
    entry = catalogue.songs[song]
    title = f"{entry.title} {entry.hangul}" if entry.hangul and entry.hangul != entry.title else entry.title
    singers = " & ".join(catalogue.artists[artist].name for artist in entry.artists)
    return " · ".join(filter(None, [title, singers, catalogue.dramas[entry.drama].title]))


def _why(link: Link, sure: Iterable[Link]) -> str:
    strongest = sorted(link.evidence, key=lambda piece: -abs(piece.weight))
    reasons = ", ".join([str(piece) for piece in strongest if piece.name != "prior"][:STRONGEST])
    return f"   {'sure' if link in sure else 'possible'} {link.confidence:.3f}: {reasons}"


def _titles(sheet: Sheet, catalogue: Catalogue) -> list[str]:
    """How the offered songs are spelled: by the catalogue, and as the linker found them."""
    links = (*sheet.judged.links.sure, *sheet.judged.links.possible)
    words = {piece.words for link in links for piece in link.evidence if "title" in piece.name}
    for song in sheet.offered:
        if song in catalogue.songs:
            entry = catalogue.songs[song]
            words |= {entry.title, entry.hangul or "", *entry.aliases}
    return sorted(words, key=lambda title: (-len(title), title))


def marked(text: str, titles: Iterable[str]) -> str:
    """`text` with every place in which one of `titles` stands between marks, whatever its case, spaces and signs.

    The linker knows a title in its folded form; where that differs from what was written, nothing is marked.
    """
    spellings = []
    for title in titles:
        signs = [re.escape(sign) for sign in title if sign.isalnum()]
        if signs:
            loose = r"[\W_]{0,3}".join(signs)
            spellings.append(rf"(?<![a-zA-Z0-9]){loose}(?![a-zA-Z0-9])" if title.isascii() else loose)
    text = unicodedata.normalize("NFC", text)
    if not spellings:
        return text
    return re.sub("|".join(spellings), lambda found: _MARK.format(found[0]), text, flags=re.IGNORECASE)


def _shortened(text: str) -> list[str]:
    lines = [line.rstrip() for line in text[:MOST_CHARS].splitlines() if line.strip()]
    rest = len(text) - MOST_CHARS
    if rest > 0 and lines:
        lines[-1] += f" … ({rest} more characters)"
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"… ({len(lines) - MOST_LINES} more lines)"]
    return lines
