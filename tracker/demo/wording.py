"""What invented people write: hand-written phrases, filled with names as fans of each language write them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from tracker.demo.chance import Chance

LANGUAGES = ("ko", "en", "ja", "zh", "th", "vi", "id", "tl", "es", "pt", "fr", "ar", "hi")

_LEET = str.maketrans({"o": "0", "e": "3", "a": "4", "i": "1"})
_ZERO_WIDTH = "\u200b"
_FULL_WIDTH = 0xFEE0


class Name(str):
    """A name that takes the Korean particle it needs: `{song:을/를}`."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        if not spec:
            return str(self)
        closed, open_ = spec.split("/")
        last = ord(self[-1])
        ends_closed = 0xAC00 <= last <= 0xD7A3 and (last - 0xAC00) % 28 != 0
        return f"{self!s}{closed if ends_closed else open_}"


@cache
def phrases(language: str) -> Mapping[str, Any]:
    """The phrase file of one language."""
    return tomllib.loads((files("tracker") / "data/demo/phrases" / f"{language}.toml").read_text("utf-8"))


@cache
def names() -> Mapping[str, Mapping[str, Any]]:
    """How songs, singers and dramas are written: song, singer and drama by id."""
    return tomllib.loads((files("tracker") / "data/demo/names.toml").read_text("utf-8"))


def song_slots(song: str, language: str, chance: Chance) -> dict[str, str]:
    """The slots song, singer, drama and short; each also run together, under its name with an underscore."""
    entry = names()["song"][song]
    slots = {
        "song": _song_form(entry, language, chance),
        "singer": _form(names()["singer"][chance.pick(entry["singers"])], language, chance),
        **drama_slots(entry["drama"], language, chance),
    }
    return slots | {f"{slot}_": run_together(form) for slot, form in slots.items()}


def drama_slots(drama: str, language: str, chance: Chance) -> dict[str, str]:
    """The slots drama and short (its abbreviation, where fans of that language have one)."""
    entry = names()["drama"][drama]
    short = entry.get("short", {})
    known = short.get(language) or (None if language == "ko" else short.get("en"))
    full = _form(entry, language, chance)
    return {"drama": full, "short": chance.pick(known) if known else full}


def singer_form(singer: str, language: str, chance: Chance) -> str:
    """A singer's name as fans of `language` write it."""
    return _form(names()["singer"][singer], language, chance)


def fill(pattern: str, slots: Mapping[str, str], chance: Chance) -> str:
    """The pattern with its slots filled; a title is hidden or mistyped in the sentence only, not in the tags."""
    forms = {slot: Name(disguise(form, chance) if slot == "song" else form) for slot, form in slots.items()}
    return pattern.format(**forms)


def disguise(form: str, chance: Chance) -> str:
    """The form itself, or now and then as people hide or mistype it."""
    if not chance.happens(0.03):
        return form
    kind = chance.pick(("zero-width", "full-width", "leet", "swapped"))
    middle = len(form) // 2
    if kind == "zero-width":
        return form[:middle] + _ZERO_WIDTH + form[middle:]
    if kind == "full-width":
        return "".join(chr(ord(sign) + _FULL_WIDTH) if "!" <= sign <= "~" else sign for sign in form)
    if kind == "leet":
        return form.lower().translate(_LEET)
    return form[: middle - 1] + form[middle] + form[middle - 1] + form[middle + 1 :]


def run_together(form: str) -> str:
    """The form as a hashtag has it: letters, marks and digits only."""
    return "".join(sign for sign in form if sign.isalnum() or not (sign.isascii() or sign.isspace()))


def _song_form(entry: Mapping[str, Any], language: str, chance: Chance) -> str:
    if language == "ko":
        return _form(entry, "en" if chance.happens(0.1) else "ko", chance)
    if chance.happens(0.1):
        return _form(entry, "ko", chance)
    if chance.happens(0.05):
        return str(entry["roman"])
    return _form(entry, language, chance)


def _form(entry: Mapping[str, Any], language: str, chance: Chance) -> str:
    forms = entry.get(language) or entry["en"]
    return str(forms[0] if chance.happens(0.6) else chance.pick(forms))
