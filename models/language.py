"""Guesses the language of a post: by its script, and for Latin letters by a small model (py3langid).

A reporting key and never a gate: short posts full of English titles are guessed wrong one time in ten whatever the
method, and where nothing speaks for a language the answer is None.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

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

IN_LATIN = ("de", "en", "es", "fr", "id", "it", "nl", "pl", "pt", "ro", "sv", "tl", "tr", "vi")
"""Languages that the model chooses from: fewer to choose from means fewer mistakes in short texts."""

LEAST = 0.5
"""Where the model is less sure than this nothing is said."""

HINGLISH_WORDS = 2
"""So many words of Hindi in Latin letters, which the model takes for something else, tell it."""


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
    words = _WORD.findall(plain.replace("’", "'"))
    if sum(word in _hinglish() for word in words) >= HINGLISH_WORDS:
        return "hi"
    language, probability = _model().classify(" ".join(words))
    return str(language) if probability >= LEAST else None


@cache
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(IN_LATIN)
    return model


@cache
def _hinglish() -> frozenset[str]:
    lists = tomllib.loads((files("models") / "data" / "hinglish.toml").read_text("utf-8"))
    return frozenset(lists["words"])
