"""What the answers of this session come to. What most pages ask for is worked out once for the same answers."""

from questionnaire.session import state
from scoring.documents import words
from scoring.follow_up import plan
from scoring.rules.model import Measure
from scoring.score.scorecard import Scorecard, scorecard
from scoring.score.verdict import verdicts


def facts() -> dict[str, str] | None:
    """The facts that are scored; None while one is missing."""
    rules, now = state.rules(), state.assessment()
    given = (now.profile, now.technologies)
    return state.following("facts", given, lambda: None if now.missing(rules) else now.facts(rules))


def owed() -> dict[str, tuple[str, ...]]:
    """For each measure that applies to the service as drafted or as amended, the requirements that are owed in either case; nothing while a fact is missing."""
    rules, known = state.rules(), facts()

    def gathered() -> dict[str, tuple[str, ...]]:
        asked: dict[str, set[str]] = {}
        for rulebook in (rules.regimes.drafted, rules.regimes.amended) if known else ():
            for verdict in verdicts(rulebook, known or {}, rules):
                if verdict.standing == "applies":
                    asked.setdefault(verdict.measure.id, set()).update(verdict.owed)
        return {
            measure.id: tuple(
                requirement.id for requirement in measure.requirements if requirement.id in asked[measure.id]
            )
            for measure in rules.regimes.amended.measures
            if measure.id in asked
        }

    return state.following("owed", known, gathered)


def asked_measures() -> tuple[Measure, ...]:
    """The measures that apply to the service as drafted or as amended, as they are as amended."""
    asked = owed()
    return tuple(measure for measure in state.rules().regimes.amended.measures if measure.id in asked)


def card() -> Scorecard | None:
    """The scorecard; None while a fact is missing."""
    known = facts() is not None
    return state.following("card", state.changes(), lambda: scorecard(state.rules(), state.assessment()) if known else None)  # fmt: skip


def outlook(card: Scorecard) -> plan.Outlook:
    """The plan, as it is on the user's day. card: the scorecard, with the recommendations that are adopted."""
    return plan.outlook(state.rules(), card, state.assessment(), state.today())


def in_a_line() -> str:
    """What the answers come to, in words, with all recommendations adopted; empty while a fact is missing."""

    def said() -> str:
        known = card()
        sides = ((name, getattr(known, regime)) for regime, name in known.names.items()) if known else ()
        return " ".join(f"{name}: {words.gaps(side)[0].lower()}{words.gaps(side)[1:]}." for name, side in sides)

    return state.following("result", state.changes(), said)
