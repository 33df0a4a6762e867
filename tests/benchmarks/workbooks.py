"""What workbooks cost that were made to do harm, or that people's programs made so, and an honest one beside pandas.

    python tests/benchmarks/workbooks.py [CASE ...]

Each goes through the command as a process of its own: seconds (by the clock, and of the processors) and peak memory, start-up included, and what is said of it
(wanted: 5 s and 500 MB). Then 10,000 services, read, scored and written as a workbook, beside what pandas needs with the same
libraries to read the same file and to write the same cells (wanted: 3 times).
"""

import io
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import pandas as pd
from portfolio import services
from xlsxwriter import Workbook

from scoring.portfolio.one_service import example_csv

MAIN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
HEADER, *ROWS = [line.split(",") for line in example_csv().decode("utf-8-sig").splitlines()]


def honest(change: Callable[[Workbook], object] = lambda book: None, sheets: int = 1) -> bytes:
    """The example as a workbook, with something more in it."""
    file = io.BytesIO()
    book = Workbook(file)
    for number in range(sheets):
        sheet = book.add_worksheet("Services" if not number else f"Sheet {number}")
        for row, cells in enumerate([HEADER, *ROWS]):
            sheet.write_row(row, 0, cells)
    change(book)
    book.close()
    return file.getvalue()


def with_part(name: str, pieces: Iterable[bytes], base: bytes = b"") -> bytes:
    """The example with another part, given piece by piece."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base or honest())) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for other in old.namelist():
            if other != name:
                new.writestr(other, old.read(other))
        with new.open(name, "w", force_zip64=True) as part:
            for piece in pieces:
                part.write(piece)
    return file.getvalue()


def sheet(rows: Iterator[str]) -> bytes:
    return with_part(
        "xl/worksheets/sheet1.xml",
        (piece.encode() for piece in (f"{MAIN}<sheetData>", *rows, "</sheetData></worksheet>")),
    )


def texts(count: int, text: str) -> bytes:
    """Texts that all cells of a workbook share, in a part of their own."""
    pieces = (f'<sst xmlns="{MAIN[18:-2]}">', *(f"<si><t>{number}{text}</t></si>" for number in range(count)), "</sst>")
    return with_part("xl/sharedStrings.xml", (piece.encode() for piece in pieces))


def bomb(claimed: int) -> bytes:
    """A sheet of 10 GB of blanks; `claimed`: what the directory says of its size."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    tenth = packer.compress(b" " * 10_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(honest())) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, tenth * 1000 + packer.flush() if name.endswith("sheet1.xml") else old.read(name))
        part = new.getinfo("xl/worksheets/sheet1.xml")
        part.compress_type, part.file_size = zipfile.ZIP_DEFLATED, claimed
    return file.getvalue()


def empty_rows(columns: int) -> Iterator[str]:
    for number in range(1, 1_048_577):
        yield (
            f'<row r="{number}" s="1">'
            + "".join(f'<c r="{chr(65 + column)}{number}" s="1"/>' for column in range(columns))
            + "</row>"
        )


def numbers(rows: int, columns: int) -> Iterator[str]:
    for number in range(1, rows + 1):
        yield (
            f'<row r="{number}">'
            + "".join(f'<c r="{chr(65 + column)}{number}"><v>1</v></c>' for column in range(columns))
            + "</row>"
        )


def merged(book: Workbook) -> None:
    for row in range(20, 20_000):
        book.worksheets()[0].merge_range(row, 0, row, 5, "")


def formulas(book: Workbook) -> None:
    for row in range(1, 13):
        book.worksheets()[0].write_formula(row, 10, '=IF(TRUE,"met","")', None, "met")


def dates(book: Workbook) -> None:
    sheet = book.worksheets()[0]
    sheet.write_datetime(1, 0, pd.Timestamp(2026, 3, 4), book.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write_boolean(2, 0, True)


CASES: dict[str, Callable[[], bytes]] = {
    "an honest one": honest,
    "a zip that is none": lambda: b"PK\x03\x04 and no more",
    "10 GB unpacked": lambda: bomb(10_000_000_000),
    "10 GB unpacked, said to be 1 MB": lambda: bomb(1_000_000),
    "a million styled empty rows": lambda: sheet(empty_rows(1)),
    "a million styled empty rows of 6 cells": lambda: sheet(empty_rows(6)),
    "macros": lambda: with_part("xl/vbaProject.bin", [b"macro" * 1_000_000]),
    "encryption": lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le") * 100_000,
    "external links": lambda: with_part("xl/externalLinks/externalLink1.xml", [b"<externalLink/>"]),
    "formulas in answer cells": lambda: honest(formulas),
    "20,000 merged cells": lambda: honest(merged),
    "hidden rows": lambda: honest(lambda book: book.worksheets()[0].set_row(3, None, None, {"hidden": True})),
    "dates and booleans as names": lambda: honest(dates),
    "255 sheets": lambda: honest(sheets=255),
    "195 MB in one text": lambda: with_part(
        "xl/sharedStrings.xml", [b"<sst><si><t>", *[b"a" * 1_000_000] * 195, b"</t></si></sst>"]
    ),
    "195 MB in texts of 32,000": lambda: texts(6_090, "a" * 32_000),
    "195 MB in texts of 30": lambda: texts(3_900_000, "a" * 28),
    "195 MB of cells with a number": lambda: sheet(numbers(260_000, 26)),
    "195 MB of blanks between cells": lambda: sheet(iter([*[" " * 1_000_000] * 195])),
    "195 MB of empty parts of a text": lambda: with_part(
        "xl/sharedStrings.xml", [b"<sst><si>", *[b"<r><t>a</t></r>" * 100_000] * 130, b"</si></sst>"]
    ),
}


def used() -> float:
    """Seconds that processes which have ended have had of the processors."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def command(path: Path, *more: object) -> tuple[float, float, float, str]:
    """Seconds that the command takes as a process, those of the processors, its peak memory in MB, and what it says."""
    code = (
        "import sys; from scoring.__main__ import main; code = main(sys.argv[1:]); "
        "print(open('/proc/self/status').read()); sys.exit(code)"
    )
    start, before = time.perf_counter(), used()
    done = subprocess.run(
        [sys.executable, "-c", code, "portfolio", path, *more], capture_output=True, text=True, check=False, cwd=ROOT
    )
    seconds = time.perf_counter() - start
    peak = re.search(r"VmHWM:\s+(\d+)", done.stdout)
    said = done.stderr.replace(str(path), "").strip() or f"{done.stdout.count('drafted')} services scored"
    return seconds, used() - before, int(peak[1]) * 1024 / 1e6 if peak else 0.0, said


def beside_pandas(folder: Path) -> None:
    plain, path, out = folder / "services.csv", folder / "services.xlsx", folder / "scores.xlsx"
    services(10_000, plain)
    read = pd.read_csv(plain, dtype=str, keep_default_na=False)
    read.to_excel(path, index=False, engine="xlsxwriter", sheet_name="Services")
    services(1, plain)
    command(path, "--out", out)
    sheets = pd.read_excel(out, sheet_name=None, engine="calamine", keep_default_na=False)
    ours, theirs = [], []
    for _ in range(3):
        ours.append(command(path, "--out", out)[0] - command(plain)[0])
        start = time.perf_counter()
        pd.read_excel(path, engine="calamine", dtype=str, keep_default_na=False)
        with pd.ExcelWriter(folder / "pandas.xlsx", engine="xlsxwriter") as writer:
            for name, table in sheets.items():
                table.to_excel(writer, sheet_name=name, index=False)
        theirs.append(time.perf_counter() - start)
    print(
        f"10,000 services: {min(ours):.1f} s, less start-up; pandas {min(theirs):.1f} s: {min(ours) / min(theirs):.2f} times"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for case in sys.argv[1:] or CASES:
            path = Path(folder, "given.xlsx")
            path.write_bytes(CASES[case]())
            seconds, busy, peak, said = command(path)
            print(
                f"{case:42}{path.stat().st_size / 1e6:6.1f} MB{seconds:7.2f} s ({busy:5.2f} s of a processor){peak:7.0f} MB  {said[:90]!r}",
                flush=True,
            )
        if not sys.argv[1:]:
            beside_pandas(Path(folder))


if __name__ == "__main__":
    main()
