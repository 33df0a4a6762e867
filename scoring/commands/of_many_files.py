"""The command for what providers sent: many files, each of any kind."""

import argparse
import io
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from scoring.commands.given import PROBLEMS_SHOWN, BadInput, is_workbook_name, not_over, read, same, today
from scoring.files.output import NewFile, named, new_files, tell, to_standard_output, why
from scoring.rules.model import Regimes, Rules


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
