"""What is written of many files: their table as CSV or as a workbook (.xlsx), and the services of it as a file of services.

Source: contracts, "Returns output" and "Workbooks".
"""

from collections.abc import Iterator

from scoring.documents import words
from scoring.files.guard import guarded
from scoring.files.table_out import csv_file
from scoring.files.workbook_out import NewWorkbook, fitting
from scoring.returns.lacking import CELLS, NOT_OWED, matrices
from scoring.returns.returned import COLUMNS, Returns, services_frame
from scoring.returns.returns_picture import gap_when
from scoring.rules.model import Rules
from scoring.workbooks.about import about

_WHAT = "What providers sent, a row a file: each recognised, verified and scored under the same rules. Of several rounds of a service the latest counts."


def returns_csv(returns: Returns) -> bytes:
    """The table as CSV, a row a file."""
    rows = ([_text(value) for value in line.cells] for line in returns.lines)
    return csv_file([COLUMNS, *rows])


def _text(value: object) -> str:
    """A cell as the portfolio's output has it: a share with four decimals, nothing where there is none, and text guarded."""
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else guarded(str(value))


def services_csv(rules: Rules, returns: Returns) -> bytes:
    """The services that count as a file of services, which Portfolio takes."""
    reads = {place: returns.lines[place].received.read for place in returns.counted}
    frame = services_frame(rules, {place: read.round for place, read in reads.items() if read}, returns.names())
    return csv_file([tuple(frame.columns), *frame.itertuples(index=False, name=None)])


# -------------------------------------------------------------------------------------------------------- the workbook
def returns_workbook(rules: Rules, returns: Returns) -> bytes:
    """The bytes of an .xlsx: About, Returns, Requirements (services by requirements), and Problems where there are any."""
    book = NewWorkbook(
        "Returns: MCM Scorecard", about(rules, f"{_WHAT} {returns.sentence}", returns.owed.regimes.adopted)
    )
    lines = ([*map(_cell, line.cells), line.counted] for line in returns.lines)
    book.table("Returns", (*COLUMNS, "counted"), lines)
    requirements = [f"{requirement.id} {requirement.title}" for requirement in returns.owed.requirements]
    headings = ("provider", "service", "code", *requirements)
    book.table("Requirements", headings, _requirements(returns))
    problems = [(_cell(line.file), line.kind, _cell(line.problem)) for line in returns.lines if line.problem]
    if problems:
        book.table("Problems", ("file", "kind", "problem"), problems)
    return book.finished()


def _cell(value: object) -> object:
    """A cell as the CSV has it; text is guarded for whoever saves the sheet as CSV, and cut where no cell holds it."""
    return round(value, 4) if isinstance(value, float) else fitting(guarded(value)) if isinstance(value, str) else value


def _requirements(returns: Returns) -> Iterator[list[object]]:
    """A row a service that counts, with what is said of each requirement; nothing where it is another code's."""
    codes = {requirement.id: measure.code for measure in returns.owed.measures for requirement in measure.requirements}
    for matrix in matrices(returns):
        of_code = {
            requirement: words.GRADE_CELL[NOT_OWED] for requirement, code in codes.items() if code == matrix.code
        }
        rows = [*matrix.cells.tolist(), *([] for _ in matrix.owing_nothing)]
        for place, cells in zip((*matrix.places, *matrix.owing_nothing), rows, strict=True):
            line = returns.lines[place]
            asked = zip(matrix.requirements, cells, strict=False)  # of who owes nothing there are no cells
            said = of_code | {requirement.id: _in_words(CELLS[cell]) for requirement, cell in asked}
            yield [_cell(line.provider), _cell(line.service), line.code, *map(said.get, codes)]


def _in_words(cell: str) -> str:
    when = gap_when(cell)
    return words.GRADE_CELL[cell] + (f", {when.lower()}" if when else "")
