"""The text of a file: opened, told apart from what is no text, and read row by row, each row a list of cells.

How rows are numbered, here and in `table_in`: by their place in the spreadsheet that shows the file, less one. So where the header is
the first row of the file, the first row under it is row 1. Blank lines count; a first line `sep=` does not, as a spreadsheet does not show it.
"""

import codecs
import csv
import io
import os
import re
import stat
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from _csv import Reader

Source = bytes | Path | BinaryIO
"""A file by its bytes, its path, or an open one that can be read again from its start."""
CHANGED = "was changed while it was being read; allowed: a file that nobody writes to meanwhile"
LONGEST_ROW = 16 * 1024 * 1024
"""Bytes of one row that are held at most."""
SAVE_AS = "the workbook itself (.xlsx), or in Excel, Save as: CSV UTF-8 (Comma delimited)"
_LONGEST_CELL = 2**31 - 1
"""Characters; the largest bound that the csv module takes on every machine. How large a file may be is for whoever reads it to say."""
_BLOCK = 1024 * 1024
"""Bytes that are put into another encoding at a time."""
_TABLE = "the table itself, as CSV or as a workbook (.xlsx)"
KINDS = (
    (
        b"%PDF",
        "a PDF file",
        "the spreadsheet (.xlsx) or the CSV that it was made from",
    ),
    (b"{\\rtf", "a text document (RTF)", _TABLE),
    (b"\xff\xd8\xff", "a picture (JPEG)", _TABLE),
    (b"\x89PNG", "a picture (PNG)", _TABLE),
    (b"Rar!", "a packed folder (RAR)", "the files that are in it"),
    (b"7z\xbc\xaf\x27\x1c", "a packed folder (7z)", "the files that are in it"),
    (b"\x1f\x8b", "a packed file (gzip)", "the file that is in it"),
    (b"BZh", "a packed file (bzip2)", "the file that is in it"),
    (b"\xfd7zXZ", "a packed file (xz)", "the file that is in it"),
)
"""How files begin that are no table of text, what they are, and what is allowed instead."""
_BEGINNING = re.compile(rb'(?:\xef\xbb\xbf)*(?:"?sep=(.)"? *(?:\r\n|\r|\n|\Z))?', re.IGNORECASE)
"""Byte order marks, of which programs that put files together leave several, and a first line `sep=`."""
_UNDECODED = re.compile("[\udc80-\udcff]")
"""What stands for a byte that is no UTF-8."""
_QUOTED = "allowed: a cell that holds one is put in quotation marks whole, and each one in it is doubled"
JSON = "JSON"


class TableError(ValueError):
    """A file that cannot be read as a table. The message goes on after the file's name: "is empty; allowed: ...".

    row: the number of the row that stands in the way, 0 where it is the whole file or its header.
    elsewhere: what tells that another page may take the file: JSON, or the name of a column; else "".
    """

    def __init__(self, what: str, row: int = 0, elsewhere: str = "") -> None:
        super().__init__(what)
        self.row, self.elsewhere = row, elsewhere


@contextmanager
def unchanging(source: Source) -> Iterator[BinaryIO]:
    """The source, to be read as often as is needed; what the caller opened stays open.

    Raises TableError where it cannot be opened or read, or was written to meanwhile.
    """
    if isinstance(source, Path):
        try:
            opened = source.open("rb")
        except OSError as error:
            raise TableError(f"cannot be read: {error.strerror}") from None
        with opened, unchanging(opened) as file:
            yield file
        return
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    before = _state(file)
    try:
        yield file
    except Exception as error:  # whatever it was, it may come of the change
        if _state(file) != before:
            raise TableError(CHANGED) from None
        if isinstance(error, OSError):
            raise TableError(f"cannot be read: {error.strerror or error}") from None
        raise
    if _state(file) != before:
        raise TableError(CHANGED)


def _state(file: BinaryIO) -> tuple[int, int] | None:
    """What changes when an open file is written to: its size and the time of its last change. None for what is no file on a disk: a pipe, or bytes in memory."""
    try:
        status = os.fstat(file.fileno())
    except OSError:
        return None
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


@contextmanager
def in_utf_8(file: BinaryIO) -> Iterator[tuple[BinaryIO, int, str]]:
    """The file in UTF-8, the offset of its first row in bytes, and the separator that a first line `sep=` names, or "".

    A file in UTF-16 is put into a temporary one. Raises TableError, which says what the file is, where it is plainly no CSV.
    """
    file.seek(0)
    start = file.read(8)
    for beginning, what, allowed in KINDS:
        if start.startswith(beginning):
            raise TableError(f"this is {what}, not a CSV; allowed: {allowed}")
    in_utf_16 = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0\0" in start or (b"\0" in start and not in_utf_16):
        raise TableError(
            f"header: is not UTF-8 text: it looks like UTF-16 without its mark, or UTF-32; allowed: {SAVE_AS}"
        )
    if not in_utf_16:
        yield (file, *_first_row(file))
        return
    with tempfile.TemporaryFile() as recoded:
        file.seek(0)
        try:
            for text in codecs.iterdecode(iter(lambda: file.read(_BLOCK), b""), "utf-16"):
                recoded.write(text.encode())
        except UnicodeDecodeError:
            raise TableError(f"is not whole UTF-16 text; allowed: {SAVE_AS}") from None
        yield (recoded, *_first_row(recoded))


def _first_row(file: BinaryIO) -> tuple[int, str]:
    """The offset behind a byte order mark and a first line `sep=`, and the separator that it names."""
    file.seek(0)
    beginning = _BEGINNING.match(file.read(64))
    assert beginning  # it may be empty
    return beginning.end(), (beginning[1] or b"").decode("latin-1")


class Rows:
    """The rows of a text from an offset on, each with its number and its cells; blank lines are rows without cells.

    Read with the csv module, which takes everything that is CSV, at some ten times the time that pyarrow needs.
    A U+001A at the very end is passed over, and so are blanks behind a separator where `past_blanks` says so, since a quotation mark may follow.
    position: the offset behind the last row that was read, in bytes. number: the number of the row that is read next.
    """

    def __init__(self, file: BinaryIO, start: int, separator: str, number: int, past_blanks: bool = True) -> None:
        self.file, self.separator, self.past_blanks = file, separator, past_blanks
        self.position, self.number = start, number
        self._held = 0

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Raises TableError, with its row, where rows or characters cannot be told apart."""
        with closing(self._lines()) as lines:
            reader = csv_rows(lines, strict=True, delimiter=self.separator, skipinitialspace=self.past_blanks)
            while True:
                try:
                    cells = next(reader, None)
                except csv.Error as error:
                    where = "in the middle of a cell" if "expected after" in str(error) else "that is never closed"
                    raise TableError(f"a quotation mark {where}; {_QUOTED}", self.number) from None
                if cells is None:
                    return
                undecoded = _UNDECODED.search("".join(cells))
                if undecoded:
                    byte = ord(undecoded[0]) - 0xDC00
                    raise TableError(f"is not UTF-8 text (byte {byte:#x}); allowed: {SAVE_AS}", self.number)
                yield self.number, cells
                self._held = 0
                self.number += 1

    def _lines(self) -> Generator[str, None, None]:
        self.file.seek(self.position)
        text = io.TextIOWrapper(self.file, "utf-8", errors="surrogateescape", newline="")
        try:
            while line := text.readline(LONGEST_ROW + 1):
                size = len(line.encode(errors="surrogateescape"))
                self.position += size
                self._held += size
                if self._held > LONGEST_ROW:
                    raise TableError(f"is longer than {LONGEST_ROW:,} bytes; allowed: shorter rows", self.number)
                yield line if line.endswith(("\n", "\r")) else line.rstrip("\x1a")
        finally:
            text.detach()


def csv_rows(lines: Iterable[str] | str, strict: bool = False, **dialect: Any) -> "Reader":
    """The rows of CSV text or of its lines, one after another, each a list of cells. A blank line is an empty one.

    The csv module has one bound for the whole process. It is always set to the same, so that of two threads neither takes away the other's.
    """
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(io.StringIO(lines, newline="") if isinstance(lines, str) else lines, strict=strict, **dialect)


def blocks(file: BinaryIO, start: int, separator: str, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """The rows from an offset on, some at a time: where each block begins, its rows, all of them whole, and whether they are regular.

    size: of a block, in bytes, unless a row is longer. The last block is empty where the end of its first row cannot be told.
    """
    wanted = size
    while True:
        file.seek(start)
        data = file.read(wanted)
        is_last = len(data) < wanted
        block, is_regular = _whole_rows(data, is_last, separator)
        if is_last and not block:
            return
        if block or wanted >= LONGEST_ROW:
            yield start, block, bool(block) and is_regular
            if not block:
                return
            start, wanted = start + len(block), size
        else:
            wanted *= 2


def _whole_rows(data: bytes, is_last: bool, separator: str) -> tuple[bytes, bool]:
    """The rows that are whole in some data which begins with a row, and whether they are regular. Nothing where the end of none can be told."""
    if is_last:
        data = data.rstrip(b"\x1a")
        return data, _is_regular(data, separator)
    end = b"\n" if b"\n" in data else b"\r"
    cut = data.rfind(end, 0, len(data) - 1)  # behind a carriage return at the very end, a line feed may follow
    if _is_regular(data[: cut + 1], separator):
        return data[: cut + 1], True
    inside = data.count(b'"', 0, cut + 1) % 2  # the line end may stand between two quotation marks
    while inside and cut >= 0:
        before = data.rfind(end, 0, cut)
        inside ^= data.count(b'"', before + 1, cut) % 2
        cut = before
    return data[: cut + 1], _is_regular(data[: cut + 1], separator)


def _is_regular(block: bytes, separator: str) -> bool:
    """Whether each cell is quoted whole or holds no quotation mark, so that every program reads the same rows and cells."""
    import pyarrow as pa
    from pyarrow import compute

    sign = re.escape(separator)
    pattern = rf'^(?:(?:"(?:[^"]|"")*"|[^"{sign}\r\n]*)(?:[{sign}\r\n]|$))*$'
    return b'"' not in block or compute.match_substring_regex(pa.array([block], pa.large_binary()), pattern)[0].as_py()
