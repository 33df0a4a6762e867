"""A workbook is read as it shows; what is none, is too large or was made to do harm gets a sentence before it is unpacked."""

import io
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from scoring.files.messages import ERROR, NO_VALUE
from scoring.files.workbook_in import WorkbookError, is_workbook, open_workbook

ROOT = Path(__file__).parents[2]
SHEET = (
    "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>%s</sheetData></worksheet>"
)


def small(**sheets: list[list[object]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def changed(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The workbook with other content, or more of it, in parts of its zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {**dict.fromkeys(old.namelist()), **parts}:
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return file.getvalue()


def with_cells(cells: str) -> bytes:
    return changed(saved(small(A=[["x"]])), {"xl/worksheets/sheet1.xml": (SHEET % cells).encode()})


def rows(data: bytes, sheet: int = 0) -> list[list[str]]:
    book = open_workbook(data)
    return list(book.rows(book.sheets[sheet]))


def test_each_cell_is_read_as_it_shows() -> None:
    book = small(A=[["name", 42, 0.5, 1e6, True, False, date(2026, 3, 4), datetime(2026, 3, 4, 9, 5), None, "last"]])
    assert rows(saved(book)) == [
        ["name", "42", "0.5", "1000000", "TRUE", "FALSE", "2026-03-04", "2026-03-04 09:05:00", "", "last"]
    ]


def test_rows_and_columns_keep_their_places_and_text_is_kept_to_the_letter() -> None:
    book = small(A=[[]])
    book["A"]["C4"], book["A"]["B6"] = " \u00a0é\n", "=1"
    book["A"]["B6"].data_type = "s"
    blank = ["", "", ""]
    assert rows(saved(book)) == [blank, blank, blank, ["", "", " \u00a0é\n"], blank, ["", "=1", ""]]


def test_sheets_that_show_come_before_hidden_ones_and_hidden_rows_and_merged_cells_are_read() -> None:
    book = small(Lists=[["x"]], Answers=[["a", "b"], ["c", "d"]], **{f"S{number}": [[]] for number in range(253)})
    book["Lists"].sheet_state = "hidden"
    book["Answers"].row_dimensions[2].hidden = True
    book["Answers"].merge_cells("A1:B1")
    opened = open_workbook(io.BytesIO(saved(book)))
    assert (opened.sheets[0], opened.sheets[-1], len(opened.sheets)) == ("Answers", "Lists", 255)
    assert list(opened.rows("Answers")) == [["a", ""], ["c", "d"]]
    assert list(opened.rows("S7")) == []


def test_a_formula_is_read_as_its_value_and_one_without_says_so() -> None:
    cells = "<row r='1'>{}</row>".format(
        '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="e"><f>NA()</f><v>#N/A</v></c>'
        '<c r="C1" s="1"><f>B1&amp;"x"</f><v></v></c><c r="D1"><f>A1</f></c><c r="E1" t="str"><f>A1</f><v/></c>'
    )
    assert rows(with_cells(cells)) == [["2", f"#N/A {ERROR}", f'=B1&"x" {NO_VALUE}', *[f"=A1 {NO_VALUE}"] * 2]]


def test_what_looks_like_cells_beside_the_sheets_is_passed_over() -> None:
    chain = b'<calcChain xmlns=\'http://schemas.openxmlformats.org/spreadsheetml/2006/main\'><c r=\'A1\' i=\'1\'/><c r="B1" i="1" l="1"/><c r="C1"/></calcChain>'
    assert rows(
        changed(saved(small(A=[["x"]])), {"xl/calcChain.xml": chain, "customXml/item1.xml": b"<a><c>0.33</c></a>"})
    ) == [["x"]]


def test_macros_and_links_to_other_files_are_passed_over() -> None:
    data = changed(
        saved(small(A=[["x"]])), {"xl/vbaProject.bin": b"macro", "xl/externalLinks/externalLink1.xml": b"<x/>"}
    )
    assert rows(data) == [["x"]]


@pytest.mark.slow
def test_a_million_styled_empty_rows_are_passed_over() -> None:
    empty = "".join(f'<row r="{number}" s="1"><c r="A{number}" s="1"/></row>' for number in range(2, 1_048_577))
    assert rows(with_cells(f'<row r="1"><c r="A1"><v>1</v></c></row>{empty}')) == [["1"]]


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
REFUSED = {
    "damaged": (b"PK\x03\x04 and no more", "is damaged or not whole"),
    "protected": (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "is protected with a password"),
    "old": (b"\xd0\xcf\x11\xe0 and so on", "is of an old kind (.xls)"),
    "large": (b"PK\x03\x04" + bytes(20_000_000), "is over 20 MB"),
    "far": (with_cells(FAR), "reaches to column XFD and row 1,048,576"),
    "nowhere": (with_cells("<row><c><v>1</v></c></row>"), "cells that do not say where they are"),
    "below": (with_cells('<row><c r="A1048577"><v>1</v></c></row>'), "reaches to column A and row 1,048,577"),
    "cut": (changed(saved(small(A=[[]])), {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}), "cannot be read"),
    "long": (with_cells(f'<row><c r="A1" t="str"><v>{"a" * 2_000_000}</v></c></row>'), "more than a million characters"),
    "UTF-16": (changed(saved(small(A=[[]])), {"xl/worksheets/sheet1.xml": (SHEET % FAR).encode("utf-16")}), "an encoding"),
}  # fmt: skip


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as new:
        for name, content in parts.items():
            new.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


REFUSED |= {
    "a zip": (zipped(report_txt=b"Dear"), "is a zipped file and not a workbook (.xlsx): unpack it"),
    "an empty zip": (zipped(), "is a zipped file and not a workbook"),
    "document": (zipped(word__document_xml=b"<a/>"), "is a text document (.docx)"),
    "presentation": (zipped(ppt__presentation_xml=b"<a/>"), "is a presentation (.pptx)"),
    "ods": (zipped(mimetype=b"", content_xml=b""), "is an OpenDocument file"),
    "numbers": (zipped(Index__Document_iwa=b""), "is a file of Numbers, Pages or Keynote"),
    "binary": (zipped(xl__workbook_bin=b""), "is a binary workbook"),
}


@pytest.mark.parametrize(("data", "words"), REFUSED.values(), ids=list(REFUSED))
def test_what_cannot_be_read_is_refused_in_words(data: bytes, words: str) -> None:
    assert is_workbook(data)
    with pytest.raises(WorkbookError) as refused:
        rows(data)
    assert words in str(refused.value)


def test_a_workbook_is_refused_by_the_size_that_its_directory_gives_before_anything_is_unpacked() -> None:
    data = bytearray(changed(saved(small(A=[["x"]])), {"xl/media/picture.xml": b"x"}))
    place = data.rindex(b"xl/media/picture.xml") - 22
    data[place : place + 4] = (2_000_000_000).to_bytes(4, "little")
    with pytest.raises(WorkbookError, match="over 200 MB when it is unpacked"):
        open_workbook(bytes(data))


def test_no_more_is_unpacked_than_the_directory_gives() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    blanks = packer.compress(b" " * 10_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(small(A=[["x"]])))) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, blanks * 100 + packer.flush() if name.endswith("sheet1.xml") else old.read(name))
        part = new.getinfo("xl/worksheets/sheet1.xml")
        part.compress_type, part.file_size = zipfile.ZIP_DEFLATED, 900_000
    tracemalloc.start()
    with pytest.raises(WorkbookError, match="is damaged or not whole"):
        open_workbook(file.getvalue())
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("limit", "cells"),
    [
        ("_MOST_GIVEN", '<row r="1"><c r="A1" s="1"/><c r="B1" s="1"/><c r="C1" s="1"/></row>'),
        ("_MOST_TEXTS", "<si><t>a</t></si>" * 3),
    ],
)
def test_more_than_can_be_laid_out_in_time_is_refused(limit: str, cells: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"scoring.files.workbook_in.{limit}", 2)
    with pytest.raises(WorkbookError, match=r"more than 2 (cells|texts)"):
        open_workbook(with_cells(cells))


def test_what_is_said_for_a_value_does_not_depend_on_where_a_part_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = "".join(
        f'<row r="{row}"><c r="A{row}"><f>1+{row}</f></c><c r="B{row}" t="e"><f>NA()</f><v>#N/A</v></c></row>'
        for row in range(1, 200)
    )
    expected = rows(with_cells(cells))
    assert expected[8] == [f"=1+9 {NO_VALUE}", f"#N/A {ERROR}"] and len(expected) == 199
    for size in (500, 777, 3000):
        monkeypatch.setattr("scoring.files.workbook_in._WINDOW", size)
        assert rows(with_cells(cells)) == expected


def test_a_number_of_entries_that_a_file_only_claims_reserves_no_memory() -> None:
    styles = b'<styleSheet><cellXfs count="999999999999"><xf numFmtId="0"/></cellXfs></styleSheet>'
    assert rows(changed(saved(small(A=[["x"]])), {"xl/styles.xml": styles})) == [["x"]]


def test_what_is_no_workbook_is_not_taken_for_one() -> None:
    assert (
        not is_workbook(b"PK,service,category")
        and not is_workbook(b"service,category")
        and not is_workbook(b"%PDF-1.7")
        and not is_workbook(b"")
    )


def test_the_library_is_loaded_only_when_a_workbook_is_opened() -> None:
    program = "import sys, scoring.files.workbook_in; sys.exit('python_calamine' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
