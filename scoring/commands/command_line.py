"""The commands of `python -m scoring`. The same engine and the same bytes as the pages, without a browser."""

import argparse
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from scoring.commands import of_many, of_one_service
from scoring.commands.given import BadInput, WithFault, shown
from scoring.files.output import CannotWrite, NewFile, new_files, tell, to_standard_output
from scoring.rules.amend import adopting
from scoring.rules.load import RulebookError, load
from scoring.rules.model import Regimes, Rules

Command = Callable[[argparse.Namespace, Rules, Regimes], bytes | int]


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
        description="Score an online service against the draft Online Safety Codes v2.0, as drafted and as amended by the recommendations of IJM.",
    )
    to_file = _Parser(add_help=False)
    what = "write to this file, whole or not at all, instead of to standard output"
    to_file.add_argument("--out", metavar="FILE", type=Path, help=what)
    to_file.set_defaults(amendments="all")
    common = _Parser(add_help=False, parents=[to_file])
    what = "which recommendations are adopted: ids with commas between them, 'all' (the default) or 'none'"
    common.add_argument("--amendments", metavar="IDS", default="all", help=what)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Command, given: _Parser, what: str, file: str = "") -> argparse.ArgumentParser:
        """Add a command. file: what it reads, where that is one file: the name is that of the option, in small letters."""
        added = commands.add_parser(name, parents=[given], help=what)
        added.set_defaults(run=run)
        if file:
            added.add_argument(file.partition(".")[0].lower(), metavar=file, type=Path)
        return added

    what = "the scorecard of a saved assessment, as CSV, or as a workbook (--out FILE.xlsx)"
    command("score", of_one_service.score, common, what, "ASSESSMENT.json")
    what = "why each measure applies to the service of a saved assessment, or does not, as text"
    explain = command("explain", of_one_service.explain, common, what, "ASSESSMENT.json")
    what = "the id of one measure of the service's code; all of them, unless told otherwise"
    explain.add_argument("measure", metavar="MEASURE", nargs="?", help=what)
    what = "the compliance record of a saved assessment as a document (needs --out FILE.docx)"
    command("record", of_one_service.record, common, what, "ASSESSMENT.json")
    what = "compute a scorecard again from its own profile, grades and notes, and name each cell that differs"
    verify = command("verify", of_one_service.verify_scorecard, to_file, what)
    verify.add_argument("scorecard", metavar="SCORECARD.csv", type=Path, help="as CSV, or as a workbook (.xlsx)")
    what = "what moved between rounds of one service (saved assessments, filled questionnaires, scorecards), as CSV, or as a workbook (--out FILE.xlsx)"
    compare = command("compare", of_one_service.compare_rounds, common, what)
    compare.add_argument("earlier", metavar="EARLIER", type=Path)
    compare.add_argument("later", metavar="LATER", type=Path, nargs="+", help="in any order: the dates in them count")
    what = "they are of one service, though its name, its provider or its code is not the same in all"
    compare.add_argument("--same-service", action="store_true", help=what)
    what = "the rules as text, as drafted and as amended, with what each recommendation did"
    command("rulebook", of_one_service.rulebook, common, what)
    command("schema", of_one_service.schema, to_file, "the JSON Schema of a saved assessment")
    what = "what every kind of service owes, as drafted and as amended, as CSV, or as a workbook (--out FILE.xlsx)"
    command("obligations", of_many.obligations_of_all, common, what)
    what = "the scores of many services, as CSV: two rows a service, as drafted and as amended"
    portfolio = command("portfolio", of_many.portfolio, common, what, "SERVICES.csv")
    portfolio.add_argument("--by", choices=["measure"], help="a row for each service and measure instead")
    what = "score the good rows and write the bad ones, with the reason, to FILE.rejected.csv (needs --out FILE)"
    portfolio.add_argument("--keep-going", action="store_true", help=what)
    what = "what providers sent, each file recognised and verified, as CSV, or as a workbook (--out FILE.xlsx): a row a file"
    returns = command("returns", of_many.returns, common, what)
    what = "saved assessments, scorecards, filled questionnaires, zips of these, or folders with them"
    returns.add_argument("files", metavar="FILE-OR-FOLDER", nargs="+", type=Path, help=what)
    what = "write the same services to this file, for the command portfolio"
    returns.add_argument("--portfolio", metavar="FILE", type=Path, help=what)
    what = "the questionnaire as a workbook, empty or filled (needs --out FILE.xlsx)"
    questionnaire = command("questionnaire", of_one_service.questionnaire_to_fill, to_file, what)
    questionnaire.add_argument("assessment", metavar="ASSESSMENT.json", nargs="?", type=Path)
    questionnaire.add_argument("--code", metavar="CODE", help="ask only for the requirements of one code")
    what = "a filled questionnaire as a saved assessment"
    filled = command("read", of_one_service.read_filled, to_file, what, "WORKBOOK.xlsx")
    filled.add_argument("--keep-going", action="store_true", help="take the good cells where others are refused")
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
