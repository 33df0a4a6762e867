"""The commands for one service, and the rulebook as text."""

import argparse

from scoring.commands.given import BadInput, WithFault, assessment_in, not_over, read, shown
from scoring.files.messages import printable
from scoring.files.output import named
from scoring.rules.model import Regimes, Rules
from scoring.score.scorecard import scorecard
from scoring.score.scorecard_file import csv_bytes


def score(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    """The scorecard of a saved assessment, as CSV."""
    not_over(options.assessment, options.out)
    assessment = assessment_in(options.assessment, rules)
    return csv_bytes(scorecard(rules, assessment, regimes))


def explain(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    """Why each measure applies to a service or does not, or one of them, as text."""
    from scoring.documents.trace_text import trace_text
    from scoring.score.trace import trace

    not_over(options.assessment, options.out)
    assessment = assessment_in(options.assessment, rules)
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

    not_over(options.scorecard, options.out)
    try:
        verification = verify(rules, read(options.scorecard, largest(rules) + 1))
    except ScorecardError as error:
        raise BadInput(f"{named(options.scorecard)}: {error}") from None
    said = printable(verification_text(verification, named(options.scorecard))).encode()
    return said if verification.matches else WithFault(said)


def rulebook(options: argparse.Namespace, rules: Rules, regimes: Regimes) -> bytes:
    """Both rulebooks as text."""
    from scoring.documents.rulebook_text import rulebooks_as_text

    return rulebooks_as_text(rules, regimes).encode()
