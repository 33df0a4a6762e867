"""Every page of the app in every state that looks different, and how a visitor gets there."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browser import SAMPLES, Visitor

from scoring.portfolio.one_service import example_csv
from scoring.rules.load import load

GOLDEN = Path(__file__).with_name("golden")
START = "What would the draft codes ask of your service?"
NAME = "Made up for the tour"
OBLIGATIONS, PORTFOLIO, RETURNS = (
    "Who is bound, and who slips through",
    "Portfolio: many services at once",
    "Returns: what providers sent",
)
COMPARE = "Compare rounds"
Doing = Callable[[Visitor], None]


@dataclass(frozen=True)
class State:
    """A page in a state: what is told of it, where it is, its heading, the answers that the tab keeps, and what is done there then.

    anew: whether it is only seen by who opens the app at this address; spoils: whether what is done there stays in the session,
    so that the next state needs a session of its own; folded: whether its folds stay closed, since another state shows what is in them.
    """

    says: str
    address: str
    title: str
    answers: str | None = None
    then: tuple[Doing, ...] = ()
    anew: bool = False
    spoils: bool = False
    folded: bool = False


# ------------------------------------------------------------------------------------------ answers
def saved(sample: str, profile: Mapping[str, str] | None = None, grades: str | None = None, **also: Any) -> str:
    """A sample's answers with something changed. grades: one for every requirement; an empty one takes all answers away."""
    found = json.loads((SAMPLES / f"{sample}.json").read_bytes())
    found["profile"] |= profile or {}
    if grades is not None:
        found["answers"] = {id: {"grade": grades, "note": ""} for id in found["answers"]} if grades else {}
    return json.dumps({**found, "service_name": NAME, **also})


RES, SMS, DIS, FORUM = (
    saved(each) for each in ("encrypted_messenger", "large_social_network", "cloud_drive", "small_forum")
)
OPEN_RES, OPEN_SMS = saved("encrypted_messenger", grades=""), saved("large_social_network", grades="")
OPEN_DIS = saved("cloud_drive", {"tier": "tier_1", "livestream": "yes", "hosting": "provider_managed"}, grades="")
UNSAID = saved(
    "encrypted_messenger",
    profile={},
    grades="",
    technologies={"client_side_hashing": "Too slow on old telephones.", "secure_enclaves": ""},
)
NO_APPROVAL = json.dumps(
    {
        **json.loads(RES),
        "profile": {key: value for key, value in json.loads(RES)["profile"].items() if key != "esafety_approval"},
    }
)
HALF = json.dumps({**json.loads(DIS), "answers": dict(list(json.loads(DIS)["answers"].items())[:4])})
WITH_RECORD = Path(__file__).with_name("assessments") / "messenger_with_record.json"
PLANNED = json.dumps({**json.loads(WITH_RECORD.read_bytes()), "service_name": NAME})
MET = saved("large_social_network", grades="met")
BEFORE = saved("large_social_network", rulebook="v2.0-2023-03/ijm-0")
FEW_FACTS = json.dumps({**json.loads(FORUM), "profile": {"category": "sms"}})
UNJUSTIFIED = json.dumps(
    {**json.loads(SMS), "answers": {**json.loads(SMS)["answers"], "SMS-MCM10.c": {"grade": "not_feasible", "note": ""}}}
)
EXAMINED = saved(
    "encrypted_messenger",
    {"esafety_approval": "granted"},
    technologies={each.id: "Tried in 2025; too slow." for each in load().technologies},
)


MANY = {
    f"{sample}.json": saved(sample, service_name=f"Made up: {sample}").encode() for sample in ("encrypted_messenger", "large_social_network", "cloud_drive")
} | {"edited.csv": (GOLDEN / "website_with_live_video.csv").read_bytes().replace(b",all,v2", b",none,v2", 1), "letter.pdf": b"%PDF-1.7"}  # fmt: skip
"""What providers sent: three good files, one that was edited, and one that is no return."""


# ------------------------------------------------------------------------------------------ what is done there
def press(label: str) -> Doing:
    return lambda visitor: visitor.press(label)


def sees(text: str) -> Doing:
    return lambda visitor: visitor.page.get_by_text(text).first.wait_for()


def sees_a_table(visitor: Visitor) -> None:
    """Wait for a table that Streamlit draws: the browser fetches what draws it when it first needs it."""
    visitor.page.get_by_test_id("stTable").first.wait_for()


def give(text: str | bytes, name: str) -> Doing:
    """Give a file to the page's uploader."""
    content = text.encode() if isinstance(text, str) else text
    return lambda visitor: visitor.give_files({name: content})


def returns_are_gone(visitor: Visitor) -> None:
    """Take away what came in for an earlier state."""
    if visitor.button("Back to all returns").count():
        visitor.press("Back to all returns")
        visitor.button("Remove").wait_for()
    if visitor.page.get_by_role("button", name="Remove", exact=True).count():
        visitor.press("Remove")
        visitor.page.get_by_text("Drop in one scorecard").wait_for()


def send(files: Mapping[str, bytes]) -> Doing:
    """Give several files to the page's uploader at once."""
    return lambda visitor: visitor.give_files(files)


def give_rounds(visitor: Visitor) -> None:
    """Give three rounds of the messenger to the page's uploader, with facts, grades and notes that differ."""
    changed = {"encryption": "provider_keys", "capable": "yes"}
    rounds = [
        saved("encrypted_messenger", grades="not_met", saved_at="2026-03-03T10:00:00+00:00"),
        saved("encrypted_messenger"),
        saved("encrypted_messenger", changed, grades="met", saved_at="2027-03-03T10:00:00+00:00"),
    ]
    visitor.give_files({f"{number}.json": data.encode() for number, data in enumerate(rounds)})


def types(label: str, text: str) -> Doing:
    def doing(visitor: Visitor) -> None:
        visitor.page.get_by_label(label).fill(text)
        visitor.page.get_by_label(label).press("Enter")

    return doing


def the_example_is_shown(visitor: Visitor) -> None:
    """Show the example of many services, unless it is there from before."""
    if not visitor.page.get_by_text("Open here: services-example.csv").count():
        visitor.press("Show the example")


def next_is_pressed(visitor: Visitor) -> None:
    visitor.next()


def earlier_tabs(*answers: str, broken: bool = False) -> Doing:
    """Other tabs of this browser were filled in and closed; what they left may be broken."""

    def doing(visitor: Visitor) -> None:
        for number, each in enumerate(answers, 1):
            other = Visitor(visitor.page.context.new_page(), visitor.address)
            other.open_with(each.encode(), "check", "Check your answers")
            other.page.wait_for_function(
                "number => Object.values(localStorage).filter(each => each.includes('mcm-assessment')).length >= number",
                arg=number,
            )
            if broken:
                other.page.evaluate(
                    "() => Object.keys(localStorage).filter(each => localStorage[each].includes('mcm-assessment')).forEach(each => { localStorage[each] = '{'; })"
                )
            other.page.close()
        visitor.open(title=START)
        visitor.page.get_by_role("button", name=re.compile("^Continue where you were")).wait_for()

    return doing


def kept_are_asked_for(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name=re.compile("^Continue where you were")).click()


def with_cells(rows: int) -> bytes:
    """A scorecard in which some cells of so many rows are not as they should be."""
    text = (GOLDEN / "encrypted_messenger.csv").read_text(encoding="utf-8-sig")
    return (
        re.sub(",(not_met|partly_met),yes,[01],2,", ",met,yes,2,2,", text, count=rows).encode()
        if rows
        else text.encode()
    )


def with_errors(data: bytes) -> bytes:
    """The example of many services, with cells that may not be as they are."""
    return data.replace(b",sms,tier_1,", b",sms,tier_9,").replace(b",res,tier_2,", b",mail,tier_2,")


# ------------------------------------------------------------------------------------------ the tour
_MEASURES = {
    "sms-mcm10": ("Disrupt and deter CSAM, new CSAM included", OPEN_SMS, SMS),
    "res-mcm3": ("Act on breaches of terms: class 1A material", OPEN_RES, RES),
    "res-mcm8": ("Detect and remove known CSAM", OPEN_RES, RES),
    "res-mcm10": ("Disrupt and deter CSAM", OPEN_RES, RES),
    "res-mcm11": ("Act on breaches of terms: class 1B material", OPEN_RES, RES),
    "dis-mcm8": ("Detect and remove known CSAM", OPEN_DIS, DIS),
    "dis-mcm9": ("Ongoing investment to detect and act on known CSAM", OPEN_DIS, DIS),
    "dis-new": ("Disrupt and deter first-generation CSAM", OPEN_DIS, DIS),
}
_ONE_NAME = "The name of a service, as it stands in the file"
_EXAMPLE = (the_example_is_shown, sees("Who falls furthest short"), sees(_ONE_NAME))
_ONE_OF_EACH_CODE = {
    address[:3]: (address, title, nothing) for address, (title, nothing, _) in _MEASURES.items()
}.values()
_CONTENTS = (
    # -- what can be seen with nothing answered
    State("Start, with nothing answered", "", START),
    State("Your service, with nothing answered", "your-service", "Your service"),
    State("Not capable?, which is not asked", "not-capable", "Not capable?", then=(sees("Yours does not say so"),)),
    State(
        "A measure, while facts are missing", "res-mcm8", "Detect and remove known CSAM", then=(sees("still missing"),)
    ),
    State("Portfolio, with nothing uploaded", "portfolio", PORTFOLIO),
    State("Returns, with nothing uploaded", "returns", RETURNS),
    State("Compare, with nothing uploaded", "compare", COMPARE),
    State("Compare, three rounds", "compare", COMPARE, then=(give_rounds, sees("Changed answers"), sees_a_table)),
    State(
        "Portfolio, a refused file",
        "portfolio",
        PORTFOLIO,
        then=(give("nonsense", "services.csv"), sees("This file cannot be scored")),
    ),
    State(
        "Returns, a scorecard that matches",
        "returns",
        RETURNS,
        then=(returns_are_gone, give(with_cells(0), "card.csv"), sees("The figures match the rules")),
    ),
    State(
        "Portfolio, a file with faults",
        "portfolio",
        PORTFOLIO,
        then=(give(with_errors(example_csv()), "services.csv"), sees("Leave the bad rows out")),
    ),
    State(
        "Returns, a scorecard of which a few cells differ",
        "returns",
        RETURNS,
        then=(returns_are_gone, give(with_cells(1), "card.csv"), sees("Cells that differ")),
    ),
    State("Portfolio, the example", "portfolio", PORTFOLIO, then=_EXAMPLE),
    State(
        "Returns, a scorecard of which many cells differ",
        "returns",
        RETURNS,
        then=(returns_are_gone, give(with_cells(20), "card.csv"), sees("Row 1 is the header")),
    ),
    State(
        "Portfolio, a service that is found",
        "portfolio",
        PORTFOLIO,
        then=(*_EXAMPLE, types(_ONE_NAME, "Quokka Square"), sees("Download this scorecard")),
        folded=True,
    ),
    State(
        "Returns, many files",
        "returns",
        RETURNS,
        then=(
            returns_are_gone,
            send(
                {
                    "a.json": SMS.encode(),
                    "b.json": RES.encode(),
                    "c.csv": with_cells(1),
                    "d.json": HALF.encode(),
                    "e.pdf": b"%PDF",
                }
            ),
            sees("5 files are in"),
        ),
    ),
    State(
        "Returns, one return that bears a review",
        "returns",
        RETURNS,
        then=(
            returns_are_gone,
            give(WITH_RECORD.read_bytes(), "a.json"),
            press("Open this return and mark its answers"),
            press("Accept the other 6 answers"),
            sees("The reply says"),
        ),
    ),
    State(
        "Returns, a refused file",
        "returns",
        RETURNS,
        then=(returns_are_gone, give("nonsense", "card.csv"), sees("This file cannot be verified")),
    ),
    State(
        "Portfolio, a service that is not found",
        "portfolio",
        PORTFOLIO,
        then=(*_EXAMPLE, types(_ONE_NAME, "whisper"), sees("Names that come near")),
        folded=True,
    ),
    State("Obligations, one kind of service", "obligations?category=res", OBLIGATIONS),
    State("Sources", "sources", "Sources"),
    State("Obligations, the map", "obligations?view=map", OBLIGATIONS, then=(sees("The whole map as a file"),)),
    State("Check your answers, with nothing answered", "check", "Check your answers"),
    State(
        "Obligations, the map with no service in it",
        "obligations?view=map&only=category:sms,communication:closed",
        OBLIGATIONS,
        then=(sees("No service has all of these facts"),),
    ),
    State(
        "Check your answers, held up",
        "check",
        "Check your answers",
        then=(next_is_pressed, sees("The scorecard needs these facts first")),
    ),
    State(
        "Obligations, some recommendations off",
        "obligations?adopted=IJM-RES-2,IJM-DIS-5&category=res",
        OBLIGATIONS,
        then=(sees("Recommendations: 2 of 9"),),
        folded=True,
    ),
    State("Scorecard, with nothing answered", "scorecard", "Scorecard"),
    State("Plan, with nothing answered", "plan", "Plan", folded=True),
    State(
        "Obligations, with notices of a bad address",
        "obligations?category=nonsense&adopted=IJM-RES-99&x=y",
        OBLIGATIONS,
        then=(sees("It was ignored"),),
        folded=True,
    ),
    State("An unknown address", "no-such-page", START, then=(sees("Page not found"),), anew=True, spoils=True),
    State("Start, a refused file", "", START, then=(give("{}", "foreign.json"), sees("This file was not opened"))),
    State("Start, earlier answers to continue with", "", START, then=(earlier_tabs(SMS, DIS),), spoils=True),
    State(
        "Start, earlier answers that are refused",
        "",
        START,
        then=(earlier_tabs(DIS, broken=True), kept_are_asked_for, sees("can no longer be read")),
        spoils=True,
    ),
    State(
        "Your service, held up",
        "your-service",
        "Your service",
        then=(next_is_pressed, sees("Please answer this question")),
        spoils=True,
    ),
    # -- what can be seen with answers
    State(
        "Your service, some facts given and held up",
        "your-service",
        "Your service",
        FEW_FACTS,
        (next_is_pressed, sees("Please answer this question")),
    ),
    State(
        "Check your answers, with facts missing",
        "check",
        "Check your answers",
        FEW_FACTS,
        (sees("a fact that the scorecard needs"),),
    ),
    State(
        "Scorecard, where nothing is owed",
        "scorecard",
        "Scorecard",
        FORUM,
        (sees("nothing to do, and so there is no score"),),
    ),
    State(
        "A measure that asks nothing of the service",
        "sms-mcm10",
        _MEASURES["sms-mcm10"][0],
        FORUM,
        (sees("asks nothing of your service"),),
    ),
    State(
        "A measure of another code",
        "res-mcm8",
        "Detect and remove known CSAM",
        FORUM,
        (sees("asks nothing of your service"),),
    ),
    State("Check your answers, with a review", "check", "Check your answers", PLANNED, (sees("The review of your"),)),
    State("Check your answers, where nothing is owed", "check", "Check your answers", FORUM),
    State(
        "Not capable?, held up",
        "not-capable",
        "Not capable?",
        NO_APPROVAL,
        (next_is_pressed, sees("Please answer this question")),
    ),
    State("Not capable?, nothing examined", "not-capable", "Not capable?", RES),
    State("Not capable?, some examined", "not-capable", "Not capable?", UNSAID, (sees("Still needs a reason"),)),
    State(
        "Not capable?, everything examined",
        "not-capable",
        "Not capable?",
        EXAMINED,
        (sees("The report is complete"),),
    ),
    State(
        "A measure, not feasible without a justification",
        "sms-mcm10",
        _MEASURES["sms-mcm10"][0],
        UNJUSTIFIED,
        (sees("counts as unanswered"),),
    ),
    State(
        "Check your answers, with a justification missing",
        "check",
        "Check your answers",
        UNJUSTIFIED,
        (sees("until it has a written justification"),),
    ),
    *(
        State(f"{address.upper()}, with nothing answered", address, title, nothing)
        for address, title, nothing in _ONE_OF_EACH_CODE
    ),
    State("Check your answers, with the grades missing", "check", "Check your answers", OPEN_DIS),
    *(
        State(f"{address.upper()}, answered", address, title, answers)
        for address, (title, _, answers) in _MEASURES.items()
    ),
    State("Your service, a designated internet service", "your-service", "Your service", DIS),
    State("Your service, a social media service", "your-service", "Your service", SMS),
    State("Your service, a relevant electronic service", "your-service", "Your service", RES),
    State("Check your answers, all answered", "check", "Check your answers", RES),
    State("Scorecard, all answered", "scorecard", "Scorecard", RES),
    State("Scorecard, some answered", "scorecard", "Scorecard", HALF, folded=True),
    State("Scorecard, nothing answered of what is asked", "scorecard", "Scorecard", OPEN_SMS, folded=True),
    State("Scorecard, everything met", "scorecard", "Scorecard", MET, folded=True),
    State("Plan, with something overdue and a course", "plan", "Plan", PLANNED),
    State("Plan, without a gap", "plan", "Plan", MET, folded=True),
    State(
        "Scorecard, under another version of the rules",
        "scorecard",
        "Scorecard",
        BEFORE,
        (sees("I have checked the answers"),),
        folded=True,
    ),
    State("Start, with answers", "", START, SMS, (sees("You have answers here"),)),
    State(
        "Start, a file that can be opened",
        "",
        START,
        SMS,
        (sees("You have answers here"), give(DIS, "saved.json"), sees("Opening it replaces the answers here")),
    ),
    State(
        "Start, asked whether to start again and whether to open a sample",
        "",
        START,
        SMS,
        (
            press("Start again with nothing answered"),
            sees("No, keep them"),
            press("Open sample: Small forum"),
            sees("No, keep my answers"),
        ),
        spoils=True,
    ),
)
TOUR = tuple(
    sorted(_CONTENTS, key=lambda each: ("", *dict.fromkeys(one.answers for one in _CONTENTS)).index(each.answers))
)
"""Those with the same answers one after another, so that they are opened once; and no page twice in a row, which would be opened anew."""


class Tourist:
    """Somebody who goes from state to state in one tab, without opening the app anew where it is not needed."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self._answers: str | None = ""
        self._address = ""

    def go(self, state: State) -> None:
        """Bring the tab to a state, from whichever it is in."""
        page = state.address.partition("?")[0]
        if state.anew or self._answers != state.answers or page == self._address:
            self._open(state)
        else:
            self.visitor.jump(state.address, state.title)
        for each in state.then:
            each(self.visitor)
        self.visitor.see(state.title)
        self._answers, self._address = ("", "") if state.spoils else (state.answers, page)

    def _open(self, state: State) -> None:
        visitor = self.visitor
        visitor.page.goto(f"{visitor.address}/_stcore/health")
        visitor.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        if state.answers is None:
            visitor.open(state.address, state.title)
            return
        visitor.page.evaluate("stored => sessionStorage.setItem('mcm-assessment', stored)", state.answers)
        visitor.open("check", "Check your answers")
        visitor.page.get_by_text(NAME).wait_for()
        if state.address != "check":
            visitor.jump(state.address, state.title)
