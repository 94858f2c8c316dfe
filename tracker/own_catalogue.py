"""The user's own catalogue files: entries are added at their end, and only where the whole can still be read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from models.catalogue import Catalogue, Source, load_catalogue
from models.complaint import Complaint


class OwnCatalogueError(Complaint):
    """A file of the user that cannot be added to; the message names it."""


def with_file(file: Path, others: Iterable[Path]) -> Catalogue:
    """The packaged catalogue with the files of the configuration and with `file`, whether it is one of them or new."""
    return load_catalogue(_sources(file, _text(file), others))


def append(file: Path, text: str, others: Iterable[Path]) -> None:
    """Add tables at the end of `file`; what stands in it stays as it is.

    Raises CatalogueError or OwnCatalogueError, with nothing written, where file or text could not be read together.
    """
    before = _text(file)
    gap = "" if not before else "\n" if before.endswith("\n") else "\n\n"
    load_catalogue(_sources(file, before + gap + text, others))
    try:
        with file.open("a", encoding="utf-8", newline="\n") as handle:
            handle.write(gap + text)
    except OSError as error:
        raise OwnCatalogueError(f"{file}: {error.strerror}") from None


def _sources(file: Path, text: str, others: Iterable[Path]) -> list[Source]:
    here = file.resolve()
    found = [Source(str(other), text if other.resolve() == here else _text(other)) for other in others]
    return found if any(Path(source.name).resolve() == here for source in found) else [*found, Source(str(file), text)]


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise OwnCatalogueError(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise OwnCatalogueError(f"{file}: is not UTF-8 text") from None


def how_to_use(file: Path, files: Iterable[Path]) -> str:
    """What is left to do so that the file is read: nothing where the configuration names it."""
    if any(file.resolve() == other.resolve() for other in files):
        return f"{file} is named in the configuration: it counts from the next command on"
    line = f'files = ["{file.as_posix()}"]'
    return f"to use it, name it in the configuration, beside what stands there:\n[catalogue]\n{line}"
