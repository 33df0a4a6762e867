"""Tables as spreadsheets leave them: what is read the same in every form, and what is refused with what to do. Cases after `shared/cases`."""

import csv
import gzip
import io
import os
import random
import resource
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from scoring.files import table_in, text_in
from scoring.files.table_in import SURPLUS, Expected, Source, TableError, open_table

EXPECTED = Expected(
    "a list",
    ("service", "tier", "answer", "answer.note"),
    {"Risk tier": "tier"},
    as_typed=("answer.note",),
    elsewhere={"requirement_text": "a scorecard, which Verify takes"},
)
HEADER = "service,tier,answer,answer.note"
ROWS = [["Café, “the” forum", "tier_1", "met", ' A "note"\nof two lines '], ["Second", "tier_2", "", ""]]
PLAIN = f'{HEADER}\r\n"Café, “the” forum",tier_1,met," A ""note""\nof two lines "\r\nSecond,tier_2,,\r\n'


def read(source: Source, rows: int = table_in.ROWS, expected: Expected = EXPECTED) -> dict[int, list[str]]:
    """The rows of a file by their number; that every cell is text is seen to."""
    with open_table(source, expected) as table:
        pieces = list(table.pieces(rows))
        assert all(tuple(piece.columns) == table.columns and 0 < len(piece) <= rows for piece in pieces)
        assert all((piece.dtypes == "category").all() and not piece.isna().any(axis=None) for piece in pieces)
        return {number: cells for piece in pieces for number, *cells in piece.itertuples(name=None)}


def columns(source: Source) -> tuple[str, ...]:
    with open_table(source, EXPECTED) as table:
        return table.columns


def refusal(source: Source) -> str:
    """The message, with the row before it where there is one."""
    with pytest.raises(TableError) as refused:
        read(source)
    return f"row {refused.value.row}: {refused.value}" if refused.value.row else str(refused.value)


# ------------------------------------------------------------------------------------------ what is read
def with_semicolons(sign: str = ";") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=sign).writerows([HEADER.split(","), *ROWS])
    return text.getvalue()


SAME = {
    "as a program writes it": PLAIN.encode(),
    "with a byte order mark": b"\xef\xbb\xbf" + PLAIN.encode(),
    "line feeds": PLAIN.replace("\r\n", "\n").encode(),
    "no line end behind the last row": PLAIN.removesuffix("\r\n").encode(),
    "semicolons": with_semicolons().encode(),
    "tabs": with_semicolons("\t").encode(),
    "UTF-16 with tabs, as Excel's Unicode text": with_semicolons("\t").encode("utf-16"),
    "UTF-16 the other way around": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "a first line sep=,": b"sep=,\r\n" + PLAIN.encode(),
    "a first line sep=; behind a mark": b"\xef\xbb\xbfsep=;\r\n" + with_semicolons().encode(),
    "a first line sep=|": b"SEP=|\n" + with_semicolons("|").encode(),
    "a first line in quotation marks": b'"sep=;"\n' + with_semicolons().encode(),
    "a last U+001A": PLAIN.encode() + b"\x1a",
    "a last U+001A in UTF-16": (PLAIN + "\x1a").encode("utf-16"),
    "rows of empty cells": PLAIN.encode() + b",,,\r\n" * 1000,
    "rows of blanks, of another width": PLAIN.encode() + " ,\u00a0\r\n\t\r\n,,,,,,\r\n".encode(),
    "blank lines at the end": PLAIN.encode() + b"\r\n\r\n\n",
    "columns without a name that hold nothing": PLAIN.replace("\r\n", ",,\r\n").encode(),
    "surplus empty cells": PLAIN.replace("tier_2,,\r\n", "tier_2,,,, ,\r\n").encode(),
    "a row that ends early": PLAIN.replace("tier_2,,\r\n", "tier_2\r\n").encode(),
    "blanks between comma and quotation mark": PLAIN.replace(',"', ', "').replace("Second,", 'Second, "tier_2"').replace('"tier_2"tier_2', '"tier_2"').encode(),
    "everything quoted": "\r\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [HEADER.split(","), *ROWS]).encode(),
    "padded with blanks and signs without a width": PLAIN.replace("Second,tier_2", "\u200bSecond\u00a0 ,\ttier_2 ").replace("service,", "\u2060service ,").encode(),
    "the header in capitals": PLAIN.replace(HEADER, "SERVICE,Tier,Answer,ANSWER.Note").encode(),
    "byte order marks of several programs": b"\xef\xbb\xbf" * 3 + PLAIN.encode().replace(b"service", b'"service"', 1),
    "two files put together, each with its mark and header": (PLAIN[: PLAIN.index("Second")] + "\ufeff" + HEADER + "\r\n" + PLAIN[PLAIN.index("Second") :]).encode(),
    "a line sep= with a cell for each column, as a program saves it that took it for a row": b"sep=;,,,\r\n" + PLAIN.encode(),
    "a line sep= with a blank behind it": b"sep=, \r\n" + PLAIN.encode(),
    "signs of print in the header": PLAIN.replace(HEADER, "“service”,\u200ftier,an\u00adswer,'answer．note'").encode(),
    "Turkish capitals": PLAIN.replace(HEADER, "SERVİCE,tıer,answer,answer.note").encode(),
    "a column by its title": PLAIN.replace("service,tier", "Service,risk  Tier").encode(),
}  # fmt: skip


@pytest.mark.parametrize("form", SAME)
def test_a_table_reads_the_same_in_every_form_that_spreadsheets_leave(form: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(SAME[form])
    assert columns(path) == tuple(HEADER.split(","))
    for source in (SAME[form], path, io.BytesIO(SAME[form])):
        assert list(read(source).values()) == ROWS, form
    assert list(read(path, rows=1).values()) == ROWS


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_line_ends_of_each_kind_are_read(end: str) -> None:
    data = end.join(["service,tier", *(f"S{number},tier_{number}" for number in range(50))]).encode()
    assert read(data) == {number + 1: [f"S{number}", f"tier_{number}"] for number in range(50)}


def test_a_row_has_the_number_that_a_spreadsheet_shows_less_one() -> None:
    assert [*read(b"service,tier\n\nA,1\n,\nB\n\n\nC,2,,\n")] == [2, 4, 7]
    assert [*read(b"\n\nservice,tier\nA,1\n")] == [3]
    assert [*read(b"sep=,\nservice,tier\nA,1\n")] == [1]
    assert [*read(b'service,tier\n"A\n\n\nB",1\nC,1\n')] == [1, 2]


def test_columns_are_named_as_they_are_known_and_else_as_they_are_written() -> None:
    assert columns(b" Service ,Colour,RISK TIER,, \n") == ("service", "Colour", "tier")
    assert columns(b"service,tier,Tier\n") == ("service", "tier", "tier")
    assert columns(b"Colour;service;tier\n") == ("Colour", "service", "tier")


def test_names_that_look_like_nothing_stay_what_they_are() -> None:
    assert [row[0] for row in read(b"service,tier\nNA,1\nNone,1\nnull,1\n007,1\n1e5,1\n").values()] == [
        "NA", "None", "null", "007", "1e5",
    ]  # fmt: skip


def test_a_quotation_mark_inside_a_cell_that_begins_without_one_is_a_sign_like_others() -> None:
    assert list(read(b'service,tier\n5" screens,1\nB,2\n').values()) == [['5" screens', "1"], ["B", "2"]]


def test_cells_beyond_the_last_column_are_kept_apart_where_they_are_not_empty() -> None:
    with open_table(b"service,tier\nA,1\nB,2,,x\nC,3,,\n", EXPECTED) as table:
        (piece,) = table.pieces()
    assert piece.attrs[SURPLUS] == {2: ["", "x"]} and len(piece) == 3


def test_a_byte_order_mark_at_the_beginning_of_a_cell_is_the_cells_own() -> None:
    assert read("answer.note,tier\n\ufeffx,1\n\ufeff,2\n".encode()) == {1: ["\ufeffx", "1"], 2: ["\ufeff", "2"]}


def test_what_is_no_character_of_text_is_handed_on_for_whoever_knows_what_a_cell_may_hold() -> None:
    assert read(b"service,tier\na\0b,\x1b[2J\n") == {1: ["a\0b", "\x1b[2J"]}


# ------------------------------------------------------------------------------------------ what is refused
REFUSED = {
    "nothing": (b"", "is empty; allowed: a list: a first row that names the columns"),
    "a mark alone": (b"\xef\xbb\xbf", "is empty"),
    "blank lines": (b"\n \n,,\n", "is empty"),
    "Windows-1252": (
        b"service,tier\nA,1\nCaf\xe9,1\n",
        "row 2: is not UTF-8 text (byte 0xe9); allowed: the workbook itself (.xlsx), or in Excel, Save as: CSV UTF-8 (Comma delimited)",
    ),
    "Windows-1252 in the header": (b"serv\xefce,tier\n", "header: is not UTF-8 text"),
    "UTF-16 without its mark": ("service,tier\nA,1\n".encode("utf-16-le"), "header: is not UTF-8 text: it looks like UTF-16"),
    "UTF-16 without its mark, in quotation marks": ('"service","tier"\n'.encode("utf-16-be"), "header: is not UTF-8 text: it looks like UTF-16"),
    "UTF-32": ("service,tier\n".encode("utf-32"), "header: is not UTF-8 text: it looks like UTF-16 without its mark, or UTF-32"),
    "a packed file": (gzip.compress(PLAIN.encode()), "this is a packed file (gzip), not a CSV; allowed: the file that is in it"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "this is a picture (PNG), not a CSV"),
    "a list of JSON": (b'[{"service": "A"}]', "this is not a list but JSON"),
    "UTF-16 cut short": ("service,tier\n".encode("utf-16")[:-1], "is not whole UTF-16 text"),
    "a PDF": (b"%PDF-1.7\n%\xe2", "this is a PDF file, not a CSV"),
    "JSON": (b'{"format": "mcm-assessment/1"}', "this is not a list but JSON, as a saved assessment is"),
    "JSON in UTF-16": ('{\n "format": "mcm-assessment/1"}'.encode("utf-16"), "this is not a list but JSON"),
    "a web page": (b"<!DOCTYPE html><html>", "this is not a list but a web page"),
    "a file for another page": (b"service;requirement_text\nA;b\n", "this is not a list but a scorecard, which Verify takes"),
    "a title above the header": (
        b"Services; state of March,,\nservice,tier,answer\nA,1,met\n",
        "the first row has to name the columns; row 2 seems to",
    ),
    "a title and a blank row above the header": (b"Our services\n\nservice;tier;answer\n", "the first row has to name the columns; row 3"),
    "commas that no longer separate": (b"service,tier,answer.note;\nA,1,we tried; neither worked\n", "was opened and saved by a spreadsheet"),
    "rows in one cell each": (b'"service,tier,""answer"""\n', "was opened and saved by a spreadsheet"),
    "one row in one cell": (b'service,tier,answer\n"""A, B"",1,met"\n', "row 1: was opened and saved by a spreadsheet"),
    "a quotation mark that is never closed": (b'service,tier\nx,1\n"y,1\nz,1\n', "row 2: a quotation mark that is never closed"),
    "a cell that goes on behind its quotation marks": (b'service,tier\nx,1\n"y"z,1\n', "row 2: a quotation mark in the middle of a cell"),
    "a header that is no CSV": (b'"service"x,tier\n', "header: is not CSV: a quotation mark in the middle of a cell"),
    "a column without a name that holds something": (b"service,,tier\nA,,1\nB,x,2\n", "row 2: column 2 has no name and is 'x'"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_named_with_what_to_do(case: str) -> None:
    data, said = REFUSED[case]
    assert refusal(data).startswith(said)


def test_a_file_for_another_page_says_what_told_it() -> None:
    for data, told in ((b"service,Requirement_Text\n", "requirement_text"), (b"{}", "JSON"), (b"", "")):
        with pytest.raises(TableError) as refused:
            read(data)
        assert refused.value.elsewhere == told


def test_a_row_longer_than_can_be_held_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_in, "LONGEST_ROW", 10_000)
    monkeypatch.setattr(table_in, "BLOCK", 1000)
    assert (
        refusal(b"service,tier\nA,1\n" + b"x" * 50_000 + b",1\n")
        == "row 2: is longer than 10,000 bytes; allowed: shorter rows"
    )
    assert refusal(b"service,tier\nA,1\n" + b'"' + b"x\n" * 50_000).startswith("row 2: is longer than 10,000 bytes")


def test_a_file_that_is_written_to_meanwhile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(PLAIN.encode())
    with pytest.raises(TableError, match="was changed while it was being read"), open_table(path, EXPECTED) as table:
        list(table.pieces())
        path.write_bytes(PLAIN.encode() + b"x")
        os.utime(path, ns=(0, 1))
    with pytest.raises(TableError, match="cannot be read: No such file"), open_table(tmp_path / "none.csv", EXPECTED):
        pass


@pytest.mark.parametrize(
    "before",
    [[("Cover", [["Our register"], ["as of March"]])], [("Sheet1", [[]])], [("Services", [["see the sheet Ours"]])]],
)
def test_the_only_sheet_that_names_columns_is_read_wherever_it_stands(before: list) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (*before, ("Ours", [HEADER.split(","), *ROWS])):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    assert list(read(data).values()) == ROWS


@pytest.mark.slow
# ------------------------------------------------------------------------------------------ in pieces
def test_what_is_read_does_not_depend_on_where_the_file_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    random.seed(5)
    cells = ["", "plain", 'a "b"', "x,y", "one\ntwo", "one\r\ntwo", '"', '""', " ", "é"]
    for trial in range(15):
        text = io.StringIO()
        end, width = random.choice(["\n", "\r\n", "\r"]), len(HEADER.split(","))
        rows = [random.choices(cells, k=random.choice([width] * 9 + [2, 6])) for _ in range(60)]
        rows = [row[:width] + [""] * len(row[width:]) for row in rows]
        full = [(row + [""] * width)[:width] for row in rows]
        writer = csv.writer(text, lineterminator=end, quoting=csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL)
        writer.writerows([HEADER.split(","), *rows])
        data = text.getvalue().encode()
        monkeypatch.undo()
        whole = read(data)
        expected = {
            number: [*(cell.strip() for cell in row[:3]), row[3]]
            for number, row in enumerate(full, start=1)
            if "".join(row).strip()
        }
        assert whole == expected, trial
        for size in (40, 97, 1000):
            monkeypatch.setattr(table_in, "BLOCK", size)
            monkeypatch.setattr(table_in, "ROWS", size // 10)
            assert read(data) == whole and read(data, rows=7) == whole, (trial, size)


@pytest.mark.slow
def test_a_million_empty_rows_take_no_time_and_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "million.csv"
    path.write_bytes(PLAIN.encode() + b",,,\r\n" * 500_000 + b"\r\n" * 500_000 + b"Last\r\n")
    read(PLAIN.encode())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert [*read(path)] == [1, 2, 1_000_003]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024  # KiB


def test_the_reader_can_be_loaded_without_pandas() -> None:
    program = "import sys, scoring.files.table_in; sys.exit(any(name in sys.modules for name in ('pandas', 'pyarrow', 'python_calamine')))"
    assert subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], check=False).returncode == 0
