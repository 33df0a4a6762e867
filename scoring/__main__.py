"""The command line: `python -m scoring`. The same engine and the same bytes as the pages, without a browser."""

import argparse
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from scoring.assessment import LARGEST_FILE, Assessment, AssessmentError, from_json, version_notice
from scoring.engine import amendments_named
from scoring.load import RulebookError, load
from scoring.model import Recommendation, Rules
from scoring.scorecard import IncompleteProfile, csv_bytes, scorecard
from scoring.words import printable


PROBLEMS_SHOWN = 20
"""How many bad cells a message lists; all are counted."""


class BadInput(Exception):
    """Something the caller gave that cannot be used; the message names it and says what is allowed."""


class WithFault(bytes):
    """The output of a command that ran and found fault."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns the exit code: 0 done, 1 ran and found fault, 2 bad input (said on standard error)."""
    options = _parser().parse_args(arguments)
    try:
        rules = load()
        output = options.run(options, rules, _amendments(options.amendments, rules))
        if isinstance(output, int):  # it has written all there is, and this is the exit code
            return output
        _write(output, options.out)
    except (BadInput, RulebookError) as error:
        _tell(f"error: {error}")
        return 2
    return 1 if isinstance(output, WithFault) else 0


def _tell(message: str) -> None:
    """Say it on standard error. A file may be called anything."""
    print(printable(message), file=sys.stderr)


def _shown(given: str) -> str:
    """Something the caller gave, in a message: of a long one the beginning."""
    return repr(given) if len(given) <= 40 else f"{given[:40]!r}..."


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scoring", description="Score an online service against the draft Online Safety Codes v2.0, as drafted and as IJM would amend them.")
    to_file = argparse.ArgumentParser(add_help=False)
    to_file.add_argument("--out", metavar="FILE", type=Path, help="write to this file, whole or not at all, instead of to standard output")
    common = argparse.ArgumentParser(add_help=False, parents=[to_file])
    common.add_argument("--amendments", metavar="IDS", default="all", help="which recommendations make the amended regime: ids with commas between them, 'all' (the default) or 'none'")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    score = commands.add_parser("score", parents=[common], help="the scorecard of a saved assessment, as CSV")
    score.add_argument("assessment", metavar="ASSESSMENT.json", type=Path)
    score.set_defaults(run=_score)
    explain = commands.add_parser("explain", parents=[common], help="why each measure applies to the service of a saved assessment, or does not, as text")
    explain.add_argument("assessment", metavar="ASSESSMENT.json", type=Path)
    explain.add_argument("measure", metavar="MEASURE", nargs="?", help="the id of one measure of the service's code; all of them, unless told otherwise")
    explain.set_defaults(run=_explain)
    verify = commands.add_parser("verify", parents=[to_file], help="compute a scorecard again from its own profile, grades and notes, and name each cell that differs")
    verify.add_argument("scorecard", metavar="SCORECARD.csv", type=Path)
    verify.set_defaults(run=_verify, amendments="all")  # the file itself says which recommendations it adopts
    rulebook = commands.add_parser("rulebook", parents=[common], help="both rulebooks as text, with what each recommendation did")
    rulebook.set_defaults(run=_rulebook)
    obligations = commands.add_parser("obligations", parents=[common], help="what every kind of service owes under both regimes, as CSV")
    obligations.set_defaults(run=_obligations)
    portfolio = commands.add_parser("portfolio", parents=[common], help="the scores of many services, as CSV: a row for each service and regime")
    portfolio.add_argument("services", metavar="SERVICES.csv", type=Path)
    portfolio.add_argument("--by", choices=["measure"], help="a row for each service and measure instead")
    portfolio.add_argument("--keep-going", action="store_true", help="score the good rows and write the bad ones, with the reason, to FILE.rejected.csv (needs --out FILE)")
    portfolio.set_defaults(run=_portfolio)
    return parser


def _amendments(given: str, rules: Rules) -> tuple[Recommendation, ...]:
    if given in ("all", "none"):
        return rules.recommendations if given == "all" else ()
    try:
        return amendments_named(rules, [each.strip() for each in given.split(",")])
    except KeyError as error:
        allowed = ", ".join(each.id for each in rules.recommendations)
        raise BadInput(f"--amendments: there is no recommendation {_shown(error.args[0])}; allowed: all, none, or any of {allowed}") from None


def _score(options: argparse.Namespace, rules: Rules, amendments: tuple[Recommendation, ...]) -> bytes:
    _not_over(options.assessment, options.out)
    assessment = _assessment(options.assessment, rules)
    return csv_bytes(scorecard(rules, assessment, amendments))


def _explain(options: argparse.Namespace, rules: Rules, amendments: tuple[Recommendation, ...]) -> bytes:
    from scoring.explain import as_text, trace

    _not_over(options.assessment, options.out)
    assessment = _assessment(options.assessment, rules)
    facts = assessment.facts(rules)
    traces = trace(rules, facts, amendments)
    if options.measure is not None:
        allowed = ", ".join(each.measure.id for each in traces)
        traces = tuple(each for each in traces if each.measure.id == options.measure)
        if not traces:
            raise BadInput(f"{options.assessment}: there is no measure {_shown(options.measure)} for this service; allowed: {allowed}")
    return as_text(rules, assessment.service_name, facts, traces).encode()


def _verify(options: argparse.Namespace, rules: Rules, amendments: tuple[Recommendation, ...]) -> bytes:
    from scoring.verify import ScorecardError, as_text, largest, verify

    _not_over(options.scorecard, options.out)
    try:
        verification = verify(rules, _read(options.scorecard, largest(rules) + 1))
    except ScorecardError as error:
        raise BadInput(f"{options.scorecard}: {error}") from None
    said = as_text(verification, str(options.scorecard)).encode(errors="backslashreplace")  # a name of a file need not be text
    return said if verification.matches else WithFault(said)


def _assessment(path: Path, rules: Rules) -> Assessment:
    """Read a saved assessment whose facts are all there; says on standard error where it was made under other rules."""
    try:
        assessment = from_json(_read(path, LARGEST_FILE + 1), rules)
        absent = assessment.missing(rules)
        if absent:
            raise IncompleteProfile(absent)
    except (AssessmentError, IncompleteProfile) as error:
        raise BadInput(f"{path}: {error}") from None
    notice = version_notice(assessment, rules)
    if notice:
        _tell(f"note: {path}: {notice}")
    return assessment


def _rulebook(options: argparse.Namespace, rules: Rules, amendments: tuple[Recommendation, ...]) -> bytes:
    from scoring.text import rulebooks_as_text

    return rulebooks_as_text(rules, amendments).encode()


def _obligations(options: argparse.Namespace, rules: Rules, amendments: tuple[Recommendation, ...]) -> bytes:
    from scoring.obligations import obligations, obligations_csv

    return obligations_csv(obligations(rules, amendments))


def _portfolio(options: argparse.Namespace, rules: Rules, amendments: tuple[Recommendation, ...]) -> int:
    from scoring.portfolio_csv import PortfolioRefused, write_portfolio
    from scoring.portfolio_file import PortfolioError

    path, out = options.services, options.out
    if options.keep_going and out is None:
        raise BadInput("--keep-going needs --out FILE: the bad rows go to FILE.rejected.csv")
    rejected = Path(f"{out}.rejected.csv") if options.keep_going else None
    for written in (out, rejected):
        _not_over(path, written)
    try:
        if path.exists() and not path.is_file():
            raise BadInput(f"{path}: cannot be read: it is not a file")
        with ExitStack() as stack:
            file = stack.enter_context(tempfile.TemporaryFile() if out is None else _new_file(out))
            rejects = stack.enter_context(_new_file(rejected)) if rejected else None
            reading = write_portfolio(rules, path, file, amendments, options.by == "measure", rejects)
            if out is None:
                file.seek(0)
                _to_standard_output(file)
    except PortfolioRefused as error:
        lines = "".join(f"\n  {path}: {each.in_words()}" for each in error.problems[:PROBLEMS_SHOWN])
        first = f"; the first {PROBLEMS_SHOWN}" if error.count > PROBLEMS_SHOWN else ""
        raise BadInput(f"{path}: {error.count:,} error{'' if error.count == 1 else 's'}, and nothing is written{first}:{lines}") from None
    except PortfolioError as error:
        raise BadInput(f"{path}: {error}") from None
    except OSError as error:
        raise BadInput(f"{path}: cannot be read, or its scores put aside: {error.strerror}") from None
    if rejected is None:
        return 0
    if not reading.rejected:
        rejected.unlink()  # nothing to say; and what an earlier run said is out of date
        return 0
    _tell(f"{path}: {reading.rejected:,} of {reading.rejected + reading.scored:,} rows are bad; they are in {rejected}, each with the reason")
    return 1


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror}") from None


def _not_over(path: Path, written: Path | None) -> None:
    """What is read is never written over."""
    if written is not None and os.path.realpath(written) == os.path.realpath(path):
        raise BadInput(f"--out {written}: would write over {path}, which is being read")


def _write(output: bytes, path: Path | None) -> None:
    """To standard output, or to a file that is put in its place only once it is whole."""
    if path is None:
        _to_standard_output(io.BytesIO(output))
        return
    with _new_file(path) as file:
        file.write(output)


def _to_standard_output(file: BinaryIO) -> None:
    try:
        shutil.copyfileobj(file, sys.stdout.buffer, 1024 * 1024)
        sys.stdout.buffer.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left in the buffer would fail again on the way out
        if not isinstance(error, BrokenPipeError):  # the reader has gone; so is the need to say so
            raise BadInput(f"standard output: cannot be written: {error.strerror}") from None


@contextmanager
def _new_file(given: Path) -> Iterator[BinaryIO]:
    """A file that is put in its place once it is whole, at the end of the `with`, and not at all after an error."""
    path = Path(os.path.realpath(given))  # a link stays a link
    if path.exists() and not path.is_file():
        raise BadInput(f"--out {given}: cannot be written: it is not a file")
    temporary = None
    try:
        try:
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
                temporary = Path(file.name)
                yield file
            temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
            temporary.replace(path)
        except BaseException:
            if temporary:
                temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise BadInput(f"--out {given}: cannot be written: {error.strerror}") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


if __name__ == "__main__":
    sys.exit(main())
