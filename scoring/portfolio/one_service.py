"""One service of a portfolio file by itself, and files to start from: an empty one, and a made-up example."""

from pathlib import Path

from scoring.files.guard import meant
from scoring.files.table_in import open_table
from scoring.files.table_out import BOM, csv_file
from scoring.portfolio.check import value_of
from scoring.portfolio.columns import NOTE, SERVICE, PortfolioError, expected
from scoring.portfolio.summary import Portfolio
from scoring.rules.model import Rules
from scoring.rules.profile import live
from scoring.score.assessment import Answer, Assessment, all_requirements, grade_of

EXAMPLE = Path(__file__).parent / "example_services.csv"


def assessment_of(portfolio: Portfolio, place: int, saved_at: str) -> Assessment:
    """A service of the portfolio as an assessment, to be put on a scorecard. `saved_at`: a date and time with its offset.

    A report of technologies that the file calls complete has those that belong in each report, the file given as the reason.
    Raises PortfolioError where the file no longer reads as it did.
    """
    rules, cells = portfolio.reading.rules, _row_of(portfolio, place)
    given = {fact.id: value_of(fact, cells.get(fact.id, "")) for fact in rules.facts}
    profile = live(rules.facts, {fact: value for fact, value in given.items() if value})
    derived = {fact.id: fact.derived_from_technologies for fact in rules.facts if fact.derived_from_technologies}
    complete = any(profile.get(fact) == report.complete for fact, report in derived.items())
    said = "The portfolio file says that the report is complete."
    return Assessment(
        rulebook=rules.version,
        service_name=cells[SERVICE],
        saved_at=saved_at,
        profile={fact: value for fact, value in profile.items() if fact not in derived},
        technologies={known.id: said for known in rules.technologies if known.report == "always" and complete},
        answers={
            requirement.id: Answer(
                grade=grade_of(requirement, cells.get(requirement.id, "")) or "",
                note=cells.get(requirement.id + NOTE, ""),
            )
            for requirement in all_requirements(rules)
            if cells.get(requirement.id) or cells.get(requirement.id + NOTE)
        },
    )


def _row_of(portfolio: Portfolio, place: int) -> dict[str, str]:
    """What the cells of a service's row say, trimmed and without guards, by column."""
    reading, row = portfolio.reading, portfolio.row(place)
    with open_table(reading.source, expected(reading.rules, reading.matched)) as table:
        piece = next((piece for piece in table.pieces() if piece.index[-1] >= row), None)
        if piece is not None and row in piece.index:
            cells = {str(name): meant(str(cell)) for name, cell in piece.loc[row].items()}
            if cells.get(SERVICE) == portfolio.name(place):
                return cells
    raise PortfolioError("is not the file that was read before")


def template_csv(rules: Rules) -> bytes:
    """A portfolio file without services: the header, with a column for a note where a grade needs one."""
    names = [SERVICE, *(fact.id for fact in rules.facts)]
    for requirement in all_requirements(rules):
        names += [requirement.id, requirement.id + NOTE] if requirement.where_feasible else [requirement.id]
    return csv_file([names])


def example_csv() -> bytes:
    """Twelve made-up services of all three codes."""
    return f"{BOM}{EXAMPLE.read_text(encoding='utf-8')}".encode()
