"""What a reviewer says of returns, as the tab keeps it over a reload: taken over whole, and whatever else it says passed over."""

import json

import pytest
from streamlit.testing.v1 import AppTest


def marked_and_taken(kept: str) -> None:
    import streamlit as st

    from questionnaire.session import reviews

    reviews.take(kept)
    st.text(reviews.kept() or "nothing")


def taken(kept: str) -> dict:
    app = AppTest.from_function(marked_and_taken, args=(kept,), default_timeout=60).run()
    assert not app.exception
    return json.loads(app.text[0].value) if app.text[0].value != "nothing" else {}


def test_what_the_tab_kept_is_taken_over_and_said_again_in_the_same_words() -> None:
    review = {"comment": "Thank you.", "marks": {"RES-MCM8.a": {"mark": "revise", "comment": "Which groups?"}}}
    again = taken(json.dumps({"": {"reviewer": "E. Reviewer"}, "a file": review}))
    assert again[""]["reviewer"] == "E. Reviewer"
    assert again["a file"]["comment"] == "Thank you."
    assert (again["a file"]["marks"]["RES-MCM8.a"]["mark"], again["a file"]["marks"]["RES-MCM8.a"]["comment"]) == ("revise", "Which groups?")  # fmt: skip
    assert taken(json.dumps(again)) == again


def test_the_marks_of_the_round_before_come_back_too_where_they_are_whole() -> None:
    of = {"grade": "partly", "note": "Prompts", "evidence": [{"what": "Policy"}]}
    review = {"reviewer": "E. Reviewer", "marks": {"RES-MCM10.a": {"mark": "revise", "comment": "Which?", "of": of}}}
    again = taken(json.dumps({"before a file": review}))
    mark = again["before a file"]["marks"]["RES-MCM10.a"]
    assert (mark["mark"], mark["of"]["grade"], mark["of"]["evidence"][0]["what"]) == ("revise", "partly", "Policy")
    assert taken(json.dumps(again)) == again
    review["marks"]["RES-MCM10.a"]["of"]["grade"] = "perfect"
    assert taken(json.dumps({"before a file": review})) == {}


def test_to_forget_takes_the_name_of_the_reviewer_with_it() -> None:
    def forgotten() -> None:
        import streamlit as st

        from questionnaire.session import reviews

        reviews.set_reviewer("E. Reviewer")
        reviews.forget()
        st.text(reviews.reviewer() or "nobody")

    assert AppTest.from_function(forgotten, default_timeout=60).run().text[0].value == "nobody"


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "{",
        "[]",
        '{"a file": 1}',
        '{"a file": {"marks": {"RES-MCM8.a": {"mark": 1}}}}',
        '{"a file": {"marks": {"RES-MCM8.a": {"mark": "perfect"}}}}',
        '{"a file": {"marks": {"nothing": {"mark": "revise"}}}}',
    ],
)
def test_what_is_no_mark_is_passed_over(kept: str) -> None:
    assert taken(kept).get("a file", {}).get("marks", {}) == {}


def test_a_comment_that_is_too_long_or_holds_control_characters_is_cut() -> None:
    review = {"comment": "\x00" + "x" * 9000, "marks": {}}
    assert taken(json.dumps({"a file": review}))["a file"]["comment"] == "x" * 5000
