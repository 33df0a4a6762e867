"""The session: an answer is kept although another run is waiting already, and what follows from answers is worked out once."""

import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from examples import MESSENGER
from pydantic import ValidationError
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.state.session_state import SessionState, WStates
from walk import Walk

from questionnaire.session import answers, beside, state
from questionnaire.session.samples import sample_assessment, samples
from questionnaire.streamlit_inside import session_state


# ------------------------------------------------------------------------------------------ another run is waiting
@pytest.fixture
def in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The user does the next thing while the callback of the first has only begun: each widget that this happened to."""
    real, hurried = WStates.call_callback, []

    def call(self: WStates, widget: str) -> None:
        if not hurried:
            hurried.append(widget)
            context = get_script_run_ctx()
            assert context is not None
            context.script_requests.request_rerun(RerunData(page_script_hash=context.page_script_hash))
        real(self, widget)

    monkeypatch.setattr(WStates, "call_callback", call)
    yield hurried
    assert len(hurried) == 1


def saved(walk: Walk) -> dict:
    walk.visit("scorecard")
    return json.loads(walk.downloaded("json"))


WAYS: dict[str, tuple[str, Callable[[Walk], None], Callable[[dict], bool]]] = {
    "a name": (
        "your-service",
        lambda walk: walk.give("name", "Another"),
        lambda found: found["service_name"] == "Another",
    ),
    "a fact": (
        "your-service",
        lambda walk: walk.give("fact.tier", "tier_2"),
        lambda found: found["profile"]["tier"] == "tier_2",
    ),
    "a grade": (
        "res-mcm10",
        lambda walk: walk.give("grade.RES-MCM10.a", "met"),
        lambda found: found["answers"]["RES-MCM10.a"]["grade"] == "met",
    ),
    "a note": (
        "res-mcm10",
        lambda walk: walk.give("note.RES-MCM10.b", "Another"),
        lambda found: found["answers"]["RES-MCM10.b"]["note"] == "Another",
    ),
    "a technology": (
        "not-capable",
        lambda walk: walk.give("examined.client_side_hashing", True),
        lambda found: "client_side_hashing" in found["technologies"],
    ),
}


@pytest.mark.parametrize(("address", "give", "is_there"), WAYS.values(), ids=WAYS)
def test_an_answer_is_kept_although_another_run_is_waiting(
    address: str, give: Callable[[Walk], None], is_there: Callable[[dict], bool], request: pytest.FixtureRequest
) -> None:
    walk = Walk()
    walk.open_sample(MESSENGER.sample)
    assert not is_there(saved(walk))
    walk.visit(address)
    request.getfixturevalue("in_a_hurry")
    give(walk)
    assert is_there(saved(walk))


def test_next_leads_on_although_another_run_is_waiting(request: pytest.FixtureRequest) -> None:
    walk = Walk()
    walk.open_sample(MESSENGER.sample)
    walk.visit("res-mcm8")
    request.getfixturevalue("in_a_hurry")
    walk.next()
    assert walk.title == "Disrupt and deter CSAM"


# ------------------------------------------------------------------------------------------ what is kept
@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> SessionState:
    """A session of Streamlit's without a page."""
    found = SessionState()
    monkeypatch.setattr(session_state, "_REACH", lambda: SimpleNamespace(_state=found))
    return found


def test_what_is_no_answer_is_refused_and_the_answers_stay(session: SessionState) -> None:
    state.replace(sample_assessment(samples()[0]))
    before, changes = state.assessment(), state.changes()
    for give in (
        lambda: answers.put(("profile", "tier"), None),
        lambda: answers.put(("answers", "RES-MCM10.a", "grade"), None),
        lambda: answers.put(("profile", "tier"), 7),
    ):
        with pytest.raises(ValidationError):
            give()
        assert (state.assessment(), state.changes()) == (before, changes)


@pytest.mark.parametrize(
    ("kept", "adopted", "not_known"),
    [
        ({"adopted": ["IJM-RES-2", "X", 7, []], "not_known": ["RES-MCM10.a", {}]}, ("IJM-RES-2",), {"RES-MCM10.a"}),
        ({"adopted": []}, (), set()),
        ({"adopted": None, "not_known": "RES-MCM10.a"}, None, set()),
        (["IJM-RES-2"], None, set()),
        (None, None, set()),
    ],
)
def test_of_what_a_browser_kept_beside_the_answers_only_what_the_rules_know_is_taken_over(
    session: SessionState, kept: object, adopted: tuple[str, ...] | None, not_known: set[str]
) -> None:
    beside.take(kept)
    assert beside.said() == {"adopted": adopted, "not_known": sorted(not_known)}


def test_all_that_is_ours_is_one_entry_of_the_session(session: SessionState) -> None:
    state.replace(sample_assessment(samples()[0]))
    answers.put(("service_name",), "Another")
    state.keep("anything", 1)
    assert list(session.filtered_state) == [state.OURS]


def test_what_follows_is_worked_out_again_only_when_what_it_follows_from_has_changed(session: SessionState) -> None:
    made: list[int] = []

    def make() -> int:
        made.append(len(made))
        return made[-1]

    assert [state.following("it", given, make) for given in (1, 1, 2, 2, 1)] == [0, 0, 1, 1, 2]
    assert [state.following(name, 1, make) for name in ("it", "another", "it")] == [2, 3, 2]
