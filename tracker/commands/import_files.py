"""`ostpulse import`: captures and post lines from files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.workplace import Workplace

if TYPE_CHECKING:
    from collectors.records import BadLine
    from tracker.importing import Imported

SHOWN = 20
"""Bad lines named one by one for a file; the rest is counted."""


@click.command("import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--coverage", type=click.Path(path_type=Path), help="Coverage lines that go with the files.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def import_files(workplace: Workplace, files: tuple[Path, ...], coverage: Path | None, as_json: bool) -> None:
    """Read post lines or Zeeschuimer captures, plain or gzipped. The same file twice changes nothing."""
    from collectors.capture_files import format_of
    from tracker.importing import import_coverage, import_file
    from tracker.terminal import progress, say, say_json

    if not files and coverage is None:
        raise click.UsageError("name at least one file")
    for file in files:
        format_of(file)  # says what cannot be read before anything is made or stored
    done = []
    with workplace.writing("import", wait_seconds=10) as db:
        pipeline = workplace.pipeline(db)
        for file in files:
            bad = _BadLines(file)
            with progress(file.name) as (advance,):
                imported = import_file(pipeline, file, clock=workplace.clock, on_bad=bad.note, on_line=advance)
            bad.sum_up()
            done.append(imported)
            if not as_json:
                say(_line(imported))
        hours = 0
        if coverage is not None:
            bad = _BadLines(coverage)
            hours = import_coverage(pipeline, coverage, on_bad=bad.note)
            bad.sum_up()
            if not as_json:
                say(f"{coverage.name}: {hours} coverage lines")
    if as_json:
        say_json({"files": [_row(one) for one in done], "coverage_lines": hours})


class _BadLines:
    def __init__(self, file: Path) -> None:
        self._file, self._count = file, 0

    def note(self, bad: BadLine) -> None:
        from tracker.terminal import complain

        self._count += 1
        if self._count <= SHOWN:
            complain(f"{self._file}:{bad.number}: {bad.reason}; skipped")

    def sum_up(self) -> None:
        from tracker.terminal import complain

        if self._count > SHOWN:
            complain(f"{self._file}: {self._count - SHOWN} more lines were skipped")


def _line(imported: Imported) -> str:
    if imported.already:
        return f"{imported.file}: read before, under the same catalogue and models; nothing to do"
    tally = imported.tally
    return (
        f"{imported.file}: {imported.format}, {imported.lines} lines, seen {tally.seen}, new {tally.new}, "
        f"linked {tally.linked}" + (f", skipped {imported.bad}" if imported.bad else "")
    )


def _row(imported: Imported) -> dict[str, object]:
    return {
        "file": imported.file,
        "format": imported.format,
        "lines": imported.lines,
        "seen": imported.tally.seen,
        "new": imported.tally.new,
        "linked": imported.tally.linked,
        "skipped": imported.bad,
        "already": imported.already,
    }
