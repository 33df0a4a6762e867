"""The commands for one service, and the rulebook as text."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scoring.commands.given import (
    PROBLEMS_SHOWN,
    BadInput,
    WithFault,
    assessment_in,
    is_workbook_name,
    read,
    shown,
    today,
)
from scoring.files.messages import printable
from scoring.files.output import named, tell
from scoring.follow_up.rounds import Round
from scoring.rules.model import Regimes, Rules
from scoring.score.assessment_file import to_json
from scoring.score.scorecard import scorecard
from scoring.score.scorecard_file import csv_bytes

if TYPE_CHECKING:
    from scoring.form.questionnaire_in import Refused


def score(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    """The scorecard of a saved assessment: CSV, or a workbook where the name to write to is one's."""
    assessment = assessment_in(options.assessment, rules, options.out)
    card = scorecard(rules, assessment, regimes)
    if not is_workbook_name(options.out):
        return csv_bytes(card)
    from scoring.files.workbook_out import TextTooLong
    from scoring.workbooks.scorecard_workbook import scorecard_workbook

    try:
        return scorecard_workbook(rules, card, assessment)
    except TextTooLong as error:
        raise BadInput(f"{named(options.assessment)}: {error}") from None


def explain(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    """Why each measure applies to a service or does not, or one of them, as text."""
    from scoring.documents.plain_text import trace_text
    from scoring.score.trace import trace

    assessment = assessment_in(options.assessment, rules, options.out)
    facts = assessment.facts(rules)
    traces = trace(rules, facts, regimes)
    if options.measure is not None:
        allowed = ", ".join(traced.measure.id for traced in traces)
        traces = tuple(traced for traced in traces if traced.measure.id == options.measure)
        if not traces:
            raise BadInput(
                f"{named(options.assessment)}: there is no measure {shown(options.measure)} for this service; allowed: {allowed}"
            )
    return printable(trace_text(rules, assessment.service_name, facts, traces)).encode()


def verify_scorecard(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    """Whether a scorecard is what the rules give, and each cell that is not."""
    from scoring.score.scorecard_file import ScorecardError
    from scoring.score.verify import largest, verification_text, verify

    try:
        verification = verify(rules, read(options.scorecard, largest(rules) + 1, options.out))
    except ScorecardError as error:
        raise BadInput(f"{named(options.scorecard)}: {error}") from None
    said = printable(verification_text(verification, named(options.scorecard))).encode()
    return said if verification.matches else WithFault(said)


def compare_rounds(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    """What moved between rounds of one service: CSV, or a workbook where the name to write to is one's. The sentence of each step goes to standard error."""
    from scoring.follow_up.compare import CompareError, compare
    from scoring.follow_up.comparison_file import comparison_csv

    rounds = [_round_in(path, rules, options.out) for path in (options.earlier, *options.later)]
    adopted = [recommendation.id for recommendation in regimes.adopted]
    try:
        comparison = compare(rounds, rules, adopted, same_service=options.same_service)
    except CompareError as error:
        allowed = "; allowed: --same-service, where they are one service all the same" if error.may_be_one else ""
        raise BadInput(f"{error}{allowed}") from None
    for said in (*comparison.notices, *(step.sentence for step in comparison.steps)):
        tell(f"note: {said}")
    if not is_workbook_name(options.out):
        return comparison_csv(comparison)
    from scoring.workbooks.comparison_workbook import comparison_workbook

    return comparison_workbook(rules, comparison)


def _round_in(path: Path, rules: Rules, written: Path | None) -> Round:
    """The round that a file holds; of a questionnaire only where each of its cells is taken."""
    from scoring.returns.round_in import LARGEST, RoundError, read_round

    try:
        came = read_round(named(path), read(path, LARGEST + 1, written), rules, _now())
    except RoundError as error:
        raise BadInput(str(error)) from None
    if came.refused:
        raise BadInput(_refused(named(path), came.refused, ", and nothing is compared"))
    if came.not_as_the_rules:
        tell(f"note: {came.not_as_the_rules}")
    return came.round


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _refused(name: str, refused: Sequence["Refused"], then: str) -> str:
    """How many cells of a questionnaire are refused, what is done then, and the first of them."""
    count = len(refused)
    said = "".join(f"\n  {name}: {cell.in_words()}" for cell in refused[:PROBLEMS_SHOWN])
    first = f"; the first {PROBLEMS_SHOWN}" if count > PROBLEMS_SHOWN else ""
    return f"{name}: {count:,} cell{'' if count == 1 else 's'} refused{then}{first}:{said}"


def rulebook(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    """The rules as text, as drafted and as amended."""
    from scoring.documents.plain_text import rulebooks_as_text

    return rulebooks_as_text(rules, regimes).encode()


def schema(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    """The JSON Schema of a saved assessment."""
    from scoring.form.assessment_schema import assessment_schema

    return assessment_schema(rules)


def questionnaire_to_fill(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    """The questionnaire as a workbook: empty, or with the answers of a saved assessment."""
    from scoring.files.workbook_out import TextTooLong
    from scoring.form.questionnaire_out import questionnaire

    codes = [code.id for code in rules.codes]
    if options.code and options.code.upper() not in codes:
        raise BadInput(f"--code: there is no code {shown(options.code)}; allowed: {', '.join(codes)}")
    if not is_workbook_name(options.out):
        raise BadInput("the questionnaire is a workbook and needs --out FILE.xlsx")
    path = options.assessment
    assessment = assessment_in(path, rules, options.out, whole=False) if path else None
    try:
        return questionnaire(rules, assessment, (options.code or "").upper())
    except TextTooLong as error:
        raise BadInput(f"{named(path)}: {error}") from None


def record(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    """The compliance record of a saved assessment, on the present day, as DOCX."""
    from scoring.record.record_document import record_document

    if options.out is None or options.out.suffix.lower() != ".docx":
        raise BadInput("the record is a document and needs --out FILE.docx")
    return record_document(rules, assessment_in(options.assessment, rules, options.out), today(), regimes)


def read_filled(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    """A filled questionnaire as a saved assessment; with refused cells only where the good ones are to be taken all the same."""
    from scoring.files.workbook_in import LARGEST_FILE, WorkbookError
    from scoring.form.questionnaire_in import read_questionnaire

    name = named(options.workbook)
    try:
        reading = read_questionnaire(read(options.workbook, LARGEST_FILE + 1, options.out), rules, _now())
    except WorkbookError as error:
        raise BadInput(f"{name}: {error}") from None
    saved = to_json(reading.assessment, rules)
    if not reading.refused:
        return saved
    if not options.keep_going:
        raise BadInput(_refused(name, reading.refused, ", and nothing is written (--keep-going takes the others)"))
    tell(_refused(name, reading.refused, "; the others are taken"))
    return WithFault(saved)
