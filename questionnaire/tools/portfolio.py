"""Portfolio: a file of many services, scored; who is bound, who meets what is owed, and each service's own scorecard."""

from dataclasses import dataclass
from functools import partial
from uuid import uuid4

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from questionnaire.browser import told
from questionnaire.session import state
from questionnaire.session.steps import PORTFOLIO, START, VERIFY
from questionnaire.shown import adoption, frame
from questionnaire.shown import attribution as attribution_part
from questionnaire.shown import card as card_part
from questionnaire.shown import gaps as gaps_part
from questionnaire.streamlit_inside import uploads
from questionnaire.tools import portfolio_files, summary, turns
from scoring.files.messages import isolated, printable
from scoring.files.text_in import JSON
from scoring.portfolio.columns import PortfolioError
from scoring.portfolio.one_service import assessment_of, example_csv
from scoring.portfolio.problems import grouped
from scoring.portfolio.summary import Portfolio, portfolio
from scoring.portfolio.tables import rejected_csv
from scoring.rules.amend import adopting
from scoring.rules.model import Regimes, Rules
from scoring.score.gaps import next_steps
from scoring.score.scorecard import scorecard
from scoring.score.scorecard_file import csv_bytes

TITLE = "Portfolio: many services at once"
ONE = "One service's scorecard"
_GIVEN, _FOUND, _KEEP_GOING, _NAME, _TURN = (
    f"portfolio_{name}" for name in ("given", "found", "keep_going", "name", "turn")
)
_GROUPS_SHOWN = 200
"""Kinds of error that the page lists; the file of rejected rows has every one."""


@dataclass(frozen=True)
class Given:
    """A file of services, kept for as long as the session lasts. `data` is the upload's own bytes, not another copy of them."""

    name: str
    data: bytes
    mark: str


_TAKEN_BY = {JSON: (START, "Start: open saved answers"), "drafted_because": (VERIFY, "Verify a scorecard")}
"""Where a file goes that another page takes, by what tells it."""


@dataclass(frozen=True)
class Refused:
    """Why a file cannot be scored, and what tells that another page takes it, as in TableError."""

    why: str
    elsewhere: str


def show() -> None:
    """Draw the page."""
    frame.begin(PORTFOLIO, TITLE, wide=True)
    rules = state.rules()
    st.markdown(
        "Upload a file (CSV or Excel) with one row a service: its facts, and a grade for each requirement. You see how many services are bound and how many meet what they owe, under both texts. "
        "The file stays in this session's memory until you take it away, upload another, or reload or close the page: it is not "
        "stored, and no other user sees it."
    )
    _to_start_from(rules)
    adoption.switches(rules, PORTFOLIO, expanded=False)
    regimes = adopting(rules, adoption.adopted(PORTFOLIO))
    key = f"portfolio.upload.{state.recall(_TURN, 0)}"
    box = st.container()
    told.tie(key)
    uploaded = box.file_uploader("A file of services (CSV or Excel)", key=key, on_change=_take, args=(key,))
    uploads.say_refused()
    given: Given | None = state.recall(_GIVEN)
    if given is None:
        st.info(
            "Upload a file to see the result here, or press “Show the example” to see one for twelve made-up services."
        )
    else:
        if uploaded is None:
            left = st.container(horizontal=True, vertical_alignment="center")
            left.text(f"The file here is {isolated(printable(given.name))}.")
            left.button("Take it away", key="portfolio.forget", on_click=_forget)
        found = _scored(rules, given, regimes, box)
        if found is not None:
            _result(rules, given, found, regimes)
    frame.end(PORTFOLIO, TITLE)


def _to_start_from(rules: Rules) -> None:
    with st.container(horizontal=True):
        st.button("Show the example", key="portfolio.show_example", on_click=_show_example)
        portfolio_files.to_start_from(rules)
    st.markdown("The example has twelve made-up services. The template is empty, with every column.")
    with st.expander("What the columns may hold"):
        st.markdown(
            "- `service`: a name that no other row has.\n"
            + "".join(
                f"- `{fact.id}` ({fact.title.lower() if fact.title[:2] != 'eS' else fact.title}): {', '.join(f'`{value}`' for value in fact.value_ids())}\n"
                for fact in rules.facts
            )
            + "- One column for each requirement, by its id: `met`, `partly`, `not_met`, or empty for unanswered. `not_feasible` only where the text says “where feasible and appropriate”; it needs "
            "a note in the column with `.note` behind the id, or it counts as unanswered.\n\n"
            "A fact that is not asked of a kind of service is ignored, and so are grades for another code."
        )


def _take(key: str) -> None:
    """A file was uploaded, or taken away again."""
    uploaded = state.widget_value(key)
    _put(None if uploaded is None else Given(uploaded.name, uploaded.getvalue(), uploaded.file_id))


def _show_example() -> None:
    _forget()
    _put(Given("services-example.csv", example_csv(), uuid4().hex))


def _forget() -> None:
    _put(None)
    state.keep(_TURN, state.recall(_TURN, 0) + 1)  # the uploader is to be empty


def _put(given: Given | None) -> None:
    if given is None:
        uploads.take_away()
    else:
        uploads.work_on(given.mark)
    for name, value in ((_GIVEN, given), (_FOUND, None), (_KEEP_GOING, None)):
        state.keep(name, value)
    _choose("")


def _scored(rules: Rules, given: Given, regimes: Regimes, box: DeltaGenerator) -> Portfolio | None:
    """The portfolio of the file, scored once for as long as file and recommendations stay the same. box: where the file was given, and where it is refused."""
    key = (given.mark, tuple(each.id for each in regimes.adopted))
    kept = state.recall(_FOUND)
    if not kept or kept[0] != key:
        bar = st.progress(0.0, text="Reading and scoring")

        def progress(done: int, whole: int) -> None:
            bar.progress(min(1.0, done / max(whole, 1)), text="Reading and scoring")

        try:
            with turns.turn(len(given.data), lambda before: bar.progress(0.0, text=_waiting(before))):
                scored: Portfolio | Refused = portfolio(rules, given.data, regimes, progress)
        except PortfolioError as error:
            scored = Refused(str(error), error.elsewhere)
        bar.empty()
        kept = (key, scored)
        state.keep(_FOUND, kept)
    if isinstance(kept[1], Refused):
        box.error("This file cannot be scored. Nothing was done with it.")
        box.text(f"{isolated(printable(given.name))}: {kept[1].why}")
        if kept[1].elsewhere in _TAKEN_BY:
            address, label = _TAKEN_BY[kept[1].elsewhere]
            box.page_link(frame.page_at(address), label=label, icon=":material/arrow_forward:")
        return None
    found: Portfolio = kept[1]
    return found if not found.problem_count or _go_on(rules, given, found) else None


def _waiting(before: int) -> str:
    return f"Waiting: large files take turns, and {before:,} {'goes' if before == 1 else 'go'} before this one"


def _go_on(rules: Rules, given: Given, found: Portfolio) -> bool:
    """List what is wrong, all of it, and ask whether to score the rest."""
    st.error(
        f"{found.problem_count:,} {'cell is' if found.problem_count == 1 else 'cells are'} wrong, in {found.rejected:,} {'row' if found.rejected == 1 else 'rows'}. Nothing is scored until you decide."
    )
    _problems(rules, found)
    st.download_button(
        "Download the bad rows with the reasons (CSV)",
        partial(portfolio_files.made, rejected_csv, rules, given.data),
        "services-rejected.csv",
        "text/csv",
        on_click="ignore",
        key="portfolio.rejected",
    )
    if not len(found):
        st.markdown("No row is good. Mend the file and upload it again.")
        return False
    key = f"portfolio.keep_going.{given.mark}"
    return st.checkbox(
        f"Leave the bad rows out, and score the other {len(found):,}",
        value=state.recall(_KEEP_GOING) == given.mark,
        key=key,
        on_change=lambda: state.keep(_KEEP_GOING, given.mark if state.widget_value(key) else None),
    )


def _problems(rules: Rules, found: Portfolio) -> None:
    told = grouped(rules, found.columns, found.problems, found.problem_columns)
    for each in told.missing:
        st.markdown(f"**{each.sentence}**")
    shown = told.groups[:_GROUPS_SHOWN]
    if shown:
        st.dataframe(
            {
                "Column": [each.column for each in shown],
                "Value": [each.value for each in shown],
                "Cells": [each.count for each in shown],
                "First rows": [each.places for each in shown],
                "Allowed": [each.allowed for each in shown],
            },
            hide_index=True,
            alt="What is wrong in the file",
            key="portfolio.problems",
        )
        st.markdown("Rows are counted under the header; in brackets as a spreadsheet counts them.")
    if len(shown) < len(told.groups):
        st.markdown(f"The first {len(shown):,} of {len(told.groups):,} are shown; the download has all.")
    if told.kept < found.problem_count:
        st.markdown(f"The table is made from the first {told.kept:,} of {found.problem_count:,} wrong cells.")


def _result(rules: Rules, given: Given, found: Portfolio, regimes: Regimes) -> None:
    st.header("The result", anchor=False)
    summary.headline(rules, found)
    if found.problem_count:
        st.markdown(f"{found.rejected:,} bad {'row was' if found.rejected == 1 else 'rows were'} left out.")
    portfolio_files.downloads(rules, given.data, found, regimes)
    summary.draw(rules, found, _open)
    _one(rules, given, found, regimes)


def _open(name: str) -> None:
    """Show a service that was selected, and lead to it."""
    _choose(name)
    state.lead_to(ONE)


def _choose(name: str) -> None:
    state.keep(_NAME, (name, uuid4().hex))


def _one(rules: Rules, given: Given, found: Portfolio, regimes: Regimes) -> None:
    st.header(ONE, anchor=False)
    name, turn = state.recall(_NAME)
    key = f"portfolio.name.{turn}"
    place = found.find(name) if name.strip() else None
    told.tie(key, wrong=bool(name.strip()) and place is None)
    with st.container():
        st.text_input(
            "The name of a service, as it stands in the file",
            value=name,
            key=key,
            on_change=lambda: state.keep(_NAME, (state.widget_value(key), turn)),
        )
        if not name.strip():
            st.markdown("Type a name, or select a row of the ranking above.")
            return
        if place is None:
            _suggest(found, name)
            return
    assessment = assessment_of(rules, given.data, found, place, state.now())
    card = scorecard(rules, assessment, regimes)
    st.text(isolated(assessment.service_name))
    if len(regimes.adopted) < len(rules.recommendations):
        st.markdown(f"The amended text here: {summary.named(rules, found, 'amended')}.")
    card_part.summary(card)
    st.download_button(
        "Download this scorecard (CSV)",
        csv_bytes(card),
        f"{summary.in_a_file_name(assessment.service_name)}-scorecard.csv",
        "text/csv",
        on_click="ignore",
        key="portfolio.card",
    )
    card_part.chart(card)
    attribution_part.draw(card, rules)
    gaps_part.draw(next_steps(rules, card))
    card_part.requirements(card, rules)


def _suggest(found: Portfolio, name: str) -> None:
    """No service has exactly this name: say so, and offer those that come near."""
    st.warning("No scored service in the file has exactly this name. Capitals count.")
    near = found.like(name)
    if near:
        key = f"portfolio.near.{name}"
        st.selectbox(
            "Names that come near",
            near,
            index=None,
            key=key,
            placeholder="Choose one",
            on_change=lambda: _choose(state.widget_value(key)),
        )
