"""What the answers of this session come to. What most pages ask for is worked out once for the same answers."""

from questionnaire.session import state
from scoring.rules.model import Measure
from scoring.score.scorecard import Scorecard, scorecard
from scoring.score.verdict import verdicts


def facts() -> dict[str, str] | None:
    """The facts that are scored; None while one is missing."""
    rules, now = state.rules(), state.assessment()
    return state.following("facts", state.changes(), lambda: None if now.missing(rules) else now.facts(rules))


def asked_measures() -> tuple[Measure, ...]:
    """The measures that apply to the service under either text, as amended; no measure while a fact is missing."""
    rules, known = state.rules(), facts()

    def found() -> tuple[Measure, ...]:
        if known is None:
            return ()
        regimes = rules.regimes
        applying = {
            verdict.measure.id
            for rulebook in (regimes.drafted, regimes.amended)
            for verdict in verdicts(rulebook, known, rules)
            if verdict.standing == "applies"
        }
        return tuple(measure for measure in regimes.amended.measures if measure.id in applying)

    return state.following("asked measures", known, found)


def card() -> Scorecard | None:
    """The scorecard; None while a fact is missing."""
    return None if facts() is None else scorecard(state.rules(), state.assessment())
