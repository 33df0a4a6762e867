"""A table becomes a CSV file."""

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


def csv_line(cells: Sequence[str]) -> str:
    """One record. Written with CRLF, so that the csv module quotes a cell that holds either, and then ended with LF."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()[:-2] + "\n"
