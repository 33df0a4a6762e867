"""What the answers of this session come to: the facts, the trace, the scorecard and the dossier, each worked out once for the same answers."""

from questionnaire import state
from scoring.dossier import Dossier
from scoring.dossier import dossier as dossier_of
from scoring.explain import MeasureTrace, trace
from scoring.scorecard import Scorecard, scorecard


def facts() -> dict[str, str] | None:
    """The facts that are scored; None while one is missing."""
    rules, now = state.rules(), state.assessment()
    return state.following("facts", state.changes(), lambda: None if now.missing(rules) else now.facts(rules))


def traces() -> tuple[MeasureTrace, ...]:
    """Why each measure of the service's code stands where it stands; nothing while a fact is missing."""
    rules, known = state.rules(), facts()
    return state.following("traces", known, lambda: () if known is None else trace(rules, known))


def card() -> Scorecard | None:
    """The scorecard; None while a fact is missing."""
    rules, now = state.rules(), state.assessment()
    return state.following("card", state.changes(), lambda: None if facts() is None else scorecard(rules, now))


def dossier() -> Dossier | None:
    """What a service that claims not to be capable has examined; None where it makes no such claim."""
    rules, now = state.rules(), state.assessment()
    return state.following("dossier", state.changes(), lambda: dossier_of(rules, now))
