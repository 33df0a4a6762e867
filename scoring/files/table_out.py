"""A table becomes a CSV file: UTF-8 that begins with BOM, so that a spreadsheet shows the accents, and LF line ends."""

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\ufeff"


def csv_file(rows: Iterable[Sequence[object]]) -> bytes:
    """The whole file. rows: the header first."""
    return (BOM + "".join(map(csv_line, rows))).encode()


def csv_line(cells: Sequence[object]) -> str:
    """One record. Written with CRLF, so that the csv module quotes a cell that holds either, and then ended with LF."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()[:-2] + "\n"
