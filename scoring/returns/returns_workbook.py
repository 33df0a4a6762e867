"""Many files that were sent as a workbook (.xlsx): the table, requirements against services, and what is wrong. Source: contracts, "Workbooks"."""

from collections.abc import Iterator

from scoring.documents import words
from scoring.files.guard import guarded
from scoring.files.workbook_out import Column, NewWorkbook
from scoring.returns.lacking import CELLS, IN_ANY_CASE, ONLY_AMENDED, matrices
from scoring.returns.returned import COLUMNS, Returns
from scoring.rules.model import Rules
from scoring.workbooks.about import about

_WHAT = "What providers sent, a row a file: each recognised, verified and scored under the same rules. Of several rounds of a service the latest counts."


def returns_workbook(rules: Rules, returns: Returns) -> bytes:
    """The bytes of an .xlsx: About, Returns, Requirements (services by requirements), and Problems where there are any."""
    book = NewWorkbook(
        "Returns: MCM Scorecard", about(rules, f"{_WHAT} {returns.sentence}", returns.owed.regimes.adopted)
    )
    book.table("Returns", [Column(column) for column in COLUMNS], ([*map(_cell, line.cells)] for line in returns.lines))
    requirements = [f"{requirement.id} {requirement.title}" for requirement in returns.owed.requirements]
    headings = ("provider", "service", "code", *requirements)
    book.table("Requirements", [Column(heading) for heading in headings], _requirements(returns))
    problems = [(guarded(line.file), line.kind, guarded(line.problem)) for line in returns.lines if line.problem]
    if problems:
        book.table("Problems", [Column(heading) for heading in ("file", "kind", "problem")], problems)
    return book.finished()


def _cell(value: object) -> object:
    """A cell as the CSV has it; text is guarded for whoever saves the sheet as CSV."""
    return round(value, 4) if isinstance(value, float) else guarded(value) if isinstance(value, str) else value


def _requirements(returns: Returns) -> Iterator[list[object]]:
    """A row a service that counts, with what is said of each requirement; nothing where it is another code's."""
    for matrix in matrices(returns):
        for place, cells in zip(matrix.places, matrix.cells.tolist(), strict=True):
            line = returns.lines[place]
            said = {
                requirement.id: in_words(CELLS[cell])
                for requirement, cell in zip(matrix.requirements, cells, strict=True)
            }
            asked = [said.get(requirement.id) for requirement in returns.owed.requirements]
            yield [guarded(line.provider), guarded(line.service), line.code, *asked]


def in_words(cell: str) -> str:
    """What is said of a requirement for a service: its sign and grade, and of a gap whether it is one in any case."""
    when = {IN_ANY_CASE: words.IN_ANY_CASE, ONLY_AMENDED: words.ONLY_AMENDED}
    behind = next((f", {said.lower()}" for end, said in when.items() if cell.endswith(end)), "")
    return words.GRADE_CELL[cell] + behind
