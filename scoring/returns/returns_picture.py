"""Many returns as pictures: what most services lack as bars, and services by requirements as a table; and both on one page to print."""

from collections.abc import Sequence
from datetime import date
from itertools import islice

from scoring.documents import words
from scoring.documents.html_table import Cell, Table, environment, html, rows
from scoring.documents.portfolio_charts import count_bars
from scoring.files.messages import isolated
from scoring.returns.lacking import CELLS, IN_ANY_CASE, ONLY_AMENDED, Lacking, Matrix, lacking, matrices
from scoring.returns.returned import Returns
from scoring.rules.model import AMENDED, DRAFTED, Rules
from scoring.score.assessment import day_in_words

BARS = 6
"""Requirements that the bars have."""
HOW = (
    "A bar is all services that owe the requirement, filled as far as they lack it: blue in any case, orange only as amended. "
    "What the most services lack comes first."
)
"""How the bars are read."""


def lacking_picture(several: Sequence[Lacking]) -> str:
    """A bar a requirement, of those that most services lack: of all that owe it, those that lack it in any case, then those only as amended."""
    bars = [
        (
            f"{one.requirement.title} ({one.requirement.id})",
            _said(one),
            1,
            [(DRAFTED, one.in_any_case / one.owed), (AMENDED, one.only_amended / one.owed)],
        )
        for one in several[:BARS]
    ]
    about = "A bar a requirement, of the services that owe it: those that lack it in any case, then those that lack it only as amended"
    said = "; ".join(f"{title}: {counts}" for title, counts, *_ in bars)
    return count_bars(bars, 1, f"{about}. {said}.")


def _said(one: Lacking) -> str:
    parts = [(one.in_any_case, "in any case"), (one.only_amended, "only as amended")]
    counted = ", ".join(f"{count:,} {when}" if count < one.together else when for count, when in parts if count)
    return f"{one.together:,} of {one.owed:,} lack it, {counted}"


def lacking_table(several: Sequence[Lacking]) -> Table:
    """The same for every requirement that any service lacks, with how many have not answered it."""
    numbers = ("Services that owe it", "Lack it in any case", "Lack it only as amended", "Unanswered")
    lines = [
        (
            Cell(f"{one.requirement.title} ({one.requirement.id})"),
            *(Cell(f"{count:,}") for count in (one.owed, one.in_any_case, one.only_amended, one.unanswered)),
        )
        for one in several
    ]
    return Table("Requirements by how many services lack them", ("Requirement", *numbers), rows(lines), numbers)


def matrix_table(rules: Rules, returns: Returns, matrix: Matrix, first: int = 0, most: int | None = None) -> Table:
    """The services of one code by requirements: the grade of each, and of a gap when it is one. first, most: the services from a place on, so many."""
    lines = []
    for place, cells in islice(zip(matrix.places, matrix.cells.tolist(), strict=True), first, most and first + most):
        line = returns.lines[place]
        said = (CELLS[cell] for cell in cells)
        lines.append(
            (
                Cell(isolated(line.service or line.file), small=isolated(line.provider)),
                *(Cell(sign=cell, small=gap_when(cell)) for cell in said),
            )
        )
    headings = ("Service", *(f"{requirement.title} ({requirement.id})" for requirement in matrix.requirements))
    return Table(f"Services by requirements: {title_of(rules, matrix)}", headings, rows(lines), wide=True)


def title_of(rules: Rules, matrix: Matrix) -> str:
    """The title of the code that a picture is about."""
    return next(code.title for code in rules.codes if code.id == matrix.code)


def gap_when(cell: str) -> str:
    """Of a gap, whether it is one in any case or only as amended."""
    ends = {IN_ANY_CASE: words.IN_ANY_CASE, ONLY_AMENDED: words.ONLY_AMENDED}
    return next((said for end, said in ends.items() if cell.endswith(end)), "")


def returns_page(rules: Rules, returns: Returns, today: date) -> bytes:
    """All of it as the bytes of an HTML file that prints, and needs no network and no script. today: the date that it bears."""
    several, adopted = lacking(returns), returns.owed.regimes.adopted
    template = environment().get_template("returns_page.html.j2")
    return template.render(
        rules=rules,
        day=day_in_words(today.isoformat()),
        results=words.RESULTS.replace("**", ""),
        adopted=adopted,
        returns=returns,
        picture=lacking_picture(several) if several else "",
        how=HOW,
        lacking=html(lacking_table(several)) if several else "",
        matrices=[
            (title_of(rules, matrix), html(matrix_table(rules, returns, matrix)), len(matrix.owing_nothing))
            for matrix in matrices(returns)
            if matrix.places
        ],
    ).encode()
