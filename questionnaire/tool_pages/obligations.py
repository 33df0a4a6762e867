"""Obligations: what is owed by every kind of service, typical ones first, or by one kind, with any of the recommendations adopted."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from questionnaire.page_parts import adoption, figures, frame
from questionnaire.page_parts import trace as trace_part
from questionnaire.session import state
from questionnaire.session.steps import OBLIGATIONS
from questionnaire.tool_pages import address, map
from scoring.documents import obligations_tables, words
from scoring.kinds.typical import Standing, standings
from scoring.rules.amend import adopting
from scoring.rules.model import Rules
from scoring.rules.profile import asked, live
from scoring.score.trace import trace
from scoring.score.verdict import Verdict, measure_change, verdicts

_SHOWN = f"{OBLIGATIONS}_shown"


@frame.page(OBLIGATIONS, "Who is bound, and who slips through", wide=True)
def show() -> None:
    """Draw the page: the answer in a sentence, and below it the switches beside the result, so that a switch is seen to act."""
    rules = state.rules()
    for notice in address.read(rules):
        st.warning(notice)
    now = tuple(sorted(adoption.adopted(OBLIGATIONS)))
    before = _before(now)
    view = address.said().view
    answer = st.container()
    switches, result = st.columns([1, 3.3])
    with switches:
        st.markdown(f"**Recommendations: {len(now)} of {len(rules.recommendations)}**")
        adoption.draw(rules, OBLIGATIONS, wide=False)
        address.view_select()
        if view == address.MAP:
            address.only_select(rules)
    with result:
        if view == address.MAP:
            map.answer(rules, now, before, answer)
        else:
            _one(rules, now, before, answer)
    if view == address.MAP:
        map.draw(rules, now)
    frame.not_law()
    st.markdown(
        "No provider's answers are involved. The page's address carries what you choose, so that a link shows a colleague the same thing."
    )
    address.write(rules)


def _before(now: tuple[str, ...]) -> tuple[str, ...]:
    """The recommendations that were adopted before the last switch; those of now where there was none."""
    before, last = state.recall(_SHOWN) or (now, now)
    if last != now:
        before = last
    state.keep(_SHOWN, (before, now))
    return before


def _one(rules: Rules, now: tuple[str, ...], before: tuple[str, ...], answer: DeltaGenerator) -> None:
    """What one kind of service owes. now and before: the recommendations adopted; answer: where it is said in a sentence."""
    facts = asked(rules.facts, address.said().chosen)
    for start in range(0, len(facts), 3):  # a row at a time, so that a narrow screen and the Tab key keep the order
        for column, fact in zip(st.columns(3), facts[start : start + 3], strict=False):
            with column:
                address.fact_select(fact, rules)
    profile = live(rules.facts, address.said().chosen)
    code = rules.code_of(profile)
    assert code is not None  # every fact that is asked has a value here
    regimes = adopting(rules, now)
    sides = [
        {verdict.measure.id: verdict for verdict in verdicts(text, profile, rules)}
        for text in (regimes.drafted, regimes.amended)
    ]
    several = standings(rules, profile, regimes)
    earlier = standings(rules, profile, adopting(rules, before))
    amended = words.amended(len(now), len(rules.recommendations))
    answer.markdown(f"**As drafted: {_count(several, 0)} {amended}: {_count(several, 1)}** ({code.title})")
    figures.table(
        {
            "Measure": [f"{standing.measure.title} ({standing.measure.id})" for standing in several],
            "As drafted": [_standing(sides[0].get(standing.measure.id)) for standing in several],
            amended: [
                _standing(sides[1].get(standing.measure.id)) + (" **(changed)**" if standing.differs(was) else "")
                for standing, was in zip(several, earlier, strict=True)
            ],
            "Difference": [
                _difference(standing, now, *(side.get(standing.measure.id) for side in sides)) for standing in several
            ],
        },
        about="What this kind of service owes, measure by measure",
    )
    for traced in trace(rules, profile, regimes):
        with st.expander(f"Why: {traced.measure.title}"):
            trace_part.draw(traced, rules, profile)


def _difference(standing: Standing, now: tuple[str, ...], drafted: Verdict | None, amended: Verdict | None) -> str:
    """Why the measure differs, and which of the adopted recommendations make it."""
    change = measure_change(drafted, amended)
    sets = [
        some
        for some in (standing.by or [(known,) for known in standing.more])
        if {known.id for known in some} <= {*now}
    ]
    return words.CHANGE[change] + (f": {obligations_tables.either(sets)}" if sets and change != "unchanged" else "")


def _standing(verdict: Verdict | None) -> str:
    if verdict is None:
        return words.STANDING["not_applicable"]
    owed = f" ({words.count(len(verdict.owed), 'requirement')})" if verdict.owed else ""
    return words.STANDING[verdict.standing] + owed


def _count(several: tuple[Standing, ...], side: int) -> str:
    owed = [standing.requirements[side] for standing in several if standing.requirements[side]]
    if not owed:
        return "nothing is owed."
    return f"{words.count(len(owed), 'measure')}, {words.count(sum(owed), 'requirement')} owed."
