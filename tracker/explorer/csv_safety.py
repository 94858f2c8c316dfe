"""CSV that a spreadsheet cannot mistake for formulas, rewritten row by row as it streams by."""

from __future__ import annotations

import codecs
import csv
import io
import re

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)


def safe_cell(cell: str) -> str:
    """`cell` with an apostrophe before it where a spreadsheet could run it; numbers as they are.

    OWASP's list of leading characters, with NUL and the full-width forms that some programs fold.
    """
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) and not _NUMBER.fullmatch(cell) else cell


class SafeCsv:
    """Takes the bytes of a CSV as they come and gives them back with every cell made safe.

    A row goes out once it is complete, so no more than one row is held however long the stream is.
    """

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._waiting: list[str] = []
        self._quotes = 0

    def take(self, chunk: bytes, *, last: bool) -> bytes:
        """The safe form of the rows that `chunk` completes; with `last` also of what is left over."""
        out = io.StringIO(newline="")
        for piece in re.split(r"(?<=\n)", self._decode(chunk, last)):
            self._waiting.append(piece)
            self._quotes += piece.count('"')
            # Inside a quoted cell a quote is doubled, so only a complete row has an even number of them.
            if piece.endswith("\n") and self._quotes % 2 == 0:
                self._release(out)
        if last:
            self._release(out)
        return out.getvalue().encode()

    def _release(self, out: io.StringIO) -> None:
        row = "".join(self._waiting)
        self._waiting, self._quotes = [], 0
        if not row:
            return
        if len(row) > csv.field_size_limit():
            csv.field_size_limit(len(row))  # the module's own limit of 131,072 would let a long cell through unread
        try:
            cells = next(csv.reader([row]))
        except csv.Error:  # not CSV at all: the text of an error that stopped the stream
            out.write(safe_cell(row))
        else:
            csv.writer(out).writerow([safe_cell(cell) for cell in cells])
