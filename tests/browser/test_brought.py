"""What the browser brings is checked like anything from outside: what no page could have said is passed over."""

import json
from types import SimpleNamespace

import pytest
from streamlit.runtime.state.session_state import SessionState

from questionnaire.browser import brought
from questionnaire.session import answers, state
from questionnaire.session.samples import sample_assessment, samples
from questionnaire.streamlit_inside import session_state
from scoring.score.assessment import Answer, Evidence, Plan, SignOff
from scoring.score.assessment_file import to_json

ID = "RES-MCM8.a"
PIECES = [{"what": f"Piece {number}"} for number in range(answers.MOST_EVIDENCE + 1)]


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session of Streamlit's without a page, with a sample opened."""
    found = SessionState()
    monkeypatch.setattr(session_state, "_REACH", lambda: SimpleNamespace(_state=found))
    state.replace(next(each for each in map(sample_assessment, samples()) if ID in each.answers))


def bring(monkeypatch: pytest.MonkeyPatch, *unheard: tuple[list[str], object]) -> None:
    changes = [{"path": path, "value": value} for path, value in unheard]
    monkeypatch.setattr(state, "widget_value", lambda key: {"found": {"at": "1", "unheard": changes}})
    brought.take()


def test_every_place_on_record_is_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    bring(
        monkeypatch,
        (["provider"], "Example Pty Ltd"),
        (["sign_off", "approved_by"], "B. Board"),
        (["sign_off", "approved_on"], "2026-11-23"),
        (["answers", ID, "since"], "2025-03-01"),
        (["answers", ID, "evidence"], json.dumps(PIECES[:2])),
        (["answers", ID, "plan", "action"], "Buy\nit"),
        (["answers", ID, "plan", "due"], "2027-01-31"),
        (["answers", ID, "plan", "due"], ""),
        (["answers", ID, "plan", "status"], "planned"),
        (["answers", ID, "plan", "grade"], "met"),
    )
    now = state.assessment()
    evidence = (Evidence(what="Piece 0"), Evidence(what="Piece 1"))
    plan = Plan(action="Buy\nit", status="planned", grade="met")
    assert now.answer(ID) == Answer(grade="not_met", since="2025-03-01", evidence=evidence, plan=plan)
    assert (now.provider, now.sign_off) == (
        "Example Pty Ltd",
        SignOff(approved_by="B. Board", approved_on="2026-11-23"),
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["provider", "x"], "x"),
        (["provider"], "a\nb\x00"),
        (["sign_off"], "x"),
        (["sign_off", "signature"], "x"),
        (["sign_off", "approved_on"], "2026-02-30"),
        (["review", "comment"], "x"),
        (["answers", ID], "x"),
        (["answers", "XXX", "since"], "2025-03-01"),
        (["answers", ID, "since"], "yesterday"),
        (["answers", ID, "since", "x"], "2025-03-01"),
        (["answers", ID, "plan"], "{}"),
        (["answers", ID, "plan", "due"], "2026-1-1"),
        (["answers", ID, "plan", "status"], "never"),
        (["answers", ID, "plan", "grade"], "not_feasible"),
        (["answers", ID, "plan", "colour"], "red"),
        (["answers", ID, "evidence", "0", "what"], "x"),
        (["answers", "XXX", "evidence"], "[]"),
        (["answers", ID, "evidence"], "{"),
        (["answers", ID, "evidence"], '{"what": "x"}'),
        (["answers", ID, "evidence"], '["x"]'),
        (["answers", ID, "evidence"], '[{"what": 7}]'),
        (["answers", ID, "evidence"], '[{"colour": "red"}]'),
        (["answers", ID, "evidence"], '[{"dated": "May"}]'),
        (["answers", ID, "evidence"], '[{"what": "\\u0000"}]'),
        (["answers", ID, "evidence"], json.dumps(PIECES)),
        (["answers", ID, "evidence"], "[" * 90_000),
        (["answers", ID, "plan", "owner"], "x" * 100_001),
    ],
)
def test_what_no_page_could_have_said_is_passed_over(
    path: list[str], value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state.assessment(), state.changes()
    bring(monkeypatch, (path, value))
    assert (state.assessment(), state.changes()) == before


def test_a_list_that_the_browser_brings_leaves_the_rows_that_are_the_same_where_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bring(monkeypatch, (["answers", ID, "evidence"], json.dumps(PIECES[:3])))
    before = answers.evidence_rows(ID)
    bring(monkeypatch, (["answers", ID, "evidence"], json.dumps([PIECES[0], PIECES[5], PIECES[2]])))
    after = answers.evidence_rows(ID)
    assert [(row in dict(before), piece.what) for row, piece in after] == [
        (True, "Piece 0"),
        (False, "Piece 5"),
        (True, "Piece 2"),
    ]
    bring(monkeypatch, (["answers", ID, "evidence"], None))
    assert state.assessment().answer(ID).evidence == ()


def test_texts_are_taken_while_a_saved_file_can_hold_them_all_and_choices_always(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room = answers.LARGEST - 20_000
    assert answers.put(("answers", "RES-MCM8.b", "note"), "x" * room) and not answers.put(("provider",), "x" * 30_000)
    assert not answers.set_evidence(ID, answers.evidence_rows(ID)[0][0], "what", "x" * 30_000)
    assert (state.assessment().provider, state.assessment().answer(ID).evidence) == ("", ())
    while answers.put(("provider",), state.assessment().provider + "x" * 500):
        pass
    answers.put(("answers", ID, "grade"), "partly")
    assert (
        answers.put(("answers", "RES-MCM8.b", "note"), "x" * (room - 1))
        and state.assessment().answer(ID).grade == "partly"
    )


def test_with_no_room_left_a_choice_of_a_plan_is_taken_and_a_reason_does_not_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers.set_examined("safer", True)
    assert answers.put(("technologies", "safer"), "\U0001f642" * 5000)
    answers.set_examined("safer", False)
    monkeypatch.setattr(answers, "LARGEST", len(to_json(state.assessment(), state.rules())))
    answers.set_examined("safer", True)
    assert state.assessment().technologies["safer"] == ""
    assert answers.put(("answers", ID, "plan", "status"), "under_way")
    assert state.assessment().answer(ID).plan == Plan(status="under_way")
    monkeypatch.setattr(answers, "LARGEST", answers.LARGEST + 30_000)
    answers.set_examined("safer", False)
    answers.set_examined("safer", True)
    assert state.assessment().technologies["safer"] == ""


def fetched(monkeypatch: pytest.MonkeyPatch, slot: str) -> None:
    """The browser brings what a slot holds: another sample."""
    other = to_json(sample_assessment(samples()[-1]), state.rules()).decode()
    held = {"slot": slot, "step": "check", "assessment": other}
    monkeypatch.setattr(state, "widget_value", lambda key: {"found": {"at": "2", "fetched": held}})
    brought.take()


def test_what_a_slot_holds_takes_the_place_of_answers_only_where_it_was_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = state.assessment()
    fetched(monkeypatch, "a")
    assert state.assessment() == before
    brought.fetch("a")
    fetched(monkeypatch, "b")
    assert state.assessment() == before
    brought.fetch("a")
    fetched(monkeypatch, "a")
    assert state.assessment() == sample_assessment(samples()[-1])


def test_all_that_the_browser_keeps_is_given_out_once_and_the_answers_here_are_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert brought.services() is None
    brought.fetch_all()
    every = [{"name": "", "assessment": "{"}, {"name": "Other", "assessment": "x"}]
    monkeypatch.setattr(state, "widget_value", lambda key: {"found": {"at": "3", "all": every}})
    brought.take()
    own, *others = brought.services() or ()
    assert own == (f"{state.assessment().service_name}.json", to_json(state.assessment(), state.rules()))
    assert others == [("service.json", b"{"), ("Other.json", b"x")]
    assert brought.services() is None
