"""Folding and squashing: one spelling for all the ways in which people write a name.

A name and a post are brought to the same form before they are compared. *Folding* removes what only changes the look
(full width, accents, small capitals, zero-width signs, look-alike letters). *Squashing* then removes everything that
is not a letter or a digit, and remembers where a name may begin and end, so that "Stay With Me", "stay_with_me" and
"스테이 위드미" need one pattern each. Every position can be led back to the folded text.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, islice
from typing import Final

MAX_CHARS: Final = 10_000
"""Of a longer text only this much is read: what a post is about stands at its beginning."""

BREAK: Final = "\n"
"""Stays in the squashed text, so that no name can reach across it."""

_CHUNK = 500  # canonical ordering of combining marks is quadratic in their number
_COMPATIBILITY_JAMO = re.compile(r"[ㄱ-ㆎ]+")  # NFKC would glue ㄳ to the syllable before it
_ELEMENT = re.compile(
    r"</?(?:a|b|br|blockquote|code|div|em|font|h[1-6]|hr|i|iframe|img|li|ol|p|pre|s|script|small|span|strong|style|sub"
    r"|sup|table|tbody|td|th|tr|u|ul)\b[^<>]{0,400}>|<!--.{0,400}?-->",
    re.IGNORECASE | re.DOTALL,
)
_FLAGS = re.compile(r"[\U0001F1E6-\U0001F1FF]+")
_FOREIGN = re.compile(r"[\u0370-\u052f]")
_MIXED = re.compile(r"[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]")
_EUROPEAN_WORD = re.compile(r"[A-Za-z\u0370-\u052f]+")

_LOOK_ALIKES = str.maketrans(
    "АВЕКМНОРСТУХЅІЈԚԜаеорсухѕіјԛԝһгтмнвкΑΒΕΖΗΙΚΜΝΟΡΤΥΧαειοκνρτυχ",
    "ABEKMHOPCTYXSIJQWaeopcyxsijqwhrtmhbkABEZHIKMNOPTYXaeiokvptux",
)
_SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
_SIGNS = {
    **dict.fromkeys("‘’‛′ʼ`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("أإآٱ", "ا"),
    "ى": "ي",
    "ة": "ه",
    "ß": "ss",
    "ẞ": "SS",
    "ς": "σ",
    "đ": "d",
    "Đ": "D",
    "ł": "l",
    "Ł": "L",
    "ø": "o",
    "Ø": "O",
    "ı": "i",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
}
_DROPPED_MARKS = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670),
    (0x06D6, 0x06ED), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F),
    (0xE0000, 0xE01EF),
)  # fmt: skip
"""Marks that never tell two words apart here; those of Thai and of the Indic scripts do, and stay."""


@cache
def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = {ord(sign): plain for sign, plain in {**_SMALL_CAPITALS, **_SIGNS}.items()}
    for first, last in ((0xC0, 0x24F), (0x1E00, 0x1EFF)):
        for code in range(first, last + 1):
            base = unicodedata.normalize("NFD", chr(code))[0]
            if base.isascii():
                table.setdefault(code, base)
    for start in (0x1F150, 0x1F170):  # letters in black circles and squares
        table |= {start + step: chr(ord("A") + step) for step in range(26)}
    for first, last in _DROPPED_MARKS:
        table |= dict.fromkeys(range(first, last + 1))
    table |= {code: None for code in range(0x10000) if unicodedata.category(chr(code)) == "Cf"}
    return table


@cache
def _replaced() -> re.Pattern[str]:
    """Any sign of the table: most texts hold none, and looking for one costs less than translating."""
    ranges: list[list[int]] = []
    for code in sorted(_table()):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return re.compile("[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + "]")


def shape(text: str) -> str:
    """The folded text with its capitals kept; lower-casing it keeps every position."""
    text = text[:MAX_CHARS]
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _ELEMENT.sub(" ", text)
    if text.isascii():
        return text
    text = _normalise(_COMPATIBILITY_JAMO.sub(" ", text))
    if _replaced().search(text):
        text = text.translate(_table())
    text = _FLAGS.sub(_flags, text)
    return _unmask(text) if _FOREIGN.search(text) and _MIXED.search(text) else text


def _normalise(text: str) -> str:
    """NFKC piece by piece, no longer than MAX_CHARS: one sign may become eighteen."""
    if len(text) <= _CHUNK:
        return unicodedata.normalize("NFKC", text)
    pieces: list[str] = []
    length = 0
    for at in range(0, len(text), _CHUNK):
        if length >= MAX_CHARS:
            break
        pieces.append(unicodedata.normalize("NFKC", text[at : at + _CHUNK]))
        length += len(pieces[-1])
    return "".join(pieces)[:MAX_CHARS]


def _flags(found: re.Match[str]) -> str:
    letters = found[0]
    return " " if len(letters) == 2 else "".join(chr(ord(letter) - 0x1F1E6 + ord("A")) for letter in letters)


def _unmask(text: str) -> str:
    """Read Greek and Cyrillic look-alikes as Latin in a text that mixes the scripts inside a word."""

    def plain(found: re.Match[str]) -> str:
        latin = found[0].translate(_LOOK_ALIKES)
        return latin if latin.isascii() else found[0]

    return _EUROPEAN_WORD.sub(plain, text)


def fold(text: str) -> str:
    """One spelling for all: no case, width, accents, invisible signs or look-alike letters."""
    return shape(text).lower()


_KATAKANA = r"\u30a1-\u30fa\u30fc-\u30ff"
_WORD = r"\u0250-\u02af\u0370-\u060b\u060d-\u061a\u0620-\u06d3\u06d5-\u0963\u0966-\u0dff\u10a0-\u10ff\u1200-\u137f"
_HAN = r"々〇\u3041-\u309f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_THAI = r"\u0e01-\u0e2f\u0e30\u0e32\u0e40-\u0e46\u0e80-\u0eaf\u1000-\u109f\u1780-\u17d3"
_MARKS = r"\u0e31\u0e33-\u0e3a\u0e47-\u0e4e\u0eb0-\u0ebc\u0ec8-\u0ecd"

# A run is of one script. Where no spaces stand between words (Han, hiragana, Thai) a name may begin at any sign.
_RUN = re.compile(rf"([0-9a-z]+|[가-힣]+|[{_KATAKANA}]+|[{_WORD}]+|[{_HAN}]+|[{_THAI}][{_THAI}{_MARKS}]*|\n)")
# Behind an apostrophe no name begins: "V's", "don't".
_ENDING = re.compile(r"(?<=[0-9a-z]')[a-z]{1,2}(?![0-9a-z])")
_SINGLES = re.compile(f"[{_HAN}{_THAI}{_MARKS}]+")
_MARK = re.compile(f"[{_MARKS}]")
_GLUED = re.compile(f"[가-힣{_KATAKANA}]")
_INFLECTED = re.compile(f"[가-힣{_WORD}]")


@dataclass(slots=True)
class Squashed:
    """A folded text without its gaps. `starts[i]` and `ends[i]` are 1 where a name may begin and end at i."""

    text: str
    starts: bytearray
    ends: bytearray
    at: list[int]
    """Where each run begins in the squashed text, ascending."""
    source: list[int]
    """Where each run begins in the folded text."""

    @property
    def runs_together(self) -> bool:
        """Whether a run is of a script in which names stand together without gaps: Hangul or katakana."""
        return not self.text.isascii() and _GLUED.search(self.text) is not None

    @property
    def has_endings(self) -> bool:
        """Whether a run is of a script in which a name may begin or end inside a word: particles, clitics, cases."""
        return not self.text.isascii() and _INFLECTED.search(self.text) is not None

    def is_unspaced(self, run: int) -> bool:
        """Whether names stand together without gaps in a run."""
        return _GLUED.match(self.text, self.at[run]) is not None

    def run(self, position: int) -> int:
        """The number of the run that holds a squashed position."""
        return bisect_right(self.at, position) - 1

    def run_end(self, run: int) -> int:
        """Where a run ends in the squashed text."""
        return self.at[run + 1] if run + 1 < len(self.at) else len(self.text)

    def folded(self, start: int, end: int) -> tuple[int, int]:
        """The span of the folded text that a squashed span came from."""
        first, last = self.run(start), bisect_left(self.at, end) - 1
        return self.source[first] + start - self.at[first], self.source[last] + end - self.at[last]

    def squashed(self, start: int, end: int) -> tuple[int, int] | None:
        """The squashed span of the runs that begin inside a folded span, or None when there are none."""
        first, last = bisect_left(self.source, start), bisect_left(self.source, end)
        return (self.at[first], self.run_end(last - 1)) if first < last else None


def squash(folded: str) -> Squashed:
    """Cut a folded text into runs of one script and join them; breaks (line, '#', '|') stay as BREAK."""
    pieces = _RUN.split(folded.replace("#", BREAK).replace("|", BREAK))  # gap, run, gap, run, ..., gap
    runs = pieces[1::2]
    text = "".join(runs)
    *at, length = accumulate(map(len, runs), initial=0)
    *source, _ = islice(accumulate(map(len, pieces)), 0, None, 2)
    starts = bytearray(length + 1)
    for position in at:
        starts[position] = 1
    if not text.isascii():
        _free_singles(text, starts)
    ends = bytearray(starts)
    ends[length] = 1
    if "'" in folded:
        for found in _ENDING.finditer(folded):
            starts[at[bisect_left(source, found.start())]] = 0
    return Squashed(text, starts, ends, at, source)


def _free_singles(text: str, starts: bytearray) -> None:
    """Where no gaps stand between words, a name may begin at every sign that is no mark."""
    for found in _SINGLES.finditer(text):
        start, end = found.span()
        starts[start:end] = b"\1" * (end - start)
    for found in _MARK.finditer(text):
        starts[found.start()] = 0


def squashed(text: str) -> str:
    """The bare letters and digits of a name: the form in which names are compared."""
    return "".join(_RUN.findall(fold(text))).replace(BREAK, "")
