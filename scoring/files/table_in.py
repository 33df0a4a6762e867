"""The rows of CSV text, read and written, however long its cells are.

How large a file may be is for whoever reads it to say.
"""

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _csv import Reader

_LONGEST_CELL = 2**31 - 1
"""Characters; the largest bound that the csv module takes on every machine."""


def csv_rows(text: str, strict: bool = False) -> "Reader":
    """The rows, one after another, each a list of cells. A blank line is an empty one.

    The csv module has one bound for the whole process. It is always set to the same, so that of two threads neither takes away the other's.
    """
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(io.StringIO(text, newline=""), strict=strict)
