"""Authors as keyed hashes: enough to count people, useless for naming them."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from models.complaint import Complaint

KEY_BYTES = 32


class KeyFileError(Complaint):
    """The key file beside the database cannot be used; the message names it and says what to do."""


def key_path(database: Path) -> Path:
    """Where the key of a database lies: beside it, never in it, where Datasette's SQL would show it."""
    return database.with_name(database.name + ".key")


def load_key(database: Path) -> bytes:
    """The key of `database`, made at first use with mode 600. Raises KeyFileError."""
    path = key_path(database)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    except OSError as error:
        raise KeyFileError(f"{path}: {error.strerror}") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return _read(path)


def _read(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyFileError(f"{path}: is not the key this database was made with; put the copy from a backup there")
    return key


def hash_author(key: bytes, platform: str, author: str) -> str:
    """A 16-digit keyed hash (BLAKE2b) of one account on one platform."""
    return hashlib.blake2b(f"{platform}:{author}".encode(), key=key, digest_size=8).hexdigest()


def hash_post(key: bytes, post_key: str) -> bytes:
    """A short keyed hash by which a post that mentions no song is known again, without keeping the post."""
    return hashlib.blake2b(post_key.encode(), key=key, digest_size=8, person=b"passed-over").digest()
