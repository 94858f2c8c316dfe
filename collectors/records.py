"""What every file reader shares: a line that could not be read, and careful reading of single fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from models.post import BadPost

LARGEST_COUNT = 2**63 - 1
"""SQLite's largest integer; nothing on earth has been seen more often."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was skipped: its number in the file, from 1, and why."""

    number: int
    reason: str


def read_object(line: bytes) -> Mapping[str, Any]:
    """The JSON object on one line; raises BadPost for anything else, however deep, long or odd."""
    try:
        found = json.loads(line.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise BadPost("is not UTF-8 text") from None
    except RecursionError:
        raise BadPost("is nested too deeply") from None
    except ValueError as error:
        raise BadPost(f"is not JSON ({str(error)[:80]})") from None
    if not isinstance(found, dict):
        raise BadPost("is not a JSON object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def required_text(row: Mapping[str, Any], name: str) -> str:
    """A field that must be there; a whole number is taken as its digits."""
    value = optional_text(row, name)
    if value is None:
        raise BadPost(f"{name}: is missing")
    return value


def optional_text(row: Mapping[str, Any], name: str) -> str | None:
    """A text, or None where it is missing, null or blank."""
    value = row.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str):
        raise BadPost(f"{name}: expected text, got {type(value).__name__}")
    return value


def count(row: Mapping[str, Any], name: str) -> int | None:
    """A counter: a whole number from 0, also as digits in a text; None where not stated. Never guessed."""
    value = row.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_COUNT:
        raise BadPost(f"{name}: expected a whole number from 0, got {str(value)[:40]!r}")
    return value


def from_epoch(value: Any, name: str, *, per_second: int = 1) -> datetime:
    """A moment from seconds (or `per_second` fractions of them) since 1970, as a number or its digits."""
    try:
        return datetime.fromtimestamp(int(value) / per_second, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise BadPost(f"{name}: {str(value)[:40]!r} is not a time") from None
