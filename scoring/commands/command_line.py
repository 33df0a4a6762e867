"""The commands of `python -m scoring`. The same engine and the same bytes as the pages, without a browser."""

import argparse
import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from scoring.files.messages import printable
from scoring.files.output import CannotWrite, NewFile, named, new_files, put_aside, tell, to_standard_output, why
from scoring.files.table_in import csv_rows
from scoring.files.unchanged import CHANGED, state
from scoring.rules.amend import adopting
from scoring.rules.load import RulebookError, load
from scoring.rules.model import Regimes, Rules
from scoring.score.assessment import Assessment, version_notice
from scoring.score.assessment_file import LARGEST_FILE, AssessmentError, from_json
from scoring.score.scorecard import IncompleteProfile, scorecard
from scoring.score.scorecard_file import csv_bytes

PROBLEMS_SHOWN = 20
"""How many bad cells a message lists; all are counted."""
_LONGEST_HEADER = 64 * 1024
"""Bytes that are read of a file to tell whether it is one of bad rows."""


class BadInput(Exception):
    """Something the caller gave that cannot be used; the message names it and says what is allowed."""


class WithFault(bytes):
    """The output of a command that ran and found fault."""


class _Parser(argparse.ArgumentParser):
    """Help goes to standard output as every result does; what is wrong is said as every message is."""

    def print_help(self, file: object = None) -> None:
        to_standard_output(io.BytesIO(self.format_help().encode()))

    def error(self, message: str) -> NoReturn:
        given = message.replace("\n", "\\n")
        tell(f"{self.format_usage()}{self.prog}: error: {given}")
        raise SystemExit(2)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns the exit code: 0 done, 1 ran and found fault, 2 bad input (said on standard error).

    Once a file is in its place, signals that end a program are ignored: what is left to do is to return.
    """
    try:
        options = _parser().parse_args(arguments)
        rules = load()
        output = options.run(options, rules, _regimes(options.amendments, rules))
        if isinstance(output, int):  # it has written all there is, and this is the exit code
            return output
        _write(output, options.out)
    except (BadInput, CannotWrite, RulebookError) as error:
        tell(f"error: {error}")
        return 2
    return 1 if isinstance(output, WithFault) else 0


def _shown(given: str) -> str:
    """Something the caller gave, in a message: of a long one the beginning."""
    return repr(given) if len(given) <= 40 else f"{given[:40]!r}..."


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m scoring",
        description="Score an online service against the draft Online Safety Codes v2.0, as drafted and as IJM would amend them.",
    )
    to_file = _Parser(add_help=False)
    to_file.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        help="write to this file, whole or not at all, instead of to standard output",
    )
    common = _Parser(add_help=False, parents=[to_file])
    common.add_argument(
        "--amendments",
        metavar="IDS",
        default="all",
        help="which recommendations make the amended regime: ids with commas between them, 'all' (the default) or 'none'",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    score = commands.add_parser("score", parents=[common], help="the scorecard of a saved assessment, as CSV")
    score.add_argument("assessment", metavar="ASSESSMENT.json", type=Path)
    score.set_defaults(run=_score)
    explain = commands.add_parser(
        "explain",
        parents=[common],
        help="why each measure applies to the service of a saved assessment, or does not, as text",
    )
    explain.add_argument("assessment", metavar="ASSESSMENT.json", type=Path)
    explain.add_argument(
        "measure",
        metavar="MEASURE",
        nargs="?",
        help="the id of one measure of the service's code; all of them, unless told otherwise",
    )
    explain.set_defaults(run=_explain)
    verify = commands.add_parser(
        "verify",
        parents=[to_file],
        help="compute a scorecard again from its own profile, grades and notes, and name each cell that differs",
    )
    verify.add_argument("scorecard", metavar="SCORECARD.csv", type=Path, help="as CSV, or as a workbook (.xlsx)")
    verify.set_defaults(run=_verify, amendments="all")  # the file itself says which recommendations it adopts
    both_texts = "both rulebooks as text, with what each recommendation did"
    rulebook = commands.add_parser("rulebook", parents=[common], help=both_texts)
    rulebook.set_defaults(run=_rulebook)
    every_kind = "what every kind of service owes under both regimes, as CSV"
    obligations = commands.add_parser("obligations", parents=[common], help=every_kind)
    obligations.set_defaults(run=_obligations)
    portfolio = commands.add_parser(
        "portfolio", parents=[common], help="the scores of many services, as CSV: a row for each service and regime"
    )
    portfolio.add_argument("services", metavar="SERVICES.csv", type=Path, help="as CSV, or as a workbook (.xlsx)")
    portfolio.add_argument("--by", choices=["measure"], help="a row for each service and measure instead")
    portfolio.add_argument(
        "--keep-going",
        action="store_true",
        help="score the good rows and write the bad ones, with the reason, to FILE.rejected.csv (needs --out FILE)",
    )
    portfolio.set_defaults(run=_portfolio)
    return parser


def _regimes(given: str, rules: Rules) -> Regimes:
    if given == "all":
        return rules.regimes
    try:
        return adopting(rules, () if given == "none" else map(str.strip, given.split(",")))
    except KeyError as error:
        allowed = ", ".join(recommendation.id for recommendation in rules.recommendations)
        raise BadInput(
            f"--amendments: there is no recommendation {_shown(error.args[0])}; allowed: all, none, or any of {allowed}"
        ) from None


def _score(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    _not_over(options.assessment, options.out)
    assessment = _assessment(options.assessment, rules)
    return csv_bytes(scorecard(rules, assessment, regimes))


def _explain(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    from scoring.documents.trace_text import trace_text
    from scoring.score.trace import trace

    _not_over(options.assessment, options.out)
    assessment = _assessment(options.assessment, rules)
    facts = assessment.facts(rules)
    traces = trace(rules, facts, regimes)
    if options.measure is not None:
        allowed = ", ".join(traced.measure.id for traced in traces)
        traces = tuple(traced for traced in traces if traced.measure.id == options.measure)
        if not traces:
            raise BadInput(
                f"{named(options.assessment)}: there is no measure {_shown(options.measure)} for this service; allowed: {allowed}"
            )
    return printable(trace_text(rules, assessment.service_name, facts, traces)).encode()


def _verify(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    from scoring.score.scorecard_file import ScorecardError
    from scoring.score.verify import largest, verification_text, verify

    _not_over(options.scorecard, options.out)
    try:
        verification = verify(rules, _read(options.scorecard, largest(rules) + 1))
    except ScorecardError as error:
        raise BadInput(f"{named(options.scorecard)}: {error}") from None
    said = printable(verification_text(verification, named(options.scorecard))).encode()
    return said if verification.matches else WithFault(said)


def _assessment(path: Path, rules: Rules) -> Assessment:
    """Read a saved assessment whose facts are all there; says on standard error where it was made under other rules."""
    try:
        assessment = from_json(_read(path, LARGEST_FILE + 1), rules)
        absent = assessment.missing(rules)
        if absent:
            raise IncompleteProfile(absent)
    except (AssessmentError, IncompleteProfile) as error:
        raise BadInput(f"{named(path)}: {error}") from None
    notice = version_notice(assessment, rules)
    if notice:
        tell(f"note: {named(path)}: {notice}")
    return assessment


def _rulebook(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    from scoring.documents.rulebook_text import rulebooks_as_text

    return rulebooks_as_text(rules, regimes).encode()


def _obligations(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    from scoring.kinds.obligations import obligations
    from scoring.kinds.table import obligations_csv

    return obligations_csv(obligations(rules, regimes))


def _portfolio(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> int:
    from scoring.portfolio.columns import PortfolioError
    from scoring.portfolio.tables import PortfolioRefused, write_portfolio

    path, out = options.services, options.out
    if options.keep_going and out is None:
        raise BadInput("--keep-going needs --out FILE: the bad rows go to FILE.rejected.csv")
    rejected = Path(f"{out}.rejected.csv") if options.keep_going else None
    for written in (out, rejected):
        _not_over(path, written)
    if rejected and _same(out, rejected):
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
    if not rejected or not reading.rejected:
        if rejected and rejected.exists():
            tell(f"note: {named(rejected)} was there before and is left as it is: no row is bad this time")
        return 0
    bad = f"{reading.rejected:,} of {reading.rejected + reading.scored:,} rows are bad"
    tell(f"{named(path)}: {bad}; they are in {named(rejected)}, each with the reason")
    return 1


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


def _read(path: Path, most: int) -> bytes:
    """The first bytes of a file or a pipe, as many as `most`. Raises BadInput, also for a file that changes meanwhile."""
    try:
        with path.open("rb") as file:
            before = state(file)
            data = file.read(most)
            if state(file) != before:
                raise BadInput(f"{named(path)}: {CHANGED}")
            return data
    except OSError as error:
        raise BadInput(f"{named(path)}: cannot be read: {why(error)}") from None


def _not_over(path: Path, written: Path | None) -> None:
    """What is read is never written over."""
    if written is not None and _same(path, written):
        raise BadInput(f"--out {named(written)}: would write over {named(path)}, which is being read")


def _same(one: Path, other: Path) -> bool:
    """Whether two names lead to one file, or would."""
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    try:
        return one.samefile(other)  # a disk may take two spellings for one
    except OSError:
        return False


def _write(output: bytes, path: Path | None) -> None:
    """To standard output, or to a file that is put in its place only once it is whole."""
    if path is None:
        to_standard_output(io.BytesIO(output))
        return
    new = NewFile(path)
    with new_files(new):
        assert new.file is not None  # `new_files` has opened it
        new.file.write(output)
