"""The steps of the wizard: which pages there are for the answers so far, and in what order."""

from dataclasses import dataclass

from questionnaire.session import results, state
from questionnaire.session.questions import load_questionnaire
from scoring.rules.model import Measure, Rules
from scoring.rules.profile import with_report

START, SERVICE, NOT_CAPABLE, CHECK, SCORECARD = "", "your-service", "not-capable", "check", "scorecard"
QUESTIONS = {SERVICE: "service", NOT_CAPABLE: "not_capable"}
"""The steps that ask for facts, and what the questionnaire calls the page."""
OBLIGATIONS, PORTFOLIO, VERIFY, SOURCES = "obligations", "portfolio", "verify", "sources"


@dataclass(frozen=True)
class Step:
    """A page of the wizard: its address, and its title."""

    address: str
    title: str


def measure_address(measure: Measure) -> str:
    """A measure's page has the measure's id for its address."""
    return measure.id.lower()


def all_measures(rules: Rules) -> tuple[Measure, ...]:
    """Every measure that there is, with all recommendations adopted."""
    return rules.regimes.amended.measures


def claims_not_capable() -> bool:
    """True when the page about the claim has something to ask."""
    return bool(load_questionnaire().asked(state.rules().facts, _given(), QUESTIONS[NOT_CAPABLE]))


def missing_on(page: str) -> tuple[str, ...]:
    """The prompts of a page's questions that are asked and not answered."""
    given = _given()
    return tuple(
        each.prompt for each in load_questionnaire().asked(state.rules().facts, given, page) if each.fact not in given
    )


def missing_before_next(address: str) -> tuple[str, ...]:
    """What a step still needs before Next leads on: the prompts of its questions, or before the scorecard the names of the facts."""
    if address == CHECK:
        return tuple(fact.title.lower() for fact in state.assessment().missing(state.rules()))
    return missing_on(QUESTIONS[address]) if address in QUESTIONS else ()


def _given() -> dict[str, str]:
    now = state.assessment()
    return with_report(state.rules().facts, state.rules().technologies, now.profile, now.technologies)


def steps() -> tuple[Step, ...]:
    """The steps for the answers so far; the measures among them as soon as the facts say which. Found once for the same answers."""
    return state.following("steps", state.changes(), _steps)


def _steps() -> tuple[Step, ...]:
    found = [Step(SERVICE, "Your service")]
    if claims_not_capable():
        found.append(Step(NOT_CAPABLE, "Not capable?"))
    found += [Step(measure_address(measure), measure.title) for measure in results.asked_measures()]
    return (*found, Step(CHECK, "Check your answers"), Step(SCORECARD, "Scorecard"))
