"""The doubts: each said where it is one, nothing where there is none, and none of them scored."""

from datetime import date

import examples
import pytest

from scoring.follow_up.doubts import doubts
from scoring.rules.load import load
from scoring.score.assessment import Answer, Assessment, Evidence, Plan, SignOff
from scoring.score.scorecard import scorecard

RULES = load()
TODAY = date(2026, 11, 27)
APPROVED = SignOff(approved_by="B. Board")
KNOWN, REMOVE = "RES-MCM8.a", "RES-MCM8.b"
LINK = Evidence(what="Policy", where="https://example.org/policy")
SHOWN = Answer(grade="met", evidence=(LINK,))
MESSENGER = dict(examples.MESSENGER.profile)
CAPABLE = MESSENGER | {"capable": "yes"}
NETWORK = examples.SOCIAL
NETWORK_CAVEAT = "SMS-MCM10.c"


def said(answers: dict[str, Answer], profile=CAPABLE, sign_off=APPROVED, technologies=()):
    given = Assessment(
        rulebook=RULES.version,
        service_name="",
        saved_at="2026-11-22T10:15:00+00:00",
        profile=profile,
        technologies=dict.fromkeys(technologies, "Tried in May."),
        sign_off=sign_off,
        answers=answers,
    )
    return doubts(RULES, given, TODAY)


def of(requirement: str, answer: Answer, profile=CAPABLE):
    return [doubt.sentence for doubt in said({requirement: answer}, profile)]


def good_until(day: str, what: str = "Policy", **more: str) -> Answer:
    return Answer(grade="met", evidence=(Evidence(what=what, good_until=day, **more),))


def planned(grade: str, due: str = "", status: str = "planned", to: str = "met") -> Answer:
    return Answer(grade=grade, evidence=(LINK,), plan=Plan(action="Buy it", due=due, status=status, grade=to))


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (SHOWN, None),
        (Answer(grade="met"), "“Detect known CSAM” is in place, and no evidence is named."),
        (Answer(grade="met", evidence=(Evidence(what=" ", dated="2026-05-01"),)), "“Detect known CSAM” is in place, and no evidence is named."),
        (Answer(grade="met", evidence=(Evidence(where="p.pdf"),)), None),
        (Answer(grade="partly"), None),
        (good_until("2026-11-26"), "“Detect known CSAM”: the evidence “Policy” was good until 26 November 2026."),
        (good_until("2026-11-27"), "“Detect known CSAM”: the evidence “Policy” is good until 27 November 2026, which is today."),
        (good_until("2026-11-28"), "“Detect known CSAM”: the evidence “Policy” is good until 28 November 2026, which is in 1 day."),
        (good_until("2027-01-26"), "“Detect known CSAM”: the evidence “Policy” is good until 26 January 2027, which is in 60 days."),
        (good_until("2027-01-27"), None),
        (good_until("9999-12-31"), None),
        (good_until("0001-01-01", "", where="p.pdf"), "“Detect known CSAM”: the evidence “p.pdf” was good until 1 January 1."),
        (Answer(grade="partly", evidence=(Evidence(good_until="2026-01-01"),)), "“Detect known CSAM”: a piece of evidence was good until 1 January 2026."),
        (good_until("2026-01-01", "a\nb"), "“Detect known CSAM”: the evidence “a b” was good until 1 January 2026."),
        (good_until("2026-01-01", "x" * 300), f"“Detect known CSAM”: the evidence “{'x' * 100}…” was good until 1 January 2026."),
        (planned("partly", "2026-11-26"), "“Detect known CSAM”: the plan was due on 26 November 2026 and is not done."),
        (planned("partly", "2026-11-26", ""), "“Detect known CSAM”: the plan was due on 26 November 2026 and is not done."),
        (planned("partly", "2026-11-26", "done", "partly"), None),
        (planned("", "2026-11-27"), None),
        (planned("met", "2026-11-26"), "“Detect known CSAM” is in place, and has a plan that is not done."),
        (planned("met", status="done"), None),
        (
            planned("not_met", status="done"),
            "“Detect known CSAM”: the plan is done, which was to make it “In place”, and the answer is still “Not in place”.",
        ),
        (
            planned("", status="done", to="partly"),
            "“Detect known CSAM”: the plan is done, which was to make it “Partly in place”, and the answer is still missing.",
        ),
        (planned("not_met", status="done", to=""), None),
    ],
)  # fmt: skip
def test_what_is_doubtful_about_one_requirement(answer, sentence):
    assert of(KNOWN, answer) == ([sentence] if sentence else [])


def test_what_is_to_be_said_of_several_pieces_of_one_requirement_is_one_sentence_and_the_soonest_is_first():
    pieces = [Evidence(what=f"P{day}", good_until=f"2026-11-{day}") for day in (28, 26, 25, 27)]
    many = [Evidence(what=f"Q{day:02}", good_until=f"2026-12-{day:02}") for day in range(1, 9)]
    assert of(KNOWN, Answer(grade="met", evidence=tuple(pieces))) == [
        "“Detect known CSAM”: 2 pieces of evidence are no longer good: “P25” until 25 November 2026 and “P26” until 26 November 2026.",
        "“Detect known CSAM”: 2 pieces of evidence are good for no more than 60 days: “P27” until 27 November 2026 and “P28” until 28 November 2026.",
    ]
    [sentence] = of(KNOWN, Answer(grade="met", evidence=tuple(many)))
    assert sentence.endswith("“Q05” until 5 December 2026 and 3 more.") and "Q06" not in sentence


@pytest.mark.parametrize(
    ("note", "sentences"),
    [
        ("Too many false matches.", 1),
        ("Seven words are too few by one", 1),
        ("Eight words are just enough to say why", 0),
        (" ", 0),  # that counts as unanswered, and is said as that
    ],
)
def test_a_reason_of_fewer_than_eight_words_is_thin(note, sentences):
    thin = "“Detect and remove new CSAM with safety technologies” is said to be not feasible or appropriate, with a reason of fewer than 8 words."
    assert of(NETWORK_CAVEAT, Answer(grade="not_feasible", note=note), profile=NETWORK) == [thin] * sentences


def test_the_same_doubt_about_several_requirements_is_one_sentence():
    [doubt] = said(dict.fromkeys((KNOWN, REMOVE), Answer(grade="met")))
    assert (
        doubt.sentence
        == "2 requirements are in place, and no evidence is named: “Detect known CSAM” and “Remove known CSAM”."
    )
    assert (doubt.kind, doubt.requirements) == ("no_evidence", (KNOWN, REMOVE))
    assert doubt.path == ("answers", KNOWN, "evidence")


def test_what_is_not_owed_is_not_doubted_and_without_all_facts_nothing_is_known_to_be_owed():
    assert of(NETWORK_CAVEAT, Answer(grade="met")) == []
    assert of(KNOWN, Answer(grade="met"), profile={"category": "res"}) == []


def test_a_service_held_not_capable_needs_a_complete_report():
    [doubt] = said({}, MESSENGER)
    assert doubt.sentence.startswith(
        "The service is said not to be capable. The report is incomplete. It lacks a reason for “"
    )
    assert (doubt.requirements, doubt.path) == ((), ("technologies",))
    assert said({}, MESSENGER, technologies=[known.id for known in RULES.technologies]) == ()


def test_nobody_is_missed_as_approver_before_anything_is_answered():
    assert said({}, sign_off=SignOff()) == ()
    [doubt] = said({KNOWN: SHOWN}, sign_off=SignOff(approved_by=" "))
    assert (doubt.sentence, doubt.path) == ("Nobody is named as approver.", ("sign_off", "approved_by"))


def test_text_from_right_to_left_turns_nothing_of_the_sentence_around():
    assert of(KNOWN, good_until("2026-01-01", "\u202eמדיניות")) == [
        "“Detect known CSAM”: the evidence “\u2068\u202eמדיניות\u202c\u2069” was good until 1 January 2026."
    ]


def test_a_doubt_is_never_scored():
    bare = Assessment(
        rulebook=RULES.version,
        service_name="",
        saved_at="2026-11-22T10:15:00+00:00",
        profile=CAPABLE,
        answers={KNOWN: Answer(grade="partly")},
    )
    doubtful = bare.model_copy(update={"answers": {KNOWN: planned("partly", "2026-01-01", "done")}})
    assert doubts(RULES, doubtful, TODAY) and scorecard(RULES, doubtful).rows == scorecard(RULES, bare).rows
