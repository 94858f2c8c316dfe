"""Guesses the language of a post: by its script, and for Latin letters by everyday words.

A reporting key and never a gate: short posts full of English titles are guessed wrong one time in ten whatever the
method, and where nothing speaks for a language the answer is None.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

_SCRIPTS = (
    ("hangul", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"),
    ("kana", "\u3041-\u30ff\uff66-\uff9f"),
    ("han", "\u3400-\u4dbf\u4e00-\u9fff"),
    ("thai", "\u0e01-\u0e5b"),
    ("arabic", "\u0600-\u06ff\u0750-\u077f"),
    ("devanagari", "\u0900-\u097f"),
    ("cyrillic", "\u0400-\u04ff"),
    ("latin", "a-z\u00df-\u00f6\u00f8-\u024f\u1e00-\u1eff"),
)
_RUN = re.compile("|".join(f"(?P<{name}>[{letters}]+)" for name, letters in _SCRIPTS))
_LANGUAGE_OF_SCRIPT = {"hangul": "ko", "thai": "th", "devanagari": "hi"}
_NOT_SPEECH = re.compile(r"https?://\S+|www\.\S+|[@#＃][^\s#＃@]+")
_WORD = re.compile(r"[a-z\u00df-\u00f6\u00f8-\u024f\u1e00-\u1eff]+(?:['’][a-z]+)?")
_WEIGHT = {"hangul": 2.0, "kana": 1.5, "han": 2.5, "latin": 0.45}
"""How many Latin letters say as much as one sign; Latin counts less, for foreign titles are written in it."""

_PERSIAN, _URDU = frozenset("پچژگی"), frozenset("ٹڈڑںےھ")
_UKRAINIAN = frozenset("іїєґ")
_LETTERS = {
    "vi": re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]"),
    "tr": re.compile(r"[ğışİ]"),
    "pl": re.compile(r"[łśźżęąń]"),
    "pt": re.compile(r"[ãõ]|ção|ções"),
    "es": re.compile(r"[ñ¿¡]|ción\b"),
    "de": re.compile(r"[ßü]|sch"),
    "ro": re.compile(r"[șț]"),
    "sv": re.compile(r"å"),
}
LEAST = 0.5
"""Below this much weight of words nothing is said."""


def guess(text: str | None, hashtags: Sequence[str] = ()) -> str | None:
    """The ISO 639-1 code of the language of `text` ('tl' for Filipino), or None where nothing speaks for one.

    Hashtags, handles and addresses inside `text` do not count; `hashtags` decide only where no other word does, and
    then only by script.
    """
    plain = unicodedata.normalize("NFKC", _NOT_SPEECH.sub(" ", text or "")).lower()
    return _guess(plain) or _by_script_alone(" ".join(hashtags).lower())


def _guess(plain: str) -> str | None:
    weights: dict[str, float] = {}
    for match in _RUN.finditer(plain):
        name = match.lastgroup or ""
        weights[name] = weights.get(name, 0.0) + len(match[0]) * _WEIGHT.get(name, 1.0)
    if not weights:
        return None
    if "kana" in weights:  # kana is written in Japanese only, and always among Han
        weights["kana"] += weights.pop("han", 0.0)
    script = max(weights, key=lambda name: weights[name])
    return _latin(plain) if script == "latin" else _of_script(script, plain)


def _of_script(script: str, plain: str) -> str | None:
    if script == "kana":
        return "ja"
    if script == "han":
        return "zh"
    if script == "arabic":
        found = set(plain)
        return "ur" if found & _URDU else "fa" if found & _PERSIAN else "ar"
    if script == "cyrillic":
        return "uk" if set(plain) & _UKRAINIAN else "ru"
    return _LANGUAGE_OF_SCRIPT.get(script)


def _by_script_alone(plain: str) -> str | None:
    scripts = {match.lastgroup or "" for match in _RUN.finditer(plain)} - {"latin"}
    return _of_script(scripts.pop(), plain) if len(scripts) == 1 else None


def _latin(plain: str) -> str | None:
    weights = _stopwords()
    totals: dict[str, float] = {}
    for word in _WORD.findall(plain.replace("’", "'")):
        for language, weight in weights.get(word, {}).items():
            totals[language] = totals.get(language, 0.0) + weight
    for language, letters in _LETTERS.items():
        found = len(letters.findall(plain))
        if found:
            totals[language] = totals.get(language, 0.0) + min(found, 6) * 0.6
    if not totals:
        return None
    best = max(sorted(totals), key=lambda language: totals[language])
    return best if totals[best] >= LEAST else None


@cache
def _stopwords() -> Mapping[str, Mapping[str, float]]:
    """For each word the languages that use it, each with 1 / (number of those languages)."""
    lists = tomllib.loads((files("models") / "data" / "stopwords.toml").read_text("utf-8"))
    languages: dict[str, list[str]] = {}
    for language, words in lists.items():
        for word in words:
            languages.setdefault(word, []).append(language)
    return {word: {language: 1 / len(found) for language in found} for word, found in languages.items()}
