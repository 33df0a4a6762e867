"""The commands of `python -m scoring`. The same engine and the same bytes as the pages, without a browser."""

import argparse
import io
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from scoring.commands import of_many_services, of_one_service
from scoring.commands.given import BadInput, WithFault, shown
from scoring.files.output import CannotWrite, NewFile, new_files, tell, to_standard_output
from scoring.rules.amend import adopting
from scoring.rules.load import RulebookError, load
from scoring.rules.model import Regimes, Rules


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


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m scoring",
        description="Score an online service against the draft Online Safety Codes v2.0, as drafted and as IJM would amend them.",
    )
    to_file = _Parser(add_help=False)
    to_file_help = "write to this file, whole or not at all, instead of to standard output"
    to_file.add_argument("--out", metavar="FILE", type=Path, help=to_file_help)
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
    score.set_defaults(run=of_one_service.score)
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
    explain.set_defaults(run=of_one_service.explain)
    verify = commands.add_parser(
        "verify",
        parents=[to_file],
        help="compute a scorecard again from its own profile, grades and notes, and name each cell that differs",
    )
    verify.add_argument("scorecard", metavar="SCORECARD.csv", type=Path, help="as CSV, or as a workbook (.xlsx)")
    verify.set_defaults(
        run=of_one_service.verify_scorecard, amendments="all"
    )  # the file itself says which recommendations it adopts
    both_texts = "both rulebooks as text, with what each recommendation did"
    rulebook = commands.add_parser("rulebook", parents=[common], help=both_texts)
    rulebook.set_defaults(run=of_one_service.rulebook)
    every_kind = "what every kind of service owes under both regimes, as CSV"
    obligations = commands.add_parser("obligations", parents=[common], help=every_kind)
    obligations.set_defaults(run=of_many_services.obligations_of_all)
    many = "the scores of many services, as CSV: a row for each service and regime"
    portfolio = commands.add_parser("portfolio", parents=[common], help=many)
    portfolio.add_argument("services", metavar="SERVICES.csv", type=Path)
    portfolio.add_argument("--by", choices=["measure"], help="a row for each service and measure instead")
    portfolio.add_argument(
        "--keep-going",
        action="store_true",
        help="score the good rows and write the bad ones, with the reason, to FILE.rejected.csv (needs --out FILE)",
    )
    portfolio.set_defaults(run=of_many_services.portfolio)
    return parser


def _regimes(given: str, rules: Rules) -> Regimes:
    if given == "all":
        return rules.regimes
    try:
        return adopting(rules, () if given == "none" else map(str.strip, given.split(",")))
    except KeyError as error:
        allowed = ", ".join(recommendation.id for recommendation in rules.recommendations)
        raise BadInput(
            f"--amendments: there is no recommendation {shown(error.args[0])}; allowed: all, none, or any of {allowed}"
        ) from None


def _write(output: bytes, path: Path | None) -> None:
    """To standard output, or to a file that is put in its place only once it is whole."""
    if path is None:
        to_standard_output(io.BytesIO(output))
        return
    new = NewFile(path)
    with new_files(new):
        assert new.file is not None  # `new_files` has opened it
        new.file.write(output)
