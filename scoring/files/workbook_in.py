"""A workbook (.xlsx) becomes rows of text, sheet by sheet; or a sentence says why it cannot be read.

python-calamine reads it. What comes from outside is looked through first, part by part, and packed anew: the library sees no more than
what was looked through, and nothing that would make it reserve memory without end (it lays a sheet out from the first cell to the last).
"""

import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from functools import lru_cache
from io import BytesIO
from operator import itemgetter
from typing import IO, TYPE_CHECKING, Any, BinaryIO

from scoring.files.messages import ERROR, NO_VALUE

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

LARGEST_FILE = 20_000_000  # bytes
_MOST_UNPACKED = 200_000_000  # bytes
_MOST_PARTS = 5_000
_MOST_ROWS = 1_048_576  # as many as a sheet of Excel has
_MOST_CELLS = 10_000_000  # from A1 to a sheet's last row and last column; some 32 bytes each while they are read
_MOST_GIVEN = 3_500_000  # cells of a sheet that are written down, empty ones too
_MOST_TEXTS = 2_000_000
_WINDOW = 1_000_000  # bytes of a sheet that are looked through at a time
_ZIP, _OLD = (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0"
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
)
"""What the library raises where a zipped file is not what it says: a place before its beginning and a name that is no text among them."""
_SAVE_AGAIN = "open it in a spreadsheet program and save it again as .xlsx"
_NAME = rb"<(?:\w+:)?"
_ATTRIBUTES = rb'(?: (?:s|t|cm|vm|ph)="\w*")*'
_CELL = re.compile(
    _NAME + rb"c(?:" + _ATTRIBUTES + rb' r="([A-Z]{1,3})([0-9]{1,7})"' + _ATTRIBUTES + rb" ?(/?)>|[\s/>])"
)
"""A cell's column and row, and whether it is empty; all three empty for a cell that does not say where it is."""
_NOT_WORKED_OUT = re.compile(
    _NAME + rb'c([^<>]*)>\s*' + _NAME + rb'f(?:[^<>]*/>|[^<>]*>([^<]*)</(?:\w+:)?f>)\s*'
    rb'(?:' + _NAME + rb'v\s*(?:/>|>\s*</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>'
)  # fmt: skip
_ERROR = re.compile(
    rb"("
    + _NAME
    + rb'c [^<>]*)t="e"([^<>]*>(?:\s*'
    + _NAME
    + rb"f(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>))?\s*"
    + _NAME
    + rb"v>[^<]*)"
)
_TYPE = re.compile(rb'\st="\w*"')
_COUNTED = re.compile(rb"(" + _NAME + rb"(?:sst|cellXfs|mergeCells))\s[^<>]*?(/?>)")
"""Where a file says how many entries follow. The library reserves memory for as many, whatever the number."""
_TEXTS = re.compile(_NAME + rb"(?:si|t)[\s/>]")
_OTHER_ENCODING = re.compile(rb"""\x00|^\s*<\?xml[^>]*encoding=["'](?!utf-?8["'])""", re.IGNORECASE)


_READ = ("[content_types]", "_rels/", "xl/")
"""How the names of the parts begin, in small letters, that a workbook is made of."""
_ORDER_OF_FORMULAS = "xl/calcchain.xml"
"""The part, in small letters, in which Excel lists its cells with formulas; they look like cells of a sheet."""
_APPLE = "is a file of Numbers, Pages or Keynote, not .xlsx: in Numbers, choose File, Export To, Excel"
_OTHERS = {
    "word/document.xml": "is a text document (.docx), not .xlsx: copy the table in it into a spreadsheet program and save it as .xlsx",
    "ppt/presentation.xml": "is a presentation (.pptx), not .xlsx: copy the table in it into a spreadsheet program and save it as .xlsx",
    "xl/workbook.bin": f"is a binary workbook (.xlsb), not .xlsx: {_SAVE_AGAIN}",
    "Index/Document.iwa": _APPLE,
    "Index.zip": _APPLE,
    "content.xml": f"is an OpenDocument file, such as .ods, not .xlsx: {_SAVE_AGAIN}",
}
"""A part of a zipped file that tells what it is -> what that is, and what to do."""


class WorkbookError(ValueError):
    """A workbook that cannot be read; the message goes on after the file's name and says what to do."""


def is_workbook(start: bytes) -> bool:
    """Whether a file that begins with these bytes is for `open_workbook`: it is zipped, or of the old kind that Excel's passwords use too."""
    return start.startswith((*_ZIP, _OLD))


def is_document(parts: Collection[str]) -> bool:
    """Whether a zipped file is a document of an office program, such as a workbook, and no packed folder. parts: the names of what is in it."""
    return "[Content_Types].xml" in parts or any(part in parts for part in _OTHERS)


class Workbook:
    """A workbook that can be read. sheets: the names of its sheets with cells, those that are shown before those that are hidden."""

    def __init__(self, book: "CalamineWorkbook") -> None:
        from python_calamine import SheetTypeEnum, SheetVisibleEnum

        sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        shown = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
        self.sheets = (*shown, *(sheet.name for sheet in sheets if sheet.name not in shown))
        self._sheet = lru_cache(1)(lambda name: _careful(lambda: book.get_sheet_by_name(name)))

    def rows(self, sheet: str) -> Iterator[list[str]]:
        """The rows of a sheet, the sheet's first row first and column A first, each cell as text.

        All rows are equally long. A number is written as it shows (42), a date YYYY-MM-DD,
        a moment YYYY-MM-DD HH:MM:SS, a boolean TRUE or FALSE, a formula as the value that it had when the file was saved; one that
        never had a value as the formula and NO_VALUE, and an error as it shows and ERROR. Raises WorkbookError where the sheet cannot be read.
        """
        read = self._sheet(sheet)
        if read.start is None:
            return
        before = [""] * read.start[1]
        blank = [""] * (read.start[1] + read.width)
        for row in read.iter_rows():  # from row 1 on, but from the first column that has a cell
            yield (
                blank
                if row.count("") == len(row)
                else before + [cell if type(cell) is str else _as_it_shows(cell) for cell in row]
            )


def open_workbook(source: bytes | BinaryIO) -> Workbook:
    """Open a workbook, given as bytes or as an open file at its beginning.

    Raises WorkbookError for what is no .xlsx, cannot be read, or is over a limit: 20 MB, 200 MB unpacked, 1,048,576 rows or ten
    million cells a sheet. No more is unpacked than the limits allow.
    """
    from python_calamine import load_workbook

    data = source if isinstance(source, bytes) else source.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise WorkbookError(
            "is over 20 MB, the most that a workbook may have: save the sheet as CSV UTF-8 and use that"
        )
    if not is_workbook(data):
        raise WorkbookError("is not a workbook (.xlsx)")
    if data.startswith(_OLD):
        raise WorkbookError(_of_the_old_kind(data))
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            packed = _looked_through(archive)
    except WorkbookError:
        raise
    except DAMAGED:
        raise WorkbookError(f"is damaged or not whole, and cannot be unpacked: {_SAVE_AGAIN}") from None
    return Workbook(_careful(lambda: load_workbook(packed)))


def _of_the_old_kind(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "is protected with a password: take the password off (in Excel: File, Info, Protect Workbook) and save it again"
    return f"is of an old kind (.xls): {_SAVE_AGAIN}"


def _looked_through(archive: zipfile.ZipFile) -> BytesIO:
    """The workbook packed anew, of the parts that were looked through."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        other = "is a zipped file and not a workbook (.xlsx): unpack it, and use the workbook or the CSV that is in it"
        raise WorkbookError(next((what for part, what in _OTHERS.items() if part in names), other))
    if len(parts) > _MOST_PARTS or len(names) < len(parts):
        raise WorkbookError(f"is put together as no spreadsheet program does it: {_SAVE_AGAIN}")
    if sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise WorkbookError(
            "is over 200 MB when it is unpacked, the most that it may be: delete what is not needed, or save the sheet as CSV UTF-8 and use that"
        )
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for part in parts:
            name = part.filename.lower()
            if not name.startswith(_READ) or not name.endswith((".xml", ".rels")) or name == _ORDER_OF_FORMULAS:
                continue  # pictures, macros, printers' settings and other programs' own data are left out
            with archive.open(part) as given, new.open(part.filename, "w") as copy:
                extent = _Extent()
                for window in _windows(given):
                    copy.write(_looked_into(window, extent))
    packed.seek(0)
    return packed


def _looked_into(window: bytes, extent: "_Extent") -> bytes:
    """Some of a part, in which cells that were never worked out, and cells that are in error, say so as text."""
    if _OTHER_ENCODING.search(window[:200]) or b"\0" in window:
        raise WorkbookError(f"is written in an encoding that no spreadsheet program uses: {_SAVE_AGAIN}")
    window = _COUNTED.sub(rb"\1\2", window)
    extent.add(window)
    if b't="e"' in window:
        window = _ERROR.sub(rb'\1t="str"\2 ' + ERROR.encode(), window)
    return _NOT_WORKED_OUT.sub(_said, window) if b"<f" in window or b":f" in window else window


def _said(cell: re.Match[bytes]) -> bytes:
    attributes = _TYPE.sub(b"", cell[1])
    return b'<c%b t="str"><v>=%b %b</v></c>' % (attributes, cell[2] or b"", NO_VALUE.encode())


class _Extent:
    """How far a part reaches and how much it holds, as far as it was looked through."""

    def __init__(self) -> None:
        self.width, self.column, self.last_row, self.given, self.texts = 0, b"", 0, 0, 0

    def add(self, window: bytes) -> None:
        """Raise WorkbookError where there are so many texts, or so many cells or cells so far apart, that laying them out would take too much memory."""
        cells = _CELL.findall(window)
        if b"" in set(map(itemgetter(0), cells)):
            raise WorkbookError(f"has cells that do not say where they are: {_SAVE_AGAIN}")
        self.given += len(cells)
        self.texts += 0 if cells else len(_TEXTS.findall(window))
        if self.texts > 2 * _MOST_TEXTS:  # each is a tag with another one in it
            raise WorkbookError(f"holds more than {_MOST_TEXTS:,} texts: save the sheet as CSV UTF-8 and use that")
        if self.given > _MOST_GIVEN:
            raise WorkbookError(
                f"has a sheet of more than {_MOST_GIVEN:,} cells: delete the rows and columns that are empty and only formatted, or save the sheet as CSV UTF-8 and use that"
            )
        for column in {column for column, _, empty in cells if not empty}:
            if _number(column) > self.width:
                self.width, self.column = _number(column), column
        self.last_row = max(self.last_row, *map(int, {row for _, row, empty in cells if not empty}), 0)
        if self.last_row > _MOST_ROWS or self.last_row * self.width > _MOST_CELLS:
            raise WorkbookError(
                f"has a sheet that reaches to column {self.column.decode()} and row {self.last_row:,}; allowed: {_MOST_ROWS:,} rows, and {_MOST_CELLS:,} cells in all: "
                "delete what stands far to the right of the table or far below it, or save the sheet as CSV UTF-8 and use that"
            )


def _windows(part: IO[bytes]) -> Iterator[bytes]:
    """A part, about a megabyte at a time, each of whole tags, and of whole cells where they are shorter. Raises WorkbookError for a text that is longer than any cell's."""
    held = b""
    while more := part.read(_WINDOW):
        held += more
        last, cell = held.rfind(b"<"), held.rfind(b"<c ")
        if len(held) - last > _WINDOW:
            raise WorkbookError(f"holds a text of more than a million characters; a cell holds 32,767: {_SAVE_AGAIN}")
        end = cell if cell > 0 else max(last, 0)
        yield held[:end]
        held = held[end:]
    yield held


def _number(column: bytes) -> int:
    """The number of a column from its letters: 1 for A, 27 for AA."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _careful(do: Any) -> Any:
    """What the library gives; where it fails, also by a panic of its own, a WorkbookError."""
    from python_calamine import CalamineError

    try:
        return do()
    except CalamineError:
        pass
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # pyo3's, of a panic: it is no Exception and cannot be imported
            raise
    raise WorkbookError(f"cannot be read: {_SAVE_AGAIN}")


def _as_it_shows(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return format(cell, ".15g")
    if isinstance(cell, datetime) and cell.time() == time():
        cell = cell.date()
    return (
        cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat() if isinstance(cell, date) else str(cell)
    )
