"""The commands for many services: every kind that there can be, and a portfolio."""

import argparse
import csv
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from scoring.commands.given import PROBLEMS_SHOWN, BadInput, is_workbook_name, not_over, same
from scoring.files.output import NewFile, named, new_files, put_aside, tell, to_standard_output, why
from scoring.files.text_in import csv_rows
from scoring.rules.model import Regimes, Rules

if TYPE_CHECKING:
    from scoring.portfolio.read import Reading

_LONGEST_HEADER = 64 * 1024
"""Bytes that are read of a file to tell whether it is one of bad rows."""


def obligations_of_all(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    """What every kind of service owes, as drafted and as amended: CSV, or a workbook where the name to write to is one's."""
    from scoring.kinds.obligations import obligations, obligations_csv

    owed = obligations(rules, regimes)
    if not is_workbook_name(options.out):
        return obligations_csv(owed)
    from scoring.workbooks.obligations_workbook import obligations_workbook

    return obligations_workbook(rules, owed)


def portfolio(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> int:
    """The scores of many services: CSV, or a workbook where the name to write to is one's. Gives the exit code: it writes its files itself."""
    from scoring.portfolio.columns import PortfolioError, PortfolioRefused
    from scoring.portfolio.tables import write_portfolio

    path, out = options.services, options.out
    if options.keep_going and out is None:
        raise BadInput("--keep-going needs --out FILE: the bad rows go to FILE.rejected.csv")
    rejected = Path(f"{out}.rejected.csv") if options.keep_going else None
    for written in (out, rejected):
        not_over(path, written)
    if rejected and same(out, rejected):
        raise BadInput(f"--keep-going: {named(rejected)}, where the bad rows go, and {named(out)} are the same file")
    try:
        if path.exists() and not path.is_file():
            raise BadInput(f"{named(path)}: cannot be read: it is not a file")
        by_measure = options.by == "measure"
        if out is None:
            with put_aside() as file:
                write_portfolio(rules, path, file, regimes, by_measure)
                file.seek(0)
                to_standard_output(file)
            return 0
        scores, rejects = NewFile(out), NewFile(rejected, "--keep-going") if rejected else None
        with new_files(*filter(None, (scores, rejects))):
            bad_rows = rejects.file if rejects else None
            if is_workbook_name(out):
                reading = _write_workbook(rules, path, scores.file, regimes, bad_rows)
            else:
                reading = write_portfolio(rules, path, scores.file, regimes, by_measure, bad_rows)
            if rejects:
                rejects.wanted = reading.rejected > 0
                if rejected and rejects.wanted:
                    _no_other_file(rejected, rules)
    except PortfolioRefused as error:
        shown = "".join(f"\n  {named(path)}: {problem.in_words()}" for problem in error.problems[:PROBLEMS_SHOWN])
        first = f"; the first {PROBLEMS_SHOWN}" if error.count > PROBLEMS_SHOWN else ""
        errors = f"{error.count:,} error{'' if error.count == 1 else 's'}"
        raise BadInput(f"{named(path)}: {errors}, and nothing is written{first}:{shown}") from None
    except PortfolioError as error:
        raise BadInput(f"{named(path)}: {error}") from None
    except OSError as error:
        raise BadInput(f"{named(path)}: cannot be read: {why(error)}") from None
    if not rejected:
        return 0
    if not reading.rejected:
        if rejected.exists():
            tell(f"note: {named(rejected)} was there before and is left as it is: no row is bad this time")
        return 0
    rows = reading.rejected + reading.scored
    bad = f"{reading.rejected:,} of {rows:,} rows are bad"
    tell(f"{named(path)}: {bad}; they are in {named(rejected)}, each with the reason")
    return 1


def _write_workbook(
    rules: Rules, path: Path, scores: BinaryIO, regimes: Regimes, rejects: BinaryIO | None
) -> "Reading":
    """The portfolio as a workbook, by service and by measure; the bad rows go to `rejects`, as with the CSV."""
    from scoring.files.workbook_out import TextTooLong
    from scoring.portfolio.tables import rejected_csv
    from scoring.workbooks.portfolio_workbook import TooManyServices, portfolio_as_workbook

    try:
        data, reading = portfolio_as_workbook(rules, path, regimes, bad_rows_left_out=rejects is not None)
    except (TextTooLong, TooManyServices) as error:
        raise BadInput(f"{named(path)}: {error}") from None
    scores.write(data)
    if rejects is not None and reading.rejected:
        rejects.write(rejected_csv(rules, path))
    return reading


def _no_other_file(rejected: Path, rules: Rules) -> None:
    """Where the bad rows go, a file of bad rows of an earlier run is written over, and nothing else that may be there."""
    from scoring.portfolio.columns import REASON, SERVICE, allowed_columns

    try:
        with rejected.open("rb") as file:
            header = file.readline(_LONGEST_HEADER).decode("utf-8-sig", errors="replace")
        columns = next(csv_rows(header), [])
        is_ours = not header or (
            SERVICE in columns and columns[-1] == REASON and {*columns[:-1]} <= {*allowed_columns(rules)}
        )
    except FileNotFoundError:
        is_ours = True
    except (OSError, csv.Error):
        is_ours = False
    if not is_ours:
        raise BadInput(
            f"--keep-going: there are bad rows, and {named(rejected)}, where they go, is there already and is not a file "
            "of bad rows; nothing is written: move it, or give another --out"
        )
