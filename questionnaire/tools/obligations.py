"""Obligations: what is owed by one kind of service, under any of the recommendations, and by every kind of service at once."""

from collections.abc import Iterable
from functools import lru_cache

import streamlit as st

from questionnaire.session import state
from questionnaire.session.steps import OBLIGATIONS
from questionnaire.shown import adoption, figures, frame
from questionnaire.shown import trace as trace_part
from questionnaire.tools import address, map
from scoring.documents import words
from scoring.kinds.obligations import Obligations, obligations
from scoring.rules.amend import adopting
from scoring.rules.model import Rules
from scoring.rules.profile import asked, live
from scoring.score.trace import trace
from scoring.score.verdict import Verdict, measure_change, verdicts

TITLE = "Who is bound, and who slips through"


def show() -> None:
    """Draw the page."""
    frame.begin(OBLIGATIONS, TITLE, wide=True)
    rules = state.rules()
    st.markdown(
        "Choose which of IJM's recommendations are adopted, and look at one kind of service or at every kind at once: what is owed as drafted, and as amended. "
        "No provider's answers are involved. Neither text is the law. The page's address carries what you choose, so that a link shows a colleague the same thing."
    )
    for notice in address.read(rules):
        st.warning(notice)
    address.view_select()
    adoption.switches(rules, OBLIGATIONS, expanded=True)
    if address.view() == address.MAP:
        map.draw(rules, whole(tuple(sorted(address.adopted()))))
    else:
        _one(rules)
    address.write(rules)
    frame.end(OBLIGATIONS, TITLE)


@lru_cache(maxsize=32)
def whole(adopted: tuple[str, ...]) -> Obligations:
    """What every kind of service owes with these recommendations adopted. Rules only, so all sessions may share it."""
    rules = state.rules()
    return obligations(rules, adopting(rules, adopted))


def _one(rules: Rules) -> None:
    st.header("The service", anchor=False)
    facts = asked(rules.facts, address.given())
    for start in range(0, len(facts), 3):  # a row at a time, so that a narrow screen and the Tab key keep the order
        for column, fact in zip(st.columns(3), facts[start : start + 3], strict=False):
            with column:
                address.fact_select(fact, rules)
    profile = live(rules.facts, address.given())
    code = rules.code_of(profile)
    assert code is not None  # every fact that is asked has a value here
    _result(profile, code.title)


def _result(facts: dict[str, str], code: str) -> None:
    rules = state.rules()
    regimes = adopting(rules, address.adopted())
    before = {each.measure.id: each for each in verdicts(regimes.drafted, facts, rules)}
    after = {each.measure.id: each for each in verdicts(regimes.amended, facts, rules)}
    st.header("What is owed", anchor=False)
    st.markdown(
        f"**As drafted: {_count(before.values())} With the recommendations adopted: {_count(after.values())}** ({code})"
    )
    measures = [found.measure for found in after.values()]
    figures.table(
        {
            "Measure": [f"{measure.title} ({measure.id})" for measure in measures],
            "As drafted": [_standing(before.get(measure.id)) for measure in measures],
            "With the recommendations adopted": [_standing(after[measure.id]) for measure in measures],
            "Difference": [
                words.CHANGE[measure_change(before.get(measure.id), after[measure.id])] for measure in measures
            ],
        },
        about="What this kind of service owes, measure by measure",
    )
    for found in trace(rules, facts, regimes):
        with st.expander(f"Why: {found.measure.title}"):
            trace_part.draw(found, rules, facts)


def _standing(found: Verdict | None) -> str:
    if found is None:
        return "– Not in this text"
    owed = f" ({len(found.owed)} {'requirement' if len(found.owed) == 1 else 'requirements'})" if found.owed else ""
    return words.STANDING[found.standing] + owed


def _count(found: Iterable[Verdict]) -> str:
    applying = [each for each in found if each.standing == "applies"]
    owed = sum(len(each.owed) for each in applying)
    if not applying:
        return "no obligations apply."
    return f"{len(applying)} {'measure applies' if len(applying) == 1 else 'measures apply'}, {owed} {'requirement is' if owed == 1 else 'requirements are'} owed."
