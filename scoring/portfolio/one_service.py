"""One service of a portfolio file by itself, and files to start from: an empty one, and a made-up example."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from scoring.files.guard import meant
from scoring.portfolio.file_in import NOTE, SERVICE, PortfolioError, Source, opened, records
from scoring.portfolio.summary import Portfolio
from scoring.rules.model import Rules
from scoring.rules.profile import live, with_report
from scoring.score.assessment import Answer, Assessment, all_requirements

EXAMPLE = Path(__file__).parent / "example_services.csv"
BOM = "\ufeff"


def row_of(source: Source, portfolio: Portfolio, place: int) -> dict[str, str]:
    """What the cells of a service's row say, trimmed and without guards, by column.

    Only the piece of the file that holds the row is read.

    source: the file that the portfolio was read from. Raises PortfolioError where it no longer reads as it did.
    """
    row = int(portfolio.rows[place])
    after = int(np.searchsorted([first for _, first in portfolio.starts], row))  # `first` rows stand above a piece
    start, above = portfolio.starts[after - 1]
    size = portfolio.starts[after][0] - start if after < len(portfolio.starts) else -1
    with opened(source) as file:
        file.seek(start)
        data = file.read(size)
    for number, cells in enumerate(records(data), start=above + 1):
        if number == row and len(cells) == len(portfolio.columns.names):
            found = {name: meant(cell) for name, cell in zip(portfolio.columns.names, cells, strict=True)}
            if found[SERVICE] == portfolio.name(place):
                return found
    raise PortfolioError("is not the file that was read before")


def assessment_of(rules: Rules, source: Source, portfolio: Portfolio, place: int, saved_at: str) -> Assessment:
    """A service of the portfolio as an assessment, to be put on a scorecard. `saved_at`: a date and time with its offset.

    A report of technologies that the file calls complete has those that belong in each report, the file given as the reason.
    """
    cells = row_of(source, portfolio, place)
    profile = live(rules.facts, {fact.id: cells[fact.id] for fact in rules.facts if cells.get(fact.id)})
    derived = {fact.id: fact.derived_from_technologies for fact in rules.facts if fact.derived_from_technologies}
    complete = any(profile.get(fact) == report.complete for fact, report in derived.items())
    examined: Mapping[str, str] = (
        {
            each.id: "The portfolio file says that the report is complete."
            for each in rules.technologies
            if each.report == "always"
        }
        if complete
        else {}
    )
    answers = {
        each.id: Answer(grade=cells.get(each.id, ""), note=cells.get(each.id + NOTE, ""))
        for each in all_requirements(rules)
        if cells.get(each.id) or cells.get(each.id + NOTE)
    }
    given = {fact: value for fact, value in profile.items() if fact not in derived}
    made = Assessment(
        rulebook=rules.version,
        service_name=cells[SERVICE],
        saved_at=saved_at,
        profile=given,
        technologies=examined,
        answers=answers,
    )
    assert live(rules.facts, with_report(rules.facts, rules.technologies, given, examined)) == profile
    return made


def template_csv(rules: Rules) -> bytes:
    """A portfolio file without services: the header, with a column for a note where a grade needs one."""
    names = [SERVICE, *(fact.id for fact in rules.facts)]
    for requirement in all_requirements(rules):
        names += [requirement.id, requirement.id + NOTE] if requirement.where_feasible else [requirement.id]
    return (",".join(names) + "\n").encode()


def example_csv() -> bytes:
    """Twelve made-up services of all three codes. With a BOM, so that a spreadsheet shows the accents."""
    return (BOM + EXAMPLE.read_text(encoding="utf-8")).encode()
