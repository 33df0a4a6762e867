"""The commands for many services: every kind that there can be, a portfolio, and what providers sent, files of any kind."""

import argparse
import csv
import io
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from scoring.commands.given import PROBLEMS_SHOWN, BadInput, is_workbook_name, not_over, read, same, today
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


# ------------------------------------------------------------------------------------------------- what providers sent
def returns(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> int:
    """What the files come to: CSV, or a workbook where the name to write to is one's. Gives the exit code: it writes its files itself."""
    from scoring.returns.files_out import returns_csv, returns_workbook, services_csv
    from scoring.returns.received import LARGEST, UNREADABLE, Received, receive
    from scoring.returns.returned import returns_of
    from scoring.workbooks.portfolio_workbook import services_workbook

    out, portfolio = options.out, options.portfolio
    if out and portfolio and same(out, portfolio):
        raise BadInput(f"--portfolio {named(portfolio)} and --out {named(out)} are the same file")
    now = datetime.now().astimezone().replace(microsecond=0)
    received: list[Received] = []
    for path, wrong in _files(options.files):
        name = named(path)
        if wrong:
            received.append(Received(name, os.fsencode(path), UNREADABLE, why=wrong))
            continue
        for written in (out, portfolio):
            not_over(path, written)
        try:
            received += receive(name, read(path, LARGEST + 1), rules, now.isoformat())
        except BadInput as error:
            if path in options.files:
                raise
            received.append(Received(name, name.encode(), UNREADABLE, why=str(error).removeprefix(f"{name}: ")))
    told = returns_of(rules, received, today(), regimes)
    table = returns_workbook(rules, told) if is_workbook_name(out) else returns_csv(told)
    services = services_csv(rules, told) if portfolio else b""
    if is_workbook_name(portfolio):
        services = services_workbook(rules, services)
    outputs = [
        (NewFile(path, option), data)
        for path, option, data in ((out, "--out", table), (portfolio, "--portfolio", services))
        if path
    ]
    with new_files(*(new for new, _ in outputs)):
        for new, data in outputs:
            new.file.write(data)
    if not out:
        to_standard_output(io.BytesIO(table))
    tell(told.sentence)
    problems = [line for line in told.lines if line.problem]
    for line in problems[:PROBLEMS_SHOWN]:
        tell("  " + f"{line.file}: {line.problem}".replace("\n", "\\n"))
    if len(problems) > PROBLEMS_SHOWN:
        tell(f"  and {len(problems) - PROBLEMS_SHOWN:,} more, all in the column 'problem'")
    return 1 if problems else 0


def _files(given: list[Path]) -> Iterator[tuple[Path, str]]:
    """The files that were given, and what is in the folders that were, in the order of the names; each with why it cannot be read, where that is so."""
    for path in given:
        yield from sorted(_inside(path).items()) if path.is_dir() else [(path, "")]


def _inside(folder: Path) -> dict[Path, str]:
    """What is in a folder, as `_files` has it; without what is hidden, and what systems and programs leave behind."""
    from scoring.returns.unpacked import is_litter

    errors: list[OSError] = []
    found: dict[Path, str] = {}
    for place, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        linked = [name for name in folders if Path(place, name).is_symlink()]
        found |= {Path(place, name): "is a link to a folder, which is not followed" for name in linked}
        for name in names:
            path = Path(place, name)
            if not (name.startswith(".") or is_litter(str(path.relative_to(folder)))):
                found[path] = "" if path.is_file() else "is no file, or a link that leads to none"
    for error in errors:
        if Path(error.filename) == folder:
            raise BadInput(f"{named(folder)}: cannot be read: {why(error)}")
        found[Path(error.filename)] = f"cannot be read: {why(error)}"
    if not found:
        raise BadInput(f"{named(folder)}: has no files in it")
    return found
