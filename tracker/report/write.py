"""Writes the files of one week's report, each whole or not at all."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from tracker.report.data import csv_tables, render_json
from tracker.report.feed import render_atom
from tracker.report.html import render_html
from tracker.report.markdown import render_markdown
from tracker.report.report import make_report
from tracker.report.week import ReportError, choose_week


@dataclass(frozen=True, slots=True)
class Written:
    """The week reported ('2026-W46') and the files that hold it, the HTML page first."""

    week: str
    files: tuple[Path, ...]


def write_report(db: Database, *, week: str | None, folder: Path, top: int, demo: bool = False) -> Written:
    """Write the report of `week`, by default the last closed one, into `folder`.

    Raises ReportError with one line where the week cannot be reported or a file cannot be written.
    """
    report = make_report(db, choose_week(db, week), top=top, demo=demo)
    label = report.week.label
    stem = f"ostpulse-{label}"
    texts = {
        f"{stem}.html": render_html(report),
        f"{stem}.md": render_markdown(report),
        f"{stem}.json": render_json(report),
        f"{stem}.atom": render_atom(report, page=f"{stem}.html"),
    }
    content = {name: text.encode() for name, text in texts.items()}
    # A byte order mark, or Excel reads Hangul as Latin.
    content |= {f"{stem}-{name}.csv": text.encode("utf-8-sig") for name, text in csv_tables(report).items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Written(label, tuple(_write(folder / name, data) for name, data in content.items()))
    except OSError as error:
        raise ReportError(f"{error.filename or folder}: {error.strerror or error}") from None


def _write(path: Path, data: bytes) -> Path:
    """Through a file beside it and a rename, so that a reader never sees half a report."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path
