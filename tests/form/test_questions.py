"""The questions about a service: the file that holds them, and which of them are asked when."""

import re
from collections.abc import Callable
from itertools import product
from pathlib import Path

import naive
import pytest
from pydantic import ValidationError
from streamlit.testing.v1 import AppTest
from walk import Walk

from scoring.form.questions import FILE, load_questionnaire
from scoring.rules.load import RulebookError
from scoring.rules.model import Rules

TEXT = FILE.read_text(encoding="utf-8")
ON_THE_SERVICE_PAGE = ("category", "hosting", "tier", "encryption", "communication", "livestream", "capable")
ON_THE_NOT_CAPABLE_PAGE = ("esafety_approval",)

# The rulebook's section 1, "asked when". With facts still missing, a question is asked as soon as what is given decides that it is.
ASKED_WHEN: dict[str, Callable[[dict[str, str]], bool]] = {
    "category": lambda given: True,
    "hosting": lambda given: True,
    "tier": lambda given: (
        given.get("category") in ("sms", "res")
        or (given.get("category"), given.get("hosting")) == ("dis", "provider_managed")
    ),
    "encryption": lambda given: True,
    "communication": lambda given: given.get("category") == "res",
    "livestream": lambda given: True,
    "capable": lambda given: given.get("category") == "res",
    "esafety_approval": lambda given: (given.get("category"), given.get("capable")) == ("res", "no"),
}
VALUES = {fact: values for fact, values in naive.FACTS.items() if fact in ASKED_WHEN}


def expected(given: dict[str, str], page: tuple[str, ...]) -> list[str]:
    return [fact for fact in page if ASKED_WHEN[fact](given)]


# ------------------------------------------------------------------------------------------ the requirements
def test_a_question_says_all_that_its_requirement_asks_so_that_a_page_need_not_say_it_twice(rules: Rules) -> None:
    said_otherwise = {"ongoing": "keep", "inve": "inve", "disr": "disr", "dete": "dete", "reac": "deter"}
    for requirement in rules.regimes.amended.requirements():
        asked = requirement.question.lower()
        for word in re.findall(r"[a-z0-9]{4,}", requirement.text.lower()):
            begun = said_otherwise.get(word) or said_otherwise.get(word[:4]) or word
            assert begun in asked, (requirement.id, word)


# ------------------------------------------------------------------------------------------ the file
def refused(tmp_path: Path, text: str | bytes) -> RulebookError:
    path = tmp_path / "questions.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(RulebookError) as caught:
        load_questionnaire(path)
    return caught.value


def edited(old: str, new: str) -> str:
    assert TEXT.count(old) >= 1, old
    return TEXT.replace(old, new, 1)


CATEGORY = TEXT[TEXT.index("[[question]]") : TEXT.index("[[question]]", TEXT.index("[[question]]") + 1)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(
            edited('id = "tier"', 'id = "teir"'),
            ["questions.toml", "teir", "each of these once is needed", "tier"],
            id="a question about a fact that there is not",
        ),
        pytest.param(
            TEXT.replace(CATEGORY, ""),
            ["questions.toml", "each of these once is needed", "category"],
            id="a fact without a question",
        ),
        pytest.param(
            TEXT + "\n" + CATEGORY,
            ["questions.toml", "category", "each of these once is needed"],
            id="two questions about one fact",
        ),
        pytest.param(
            edited('tier_3 = "**Tier 3.** The lowest risk."\n', ""),
            ["questions.toml: tier: ", "offers tier_1, tier_2;", "tier_1, tier_2, tier_3"],
            id="a value that is not offered",
        ),
        pytest.param(
            edited('tier_3 = "', 'tier_4 = "**No.**"\ntier_3 = "'),
            ["questions.toml: tier: ", "tier_4", "the fact may be tier_1, tier_2, tier_3"],
            id="a choice that the fact may not be",
        ),
        pytest.param(
            edited('why = "', 'wyh = "'), ["questions.toml: category: unknown key 'wyh'"], id="a misspelt key"
        ),
        pytest.param(
            edited('prompt = "What kind of service is it?"\n', ""),
            ["questions.toml: category: 'prompt' is missing"],
            id="a question without a prompt",
        ),
        pytest.param(
            edited('prompt = "What kind of service is it?"', 'prompt = "  "'),
            ["questions.toml: category: 'prompt' is empty"],
            id="a blank prompt",
        ),
        pytest.param(
            edited('why = "Each kind of service has a code of its own."\n', ""),
            ["questions.toml: category: 'why' is missing"],
            id="a question that does not say why",
        ),
        pytest.param(
            edited('\npage = "service"', '\npage = "servcie"'),
            ["questions.toml: category: 'page' is 'servcie'; allowed: 'service' or 'not_capable'"],
            id="a page that there is not",
        ),
        pytest.param(
            edited('sms = "**Social', 'sms = 1\nsmss = "**Social'),
            ["questions.toml: category: 'sms' is 1"],
            id="a label that is not text",
        ),
        pytest.param(
            "colour = 1\n" + TEXT, ["questions.toml: ", "unknown key 'colour'"], id="an unknown key at the top"
        ),
        pytest.param("", ["questions.toml: ", "'question' is missing"], id="an empty file"),
        pytest.param("question = [", ["questions.toml: is not TOML"], id="not TOML"),
        pytest.param(TEXT.encode() + b"\xff", ["questions.toml: is not UTF-8 text"], id="not UTF-8"),
    ],
)
def test_a_file_of_questions_that_is_wrong_is_refused_with_its_name_and_what_is_wrong(
    tmp_path: Path, text: str | bytes, says: list[str]
) -> None:
    error = str(refused(tmp_path, text))
    assert [each for each in says if each not in error] == [], error


def test_a_file_of_questions_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match="nowhere.toml"):
        load_questionnaire(tmp_path / "nowhere.toml")


def test_the_questions_that_were_loaded_cannot_be_changed() -> None:
    question = load_questionnaire().of("tier")
    with pytest.raises(ValidationError, match="frozen"):
        question.prompt = "Other"
    with pytest.raises(TypeError):
        question.choices["tier_4"] = "Other"


def test_every_question_says_why_it_is_asked_and_offers_every_value_of_its_fact(rules: Rules) -> None:
    questions = load_questionnaire().question
    assert {each.fact for each in questions} == set(ASKED_WHEN)
    for each in questions:
        assert each.prompt.endswith("?"), each.prompt
        assert each.why.endswith("."), each.why
        assert {choice.value for choice in each.offered()} == set(VALUES[each.fact])


# ------------------------------------------------------------------------------------------ which questions
def test_there_are_708_kinds_of_service_and_each_is_asked_for_its_own_facts_and_no_other(rules: Rules) -> None:
    profiles = naive.profiles()
    assert len(profiles) == 708
    for profile in profiles:
        given = {fact: value for fact, value in profile.items() if value}
        asked = [
            each.fact
            for page in ("service", "not_capable")
            for each in load_questionnaire().asked(rules.facts, given, page)
        ]
        assert sorted(asked) == sorted(set(given) - {"technology_report"}), profile
        assert asked == expected(given, ON_THE_SERVICE_PAGE) + expected(given, ON_THE_NOT_CAPABLE_PAGE), profile


@pytest.mark.slow
def test_with_facts_missing_or_left_over_a_question_is_asked_as_soon_as_what_is_given_calls_for_it(
    rules: Rules,
) -> None:
    for values in product(*(("", *values) for values in VALUES.values())):
        given = {fact: value for fact, value in zip(VALUES, values, strict=True) if value}
        for name, page in (("service", ON_THE_SERVICE_PAGE), ("not_capable", ON_THE_NOT_CAPABLE_PAGE)):
            assert [each.fact for each in load_questionnaire().asked(rules.facts, given, name)] == expected(
                given, page
            ), given


@pytest.mark.slow
def test_on_screen_a_question_appears_and_goes_as_the_answers_call_for_it() -> None:
    walk = Walk()
    walk.press("Start")
    given: dict[str, str] = {}
    assert walk.asked("fact") == expected(given, ON_THE_SERVICE_PAGE)
    deciding = ("category", "hosting", "tier", "communication", "capable")
    for values in product(*(VALUES[fact] for fact in deciding)):
        for fact, value in zip(deciding, values, strict=True):
            if walk.is_asked(f"fact.{fact}") and given.get(fact) != value:
                walk.give(f"fact.{fact}", value)
                given[fact] = value
                assert walk.asked("fact") == expected(given, ON_THE_SERVICE_PAGE), given
                assert {each: walk.value(f"fact.{each}") for each in walk.asked("fact")} == {
                    each: given.get(each) for each in walk.asked("fact")
                }


def steps_of_every_profile() -> None:
    """A script that notes, for every kind of service, the steps of the wizard."""
    import naive
    import streamlit as st

    from questionnaire.session import state, steps
    from scoring.score.assessment import Assessment

    found = []
    for profile in naive.profiles():
        given = {fact: value for fact, value in profile.items() if value and fact != "technology_report"}
        complete = profile["technology_report"] == "complete"
        technologies = (
            {"client_side_hashing": "Too slow.", "secure_enclaves": "Not to be had."}
            if complete
            else {"safer": "Too dear."}
        )
        state.replace(
            Assessment(
                rulebook="v",
                service_name="",
                saved_at="2026-01-01T00:00:00+00:00",
                profile=given,
                technologies=technologies,
            )
        )
        found.append([each.address for each in steps.steps()])
    st.session_state["found"] = found


def test_the_steps_of_each_of_the_708_kinds_of_service_are_the_measures_that_either_text_asks_of_it() -> None:
    app = AppTest.from_function(steps_of_every_profile, default_timeout=60).run()
    assert not app.exception
    for profile, found in zip(naive.profiles(), app.session_state["found"], strict=True):
        asked = [
            measure.lower()
            for measure in naive.MEASURES[profile["category"]]
            if naive.owed(measure, profile, ()) or naive.owed(measure, profile, naive.RECOMMENDATIONS)
        ]
        gate = ["not-capable"] if profile["capable"] == "no" else []
        assert found == ["your-service", *gate, *asked, "check", "scorecard"], profile
