"""`python -m tracker.explorer metadata.json`: write Datasette's metadata to a file that a person can change."""

from __future__ import annotations

import argparse
from pathlib import Path

from tracker.explorer.metadata import write_metadata


def main() -> None:
    """Write the metadata for a database file of the given name."""
    options = argparse.ArgumentParser(prog="python -m tracker.explorer", description=__doc__)
    options.add_argument("file", type=Path, help="the metadata file to write")
    options.add_argument("--database", type=Path, default=Path("ostpulse.db"), help="the database that it describes")
    given = options.parse_args()
    write_metadata(given.file, given.database.stem)


if __name__ == "__main__":
    main()
