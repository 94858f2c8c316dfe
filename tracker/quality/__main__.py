"""`python -m tracker.quality docs/quality.md`: write the packaged figures as a page of the docs."""

from __future__ import annotations

import argparse
from pathlib import Path

from models.evaluation.recorded import packaged
from tracker.quality.markdown import markdown
from tracker.quality.page import page


def main() -> None:
    """Write the page to the file that is named."""
    options = argparse.ArgumentParser(prog="python -m tracker.quality", description=__doc__)
    options.add_argument("file", type=Path, help="the Markdown file to write")
    options.parse_args().file.write_text(markdown(page(packaged())), "utf-8")


if __name__ == "__main__":
    main()
