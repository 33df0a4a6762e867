"""Every page of the wizard opened by itself, and what stands on none of them."""

import re
from collections.abc import Iterator

import pytest
from by_hand import opened
from examples import EXAMPLES, FORUM
from naive import FACTS, MEASURES, REQUIREMENTS
from walk import Walk

from questionnaire import navigation
from scoring.rules.amend import resolve
from scoring.rules.load import RulebookError
from scoring.rules.model import Rules
from scoring.score.assessment import all_requirements

ADDRESSES = (
    "your-service",
    "not-capable",
    *(measure.lower() for measures in MEASURES.values() for measure in measures),
    "check",
    "scorecard",
    "plan",
    "sources",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_opened_by_itself_has_a_title_and_says_what_to_do_next(address: str) -> None:
    walk = Walk.opened_at(address)
    assert len(walk.shown()) > 2
    if address == "sources":
        return
    if walk.messages("info"):
        walk.press("Go to your service")
        assert walk.title == "Your service"
    else:
        assert address in ("your-service", "check")
        assert walk.has_button("Next") or walk.has_button("See the scorecard")
    assert walk.is_asked("fact.category") or address == "check"


def test_check_your_answers_before_anything_is_answered_lists_the_facts_and_leads_to_them() -> None:
    walk = Walk.opened_at("check")
    assert "Service category: a fact that the scorecard needs" in walk.text
    walk.next()
    assert "service category" in " ".join(walk.messages("error"))
    walk.press("Change Service category")
    assert walk.title == "Your service"


def test_a_page_of_a_measure_that_asks_nothing_of_the_service_says_why() -> None:
    walk = opened(FORUM)
    walk.visit("sms-mcm10")
    assert "asks nothing of your service" in " ".join(walk.messages("info"))
    assert "tier 1" in " ".join(walk.messages("info"))
    walk.visit("dis-new")
    assert "another kind of service" in " ".join(walk.messages("info"))
    walk.visit("not-capable")
    assert "Yours does not say so" in " ".join(walk.messages("info"))


def every_page() -> Iterator[tuple[str, Walk]]:
    """Every page as a first-time provider comes upon it: opened by itself, and on the way of each example."""
    yield "start", Walk()
    for address in ADDRESSES:
        yield f"{address}, opened by itself", Walk.opened_at(address)
    for example in EXAMPLES:
        walk = Walk()
        walk.press("Start")
        walk.give_all("fact", example.profile)
        yield f"{example.sample}: {walk.title}", walk
        while walk.title != "Scorecard":
            walk.next()
            walk.give_all("fact", example.profile)
            walk.give_all("grade", example.grades)
            yield f"{example.sample}: {walk.title}", walk
        walk.to_start()
        yield f"{example.sample}: start again", walk


def titles_of_ids(rules: Rules) -> dict[str, str]:
    measures = resolve(rules.drafted, rules.recommendations).measures
    return {
        **{each.id: each.title for each in measures},
        **{each.id: each.title for each in all_requirements(rules)},
        **{each.id: each.title for each in rules.recommendations},
    }


@pytest.mark.slow
def test_no_page_is_blank_shows_an_id_before_its_name_or_a_percentage_before_its_count(rules: Rules) -> None:
    titles = titles_of_ids(rules)
    short = {
        recommendation.id: recommendation.short for recommendation in rules.recommendations if recommendation.short
    }
    plain = {
        *FACTS,
        *(value for values in FACTS.values() for value in values if "_" in value),
        *(each.id for each in rules.technologies if "_" in each.id),
    }
    plain |= {
        "not_met",
        "not_feasible",
        "not_applicable",
        "partly_met",
        "exemption_withdrawn",
        "exemption_narrowed",
        "requirement_added",
        "measure_added",
    }
    plain = {each for each in plain if "_" in each}
    seen = set()
    faults = []
    for page, walk in every_page():
        seen.add(walk.title)
        said = re.sub(r"\(https?://\S+\)", "", walk.text)
        assert len(said) > len(walk.title) + 40, page
        for id, title in titles.items():
            first = re.search(rf"(?<![\w.-]){re.escape(id)}(?![\w-]|\.\w)", said)
            name = min((place for name in (title, short.get(id, title)) if (place := said.find(name)) >= 0), default=-1)
            if first and not 0 <= name < first.start():
                faults.append(
                    f"{page}: {id} stands before “{title}”: ...{said[max(0, first.start() - 60) : first.end() + 30]!r}"
                )
        faults += [
            f"{page}: the bare id {each!r}" for each in sorted(plain) if re.search(rf"(?<![\w-]){each}(?![\w-])", said)
        ]
        percentage, count = re.search(r"\d ?%", said), re.search(r"\d+ of \d+", said.partition(walk.title)[2])
        if percentage and not (count and count.start() < percentage.start()):
            faults.append(f"{page}: a percentage before any count")
    assert not faults, "\n".join(faults)
    assert {
        "Scorecard",
        "Sources",
        "Check your answers",
        "Not capable?",
        "Disrupt and deter first-generation CSAM",
    } <= seen
    assert sorted(titles) == sorted(
        [
            *MEASURES["sms"],
            *MEASURES["res"],
            *MEASURES["dis"],
            *(each for some in REQUIREMENTS.values() for each in some),
            *(each.id for each in rules.recommendations),
        ]
    )


@pytest.mark.parametrize("broken", ["state.rules", "load_questionnaire"])
def test_rules_or_questions_that_cannot_be_used_stop_the_app_with_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def refuse() -> None:
        raise RulebookError("code.toml", "RES-MCM8", "'basis' is 'guessed'")

    monkeypatch.setattr(navigation.state if "." in broken else navigation, broken.rpartition(".")[2], refuse)
    walk = Walk()
    assert walk.title == "The rules cannot be used"
    assert "code.toml: RES-MCM8: 'basis' is 'guessed'" in walk.text
