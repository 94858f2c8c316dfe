"""The page about quality as Markdown, for the docs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.quality.blocks import Section, Table
from tracker.quality.prose import TITLE

MADE_BY = (
    "<!-- Made by `python -m tracker.quality docs/quality.md` from models/data/quality.json; not to be edited. -->"
)


def markdown(sections: Sequence[Section]) -> str:
    """The whole page."""
    return "\n\n".join([f"# {TITLE}", MADE_BY, *_blocks(sections)]) + "\n"


def _blocks(sections: Sequence[Section]) -> Iterator[str]:
    for section in sections:
        yield f"## {section.title}"
        for block in section.blocks:
            yield _table(block) if isinstance(block, Table) else block


def _table(table: Table) -> str:
    numeric = [all(isinstance(cell, int) for cell in column) for column in zip(*table.rows, strict=True)]
    rule = "|".join("--:" if right else "---" for right in numeric or [False] * len(table.headings))
    rows = (" | ".join(_cell(cell) for cell in row) for row in (table.headings, *table.rows))
    heading, *body = (f"| {row} |" for row in rows)
    return "\n".join((f"{table.caption}:\n", heading, f"|{rule}|", *body))


def _cell(cell: str | int) -> str:
    return str(cell).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
