"""The steps of the wizard: which pages there are for the answers so far, and in what order."""

from dataclasses import dataclass, replace

from questionnaire.session import results, state
from scoring.form.questions import Question, load_questionnaire
from scoring.rules.model import Measure, Rules
from scoring.rules.profile import missing_from_report, with_report
from scoring.score.tally import UNANSWERED_CODE, grade_code

START, SERVICE, NOT_CAPABLE, CHECK, SCORECARD = "", "your-service", "not-capable", "check", "scorecard"
PLAN = "plan"
"""The address of the page behind the scorecard, which is no step."""
QUESTIONS = {SERVICE: "service", NOT_CAPABLE: "not_capable"}
"""The steps that ask for facts, and what the questionnaire calls the page."""
OBLIGATIONS, PORTFOLIO, RETURNS, SOURCES = "obligations", "portfolio", "returns", "sources"
VERIFY = "verify"
"""The former address of Returns, which leads there."""
COMPARE = "compare"
TOOLS = OBLIGATIONS, PORTFOLIO, RETURNS, SOURCES, COMPARE
"""The pages beside the wizard."""


@dataclass(frozen=True)
class Step:
    """A page of the wizard: its address, its title, how many questions it asks and how many of them are answered."""

    address: str
    title: str
    short: str = ""
    questions: int = 0
    answered: int = 0
    left_out: bool = False
    """True of a measure of the service's code that asks nothing, given the facts."""
    lacks: str = ""
    """What is still incomplete though every question is answered."""

    @property
    def named(self) -> str:
        """What it is called in the list of steps."""
        return self.short or self.title

    @property
    def open(self) -> bool:
        """True where something is still to be answered."""
        return self.answered < self.questions


def measure_address(measure: Measure) -> str:
    """A measure's page has the measure's id for its address."""
    return measure.id.lower()


def all_measures(rules: Rules) -> tuple[Measure, ...]:
    """Every measure that there is, with all recommendations adopted."""
    return rules.regimes.amended.measures


def asked_at(address: str) -> tuple[Question, ...]:
    """The questions about facts that a step asks, given the answers so far."""
    return tuple(load_questionnaire().asked(state.rules().facts, _given(), QUESTIONS[address]))


def missing_before_next(address: str) -> tuple[str, ...]:
    """What a step still needs before Next leads on: the prompts of its questions, or before the scorecard the names of the facts."""
    if address == CHECK:
        return tuple(fact.title.lower() for fact in state.assessment().missing(state.rules()))
    asked = asked_at(address) if address in QUESTIONS else ()
    return tuple(question.prompt for question in asked if question.fact not in _given())


def _given() -> dict[str, str]:
    now = state.assessment()
    return with_report(state.rules().facts, state.rules().technologies, now.profile, now.technologies)


def steps() -> tuple[Step, ...]:
    """The steps for the answers so far; the measures among them as soon as the facts say which. Found once for the same answers."""
    return state.following("steps", state.changes(), lambda: tuple(step for step in listed() if not step.left_out))


def listed() -> tuple[Step, ...]:
    """The steps, and in their places the measures of the service's code that are left out."""
    return state.following("listed steps", state.changes(), _listed)


def _listed() -> tuple[Step, ...]:
    facts, owed, now = results.facts(), results.owed(), state.assessment()
    listed = [*state.following("steps of facts", (now.profile, now.technologies), _that_ask_for_facts)]
    code = state.rules().code_of(facts) if facts else None
    for measure in all_measures(state.rules()) if code else ():
        if measure.id in owed:
            answers = [now.answer(requirement) for requirement in owed[measure.id]]
            answered = sum(grade_code(answer.grade, answer.note) != UNANSWERED_CODE for answer in answers)
            listed.append(Step(measure_address(measure), measure.title, measure.short, len(answers), answered))
        elif code and measure.code == code.id:
            listed.append(Step(measure_address(measure), measure.title, measure.short, left_out=True))
    return (*listed, Step(CHECK, "Check your answers", "Check answers"), Step(SCORECARD, "Scorecard"))


def _that_ask_for_facts() -> tuple[Step, ...]:
    service = _of_facts(SERVICE, "Your service")
    if not asked_at(NOT_CAPABLE):
        return (service,)
    lacking = missing_from_report(state.rules().technologies, state.assessment().technologies)
    step = _of_facts(NOT_CAPABLE, "Not capable?")
    return service, replace(step, lacks="incomplete" if lacking else "")


def _of_facts(address: str, title: str) -> Step:
    given, asked = _given(), asked_at(address)
    return Step(address, title, questions=len(asked), answered=sum(question.fact in given for question in asked))


def first_open() -> str:
    """The address of the first step where something is still to be answered; of the scorecard where nothing is."""
    return next((step.address for step in steps() if step.open), SCORECARD)


def reachable() -> tuple[str, ...]:
    """The addresses of the steps that can be opened: all once the facts are known, before that those up to the first where one is missing."""
    addresses = tuple(step.address for step in steps())
    return addresses if results.facts() else addresses[: addresses.index(first_open()) + 1]


def can_go_on_at(address: str | None) -> bool:
    """Whether answers can be gone on with at an address: at each step that can be opened, and at the plan once the facts are known."""
    return address in reachable() or (address == PLAN and results.facts() is not None)


def where_to_go_on() -> str:
    """The address where the user was last; where that is not known or there no more, of the first step where something is open."""
    was: str | None = state.recall(LAST)
    return was if was is not None and can_go_on_at(was) else first_open()


LAST = "last_step"
"""Under which name the session knows the step, or the plan, that was shown last."""
