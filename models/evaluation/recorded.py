"""The figures that ship with ostpulse: one entry for each labelled file they were measured on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from models.complaint import Complaint

CHECKSUM_BYTES = 16


class RecordError(Complaint):
    """A file of recorded figures that cannot be read as one; the message says why."""


def checksum(data: bytes) -> str:
    """BLAKE2b of a labelled file, 128 bits, as `b2sum -l 128` prints it."""
    return hashlib.blake2b(data, digest_size=CHECKSUM_BYTES).hexdigest()


def with_entry(recorded: bytes | None, name: str, entry: Mapping[str, Any], *, where: str) -> str:
    """The text of a file of recorded figures with the entry `name` added or replaced; `recorded` None: a new file.

    Entries stand in the order of their names. Raises RecordError naming `where` when `recorded` is no such text.
    """
    entries = read(recorded, where=where) if recorded is not None else {}
    entries[name] = dict(entry)
    lines = [f"{_json(key)}: {_json(entries[key])}" for key in sorted(entries)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read(recorded: bytes, *, where: str) -> dict[str, Any]:
    """The entries by name; raises RecordError naming `where`."""
    try:
        entries = json.loads(recorded)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"{where}: is not JSON: {error}") from None
    if not isinstance(entries, dict) or not all(_is_entry(entry) for entry in entries.values()):
        raise RecordError(f"{where}: holds something else than figures of `ostpulse evaluate`")
    return entries


@cache
def packaged() -> Mapping[str, Any]:
    """The entries of data/quality.json, not to be changed."""
    return read((files("models") / "data" / "quality.json").read_bytes(), where="quality.json")


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict) and {"file", "date", "posts", "checksum", "versions", "tags", "links"} <= entry.keys()
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
