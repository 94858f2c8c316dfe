"""One writer a database: a lock file that the kernel frees when its holder dies, however it dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from models.complaint import Complaint


class Occupied(Complaint):
    """Another ostpulse is writing to the database."""


@contextmanager
def only_writer(database: Path, *, task: str, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the right to write to `database`; raises Occupied, naming the holder, when somebody else has it."""
    lock = FileLock(database.with_name(database.name + ".lock"))
    note = database.with_name(database.name + ".writer")
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        raise Occupied(f"{database}: in use by another ostpulse ({_holder(note)}); wait for it or stop it") from None
    except OSError as error:
        raise Occupied(f"{database}: {error.strerror}") from None
    try:
        note.write_text(f"{task}, process {os.getpid()}\n", "utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _holder(note: Path) -> str:
    try:
        return note.read_text("utf-8").strip() or "starting"
    except OSError:
        return "starting"
