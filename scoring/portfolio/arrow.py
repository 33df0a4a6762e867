"""Between numpy and pyarrow, over the memory that both share.

pyarrow's own conversions load pandas, if it is there, to ask whether a value is one of its: half of what a command takes.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from pyarrow import compute


def numbers(array: pa.Array) -> np.ndarray:
    """An Arrow array of whole numbers for numpy to read. What is missing is some number or other."""
    dtype = np.dtype(str(array.type))
    return (
        np.frombuffer(array.buffers()[1], dtype=dtype)[array.offset : array.offset + len(array)]
        if len(array)
        else np.zeros(0, dtype)
    )


def array(values: np.ndarray, there: np.ndarray | None = None) -> pa.Array:
    """Whole numbers for Arrow to read; those that are not `there` are missing."""
    values = np.ascontiguousarray(values)
    valid = None if there is None else pa.py_buffer(np.packbits(there, bitorder="little"))
    return pa.Array.from_buffers(pa.type_for_alias(values.dtype.name), len(values), [valid, pa.py_buffer(values)])


def flags(values: np.ndarray) -> pa.BooleanArray:
    """A bool for each element, for Arrow to read."""
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, pa.py_buffer(np.packbits(values, bitorder="little"))])


def places(flags: pa.BooleanArray) -> np.ndarray:
    """Where it is true."""
    return numbers(compute.indices_nonzero(flags)).astype(np.int64)


def texts(values: Sequence[str]) -> pa.StringArray:
    """A column of text."""
    encoded = [value.encode() for value in values]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(encoded), pa.py_buffer(ends), pa.py_buffer(b"".join(encoded)))


def text(value: str) -> pa.StringScalar:
    """One text, to be put beside columns."""
    return texts([value])[0]


def missing(count: int) -> pa.StringArray:
    """A column without any text."""
    nothing = pa.py_buffer(np.zeros(count // 8 + 1, dtype=np.uint8))
    return pa.StringArray.from_buffers(
        count, pa.py_buffer(np.zeros(count + 1, dtype=np.int32)), pa.py_buffer(b""), nothing
    )


def buffers(column: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """The bytes of a column of text, and where in them each cell begins (and the last one ends)."""
    _, offsets, data = column.buffers()
    ends = (
        np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1]
        if len(column)
        else np.zeros(1, dtype=np.int32)
    )
    return np.frombuffer(data, dtype=np.uint8) if data is not None and data.size else np.zeros(0, dtype=np.uint8), ends
