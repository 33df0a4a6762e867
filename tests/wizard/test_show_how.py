"""Show how, the provider, the sign-off and the doubts, on the pages: out of the way until they are wanted, and never scored."""

import json

import pytest
from walk import Walk

from questionnaire.session import answers, state
from questionnaire.wizard import show_how

REQUIREMENT, ADDRESS = "RES-MCM8.a", "res-mcm8"
SINCE, DUE = f"answers.{REQUIREMENT}.since", f"answers.{REQUIREMENT}.plan.due"
MARKUP = "<script>alert(1)</script> **bold** [link](https://evil.example) :red[red] $x^2$"


@pytest.fixture
def walk(monkeypatch: pytest.MonkeyPatch) -> Walk:
    """The encrypted messenger on the 27th of November 2026."""
    monkeypatch.setattr(state, "now", lambda: "2026-11-27T10:00:00+11:00")
    walk = Walk()
    walk.open_sample("Encrypted messenger")
    return walk


def opened(walk: Walk) -> Walk:
    walk.visit(ADDRESS)
    walk.open_fold(f"show_how.{REQUIREMENT}")
    return walk


def saved(walk: Walk) -> dict:
    walk.visit("scorecard")
    return json.loads(walk.downloaded("json"))


def of_evidence(walk: Walk, part: str) -> list[str]:
    return [about for about in walk.asked("evidence") if about.endswith(f".{part}")]


def give_evidence(walk: Walk, row: int, **parts: str) -> None:
    for part, text in parts.items():
        walk.give(f"evidence.{of_evidence(walk, part)[row]}", text)


def doubts(walk: Walk) -> list[str]:
    walk.visit("check")
    shown = walk.shown()
    return shown[shown.index("They change no score.") + 1 : shown.index("Your service")] if "Doubts" in shown else []


# --------------------------------------------------------------------------------------------- out of the way
def test_whoever_opens_nothing_meets_one_line_for_each_graded_requirement_and_no_field(walk: Walk) -> None:
    walk.visit(ADDRESS)
    assert walk.shown().count(show_how.TITLE) == 2
    assert not any("Evidence" in said or "Plan" in said for said in walk.shown())
    assert walk.asked("answers") == walk.asked("evidence") == []
    walk.give(f"grade.{REQUIREMENT}", "")
    assert walk.shown().count(show_how.TITLE) == 1


def test_what_is_on_record_is_asked_in_the_fold_a_plan_only_where_points_are_missing(walk: Walk) -> None:
    opened(walk)
    plan = [f"{REQUIREMENT}.plan.{part}" for part in ("action", "owner", "due", "status", "grade")]
    assert walk.asked("answers") == plan
    walk.give(f"grade.{REQUIREMENT}", "met")
    assert walk.asked("answers") == [f"{REQUIREMENT}.since"]
    walk.give(f"grade.{REQUIREMENT}", "partly")
    assert walk.asked("answers") == [f"{REQUIREMENT}.since", *plan]


def test_a_closed_fold_says_what_it_holds(walk: Walk) -> None:
    walk.visit(ADDRESS)
    walk.give(f"grade.{REQUIREMENT}", "partly")
    assert not any("On record" in said for said in walk.shown())
    opened(walk)
    walk.give(SINCE, "2026-05-01")
    give_evidence(walk, 0, what="Policy")
    walk.give(f"answers.{REQUIREMENT}.plan.owner", "Ana")
    assert not any("On record" in said for said in walk.shown())
    walk.visit("check")
    walk.visit(ADDRESS)
    assert "On record: in place since 1 May 2026, 1 piece of evidence and a plan." in walk.shown()
    assert not walk.messages("warning")


@pytest.mark.parametrize("place", [SINCE, DUE, "evidence"])
def test_a_closed_fold_says_that_something_typed_in_it_is_not_saved(walk: Walk, place: str) -> None:
    walk.visit(ADDRESS)
    walk.give(f"grade.{REQUIREMENT}", "partly")
    opened(walk)
    if place == "evidence":
        give_evidence(walk, 0, dated="2026-05")
    else:
        walk.give(place, "2026-05")
    walk.visit("check")
    walk.visit(ADDRESS)
    assert walk.messages("warning") == ["Something that you typed here is not saved. Open it to see what."]


# --------------------------------------------------------------------------------------------- what is written
def test_evidence_plan_provider_and_sign_off_stand_in_the_saved_file_and_on_check_and_change_no_score(
    walk: Walk,
) -> None:
    before = saved(walk)
    card = walk.downloaded("csv")
    opened(walk)
    give_evidence(walk, 0, what="Policy, section 4", where="policy.pdf", dated="2026-05-01")
    walk.press("Add evidence")
    give_evidence(walk, 1, what="Screenshots", good_until="2027-05-01")
    plan = {
        "action": "Buy a matching service\nand test it",
        "owner": "Safety engineering",
        "due": "2027-01-31",
        "status": "planned",
        "grade": "met",
    }
    for part, text in plan.items():
        walk.give(f"answers.{REQUIREMENT}.plan.{part}", text)
    walk.visit("your-service")
    walk.open_fold("provider")
    walk.give("provider", "Example Pty Ltd")
    walk.visit("check")
    walk.press("Change Provider")
    assert walk.value("provider") == "Example Pty Ltd"
    walk.next()
    walk.open_fold("sign_off")
    sign_off = {"prepared_by": "A. Author", "approved_by": "B. Board", "approved_on": "2026-11-23"}
    for part, text in sign_off.items():
        walk.give(f"sign_off.{part}", text)
    for line in (
        "Example Pty Ltd",
        "Evidence: Policy, section 4; policy.pdf; dated 1 May 2026\nScreenshots; good until 1 May 2027",
        "Plan: Buy a matching service\nand test it; who: Safety engineering; by 31 January 2027; Planned; answer then: In place",
    ):
        assert line in walk.shown()
    after = saved(walk)
    assert after["answers"].pop(REQUIREMENT) == before["answers"].pop(REQUIREMENT) | {
        "evidence": [
            {"what": "Policy, section 4", "where": "policy.pdf", "dated": "2026-05-01"},
            {"what": "Screenshots", "good_until": "2027-05-01"},
        ],
        "plan": plan,
    }
    assert after == before | {
        "provider": "Example Pty Ltd",
        "sign_off": sign_off,
        "saved_at": "2026-11-27T10:00:00+11:00",
    }
    assert walk.downloaded("csv") == card.replace(b"2026-11-22", b"2026-11-27")
    walk.visit("check")
    assert "Prepared by: A. Author\nApproved by: B. Board\nApproved on: 23 November 2026" in walk.shown()


def test_evidence_is_added_emptied_and_removed_and_each_piece_stays_what_it_is(walk: Walk) -> None:
    opened(walk)
    assert not walk.has_button("Add evidence")  # there is an empty row already
    for place, what in enumerate(("First", "Second", "Third")):
        give_evidence(walk, place, what=what)
        walk.press("Add evidence")
    first, *_ = of_evidence(walk, "what")
    walk.give(f"evidence.{first}", "")  # emptied: the others keep their rows
    give_evidence(walk, 1, dated="2026-01-02")
    walk.press("Remove evidence 3")
    assert [walk.value(f"evidence.{about}") for about in of_evidence(walk, "what")] == ["", "Second", ""]
    assert saved(walk)["answers"][REQUIREMENT]["evidence"] == [{"what": "Second", "dated": "2026-01-02"}]


@pytest.mark.parametrize("typed", ["2026-02-30", "1 May 2026", "2026-5-1", "20260501", "0000-01-01", "２０２６-05-01"])
def test_what_is_no_date_stays_in_the_field_and_is_said_to_be_not_saved(walk: Walk, typed: str) -> None:
    opened(walk)
    walk.give(DUE, "2026-12-24")
    walk.give(DUE, typed)
    [warning] = walk.messages("warning")
    assert (
        warning == f"Not saved: {typed!r} is no date of the form YYYY-MM-DD, such as 2026-05-01 for the first of May."
    )
    assert "plan" not in saved(walk)["answers"][REQUIREMENT]
    opened(walk)
    assert (walk.value(DUE), len(walk.messages("warning"))) == (typed, 1)
    walk.give(DUE, " 2027-01-31 ")
    assert (walk.value(DUE), walk.messages("warning")) == ("2027-01-31", [])
    assert saved(walk)["answers"][REQUIREMENT]["plan"] == {"due": "2027-01-31"}


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ("http://example.org", "http://example.org"),
        ("https://example.org/:smile:/a_b/$x$?c=1&copy;=*2*", "https://example.org/:smile:/a_b/$x$?c=1&amp;copy;=*2*"),
        ("https://example.org/é'", "https://example.org/%C3%A9&#x27;"),
        ("policy.pdf", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("//example.org", None),
        ("https://example.org/ javascript:x", None),
        ("[x](https://evil.example)", None),
        ('https://example.org/"onclick=x', None),
        (MARKUP, None),
    ],
)
def test_only_an_address_of_the_web_becomes_a_link_and_is_shown_whole(
    walk: Walk, where: str, shown: str | None
) -> None:
    opened(walk)
    give_evidence(walk, 0, where=where)
    links = [node.proto.body for node in walk.app.get("html") if "noopener" in node.proto.body]
    assert links == ([show_how.LINK.format(shown)] if shown else [])


def test_what_is_typed_is_shown_as_text_and_never_as_markup(walk: Walk) -> None:
    opened(walk)
    give_evidence(walk, 0, what=MARKUP, where=MARKUP, good_until="2026-11-26")
    walk.give(f"answers.{REQUIREMENT}.plan.owner", MARKUP)
    walk.give(DUE, MARKUP)
    pages = walk.visible()
    walk.visit("check")
    walk.open_fold("sign_off")
    walk.give("sign_off.approved_by", MARKUP)
    pages += walk.visible()
    assert sum(said.count(MARKUP) for kind, said in pages if kind in ("text", "text_input")) == 9
    assert not [
        said
        for kind, said in pages
        if kind not in ("text", "text_input") and ("**bold**" in said or "<script>" in said)
    ]


def test_longer_than_a_field_takes_is_said_and_the_rest_stays_in_the_field(walk: Walk) -> None:
    opened(walk)
    give_evidence(walk, 0, what="x" * 301)
    assert walk.messages("warning")[0].startswith("1 character too many. This field takes 300")
    assert saved(walk)["answers"][REQUIREMENT]["evidence"] == [{"what": "x" * 300}]


def test_a_text_for_which_a_saved_file_has_no_room_is_not_taken_and_the_page_says_so(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved(walk)
    monkeypatch.setattr(answers, "LARGEST", len(json.dumps(before, indent=2)))
    opened(walk)
    give_evidence(walk, 0, what="Policy, section 4")
    [warning] = walk.messages("warning")
    assert warning.startswith("Not saved: with it, all answers together would take more than a saved file may have")
    assert walk.value(f"evidence.{of_evidence(walk, 'what')[0]}") == "Policy, section 4"
    walk.give(f"note.{REQUIREMENT}", "")  # shorter is always taken, and a choice too
    walk.give(f"grade.{REQUIREMENT}", "partly")
    after = saved(walk)
    assert after["answers"][REQUIREMENT] == {"grade": "partly", "note": ""}


# -------------------------------------------------------------------------------------------------- the doubts
def test_the_doubts_stand_on_check_each_with_the_way_to_where_it_is_put_right_and_straight_back(walk: Walk) -> None:
    assert doubts(walk)[-2:] == ["Nobody is named as approver.", "Change *the approver*"]
    opened(walk)
    give_evidence(walk, 0, what="Policy", good_until="2026-12-24")
    walk.give(DUE, "2026-11-26")
    assert doubts(walk)[::2][:2] == [
        "“Detect known CSAM”: the plan was due on 26 November 2026 and is not done.",
        "“Detect known CSAM”: the evidence “Policy” is good until 24 December 2026, which is in 27 days.",
    ]
    walk.app.session_state[f"show_how.{REQUIREMENT}"] = False
    walk.press("Change the plan of Detect known CSAM")
    walk.give(DUE, "2026-11-27")  # the fold is open
    walk.next()
    assert walk.title == "Check your answers"
    walk.press("Change the report")
    assert walk.title == "Not capable?"
    walk.back()
    walk.press("Change the approver")
    walk.give("sign_off.approved_by", "B. Board")
    assert doubts(walk)[::2] == [
        "“Detect known CSAM”: the evidence “Policy” is good until 24 December 2026, which is in 27 days.",
        "The service is said not to be capable. The report is incomplete. It lacks a reason for “Client-side hashing” and “Hashing inside secure enclaves”.",
    ]


def test_without_doubts_check_says_nothing_of_them(walk: Walk) -> None:
    walk.visit("your-service")
    walk.give("fact.capable", "yes")
    walk.visit("check")
    walk.open_fold("sign_off")
    walk.give("sign_off.approved_by", "B. Board")
    assert "Doubts" not in walk.shown()
