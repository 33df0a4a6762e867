"""The files of the Portfolio page: those that come in, uploaded or pasted, whose headings may have to be matched; and those that it gives, each made when it is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from uuid import uuid4

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from questionnaire.page_parts import exchange, frame
from questionnaire.page_parts.choices import choice
from questionnaire.session import state
from questionnaire.streamlit_inside import uploads
from questionnaire.tool_pages import turns
from scoring.files.messages import isolated, printable
from scoring.portfolio.coverage import Coverage
from scoring.portfolio.headings import Heading, column_names
from scoring.portfolio.one_service import example_csv, template_csv
from scoring.portfolio.tables import file_name, portfolio_csv, rejected_csv
from scoring.rules.model import Regimes, Rules
from scoring.workbooks.portfolio_workbook import MOST_SERVICES, portfolio_as_workbook, services_workbook

TITLE = "Portfolio: many services at once"
SCORED, KEEP_GOING, NAME, LOOKED_AT = "portfolio_found", "portfolio_keep_going", "portfolio_name", "portfolio_one"
"""What the session keeps of the open file: its scores, whether bad rows are left out, and the service that is looked at, by name and as an assessment."""
_GIVEN, _TURN, _SINCE = "portfolio_given", "portfolio_turn", "portfolio_since"
_OPEN, _YES = "file", "open"
"""What the page's address says while a file is open, and nothing else of the file: so that a reload can say that it is gone."""


@dataclass(frozen=True)
class Given:
    """A file of services, kept for as long as the session lasts. `data` is the upload's own bytes, not another copy of them.

    chosen: what was chosen of single headings; matched: the columns that all of them stand for, where somebody has said so.
    """

    name: str
    data: bytes
    mark: str
    chosen: Mapping[str, str] = field(default_factory=dict)
    matched: Mapping[str, str] | None = None


# ------------------------------------------------------------------------------------------------- what comes in
def given() -> Given | None:
    """The file that is open, if one is; the address then says that one is."""
    file: Given | None = state.recall(_GIVEN)
    if file and st.query_params.get(_OPEN) != _YES:
        st.query_params[_OPEN] = _YES
    return file


def is_gone() -> bool:
    """Whether the address says that a file was open, and this session never had one: the page was reloaded, or somebody followed its address."""
    return st.query_params.get(_OPEN) == _YES and not state.recall(_SINCE)


def take_in(rules: Rules) -> DeltaGenerator:
    """Ask for a file or for pasted rows, and give files to start from.

    Gives the place beside the uploader, for what is wrong with its file.
    """
    turn = state.recall(_TURN, 0)
    key, pasted = f"portfolio.upload.{turn}", f"portfolio.pasted.{turn}"
    box, _ = exchange.upload("A file of services (CSV or Excel)", key, on_change=_upload, args=(key,))
    with st.expander("Or paste rows from a spreadsheet", key="portfolio.paste"):
        st.text_area("Rows copied from a spreadsheet, the row of headings first", key=pasted, height=160)
        st.button("Score these rows", key="portfolio.score_pasted", on_click=_paste, args=(pasted,))
    with st.container(horizontal=True):
        example = example_csv()
        shown = ("services-example.csv", example)
        st.button("Show the example", key="portfolio.show_example", on_click=take_over, args=shown)
        for what, name, data in (
            ("an example", "example", example),
            ("a template", "template", template_csv(rules)),
        ):
            workbook = partial(services_workbook, rules, data)
            exchange.download(f"Download {what} (CSV)", data, f"services-{name}.csv", f"portfolio.{name}")
            exchange.download(f"Download {what} (Excel)", workbook, f"services-{name}.xlsx", f"portfolio.{name}.xlsx")
    st.markdown("The example has twelve made-up services. The template is empty, with every column.")
    with st.expander("What the columns may hold"):
        _columns(rules)
    return box


def _columns(rules: Rules) -> None:
    facts = [
        f"- `{fact.id}` ({fact.title}): {', '.join(f'`{value}`' for value in fact.value_ids())}\n"
        for fact in rules.facts
    ]
    st.markdown(
        f"- `service`: a name that no other row has.\n{''.join(facts)}"
        "- One column for each requirement, by its id: `met`, `partly`, `not_met`, or empty for unanswered. `not_feasible` only where the text says “where feasible and appropriate”; it needs "
        "a note in the column with `.note` behind the id, or it counts as unanswered.\n\n"
        "The words that the wizard shows are taken too: “Risk tier” for `tier`, “End-to-end” for `end_to_end`. A fact that is not asked of a kind of service is ignored, and so are grades for another code. "
        "Without any grades, you still see who is bound."
    )


def _upload(key: str) -> None:
    """A file was uploaded, or taken away again."""
    uploaded = state.widget_value(key)
    _put(None if uploaded is None else Given(uploaded.name, uploaded.getvalue(), uploaded.file_id))


def _paste(key: str) -> None:
    rows = str(state.widget_value(key))
    if not rows.strip():
        state.say("warning", "Nothing was pasted. Copy the rows in your spreadsheet, the row of headings with them.")
        return
    take_over("pasted rows", rows.encode("utf-8", "replace"))


def take_over(name: str, services: bytes) -> None:
    """Open a file of services that was not uploaded here, in the place of the one that is open."""
    close()
    _put(Given(name, services, uuid4().hex))


def close() -> None:
    """Take away the file that is open, and empty what asks for one."""
    _put(None)
    state.keep(_TURN, state.recall(_TURN, 0) + 1)


def _put(file: Given | None) -> None:
    if file is None:
        uploads.take_away()
        st.query_params.pop(_OPEN, None)
    else:
        uploads.work_on(file.mark)
    state.keep(_SINCE, True)
    _begin_anew(file)


def _begin_anew(file: Given | None) -> None:
    """Another file is open, or none, or its columns are others: what was known of the last one is gone, and what comes next stands at the top."""
    state.keep(_GIVEN, file)
    for name in (SCORED, KEEP_GOING, LOOKED_AT):
        state.keep(name, None)
    look_at("")
    state.lead_to(TITLE)


def look_at(name: str) -> None:
    """Look at the service of this name from now on; at none where it is empty."""
    state.keep(NAME, (name, uuid4().hex))


# ------------------------------------------------------------------------------------------- matching of headings
def match(rules: Rules, file: Given, headings: tuple[Heading, ...], why: str) -> None:
    """Ask which column each heading is, the likely one chosen. why: what stood in the way, for whoever has matched them already."""
    st.header("Match your columns", anchor=False)
    st.markdown(
        "Some headings of this file are not names of our columns. Choose what each of them is; leave out what is none. Nothing is scored until you do. The file stays as it is, and your choices go with it."
    )
    if file.matched is not None:
        st.error("These columns cannot be scored yet.")
        st.text(why)
    names = column_names(rules)
    own, known = ([heading for heading in headings if heading.known is is_known] for is_known in (False, True))
    _selects(file, names, own)
    if known:
        with st.expander(f"Headings that are names of columns already ({len(known)})"):
            _selects(file, names, known)
    st.button("Score with these columns", key="portfolio.match", type="primary", on_click=_match, args=(headings,))


def _selects(file: Given, names: Mapping[str, str], headings: list[Heading]) -> None:
    for place, heading in enumerate(headings):
        if place % 2 == 0:
            sides = st.columns(2)
        column = file.chosen.get(heading.written, heading.column)
        key = f"portfolio.match.{file.mark}.{heading.written}"
        label = frame.escaped(isolated(printable(heading.written[:100])))
        now, taken = column if column in names else heading.column, {"args": (key, heading.written)}
        choice(sides[place % 2].selectbox, label, names, key, now, on_change=_choose, **taken)


def _choose(key: str, heading: str) -> None:
    file = state.recall(_GIVEN)
    state.keep(_GIVEN, replace(file, chosen={**file.chosen, heading: state.widget_value(key)}))


def _match(headings: tuple[Heading, ...]) -> None:
    file = state.recall(_GIVEN)
    _begin_anew(replace(file, matched={**{heading.written: heading.column for heading in headings}, **file.chosen}))


def match_again(file: Given) -> None:
    """Offer a way back to the step where headings were matched."""
    if file.matched is not None:
        back = partial(state.keep, _GIVEN, replace(file, matched=None))
        st.button("Match the columns again", key="portfolio.match_again", on_click=back)


# ---------------------------------------------------------------------------------------------------- what goes out
def downloads(rules: Rules, file: Given, coverage: Coverage) -> None:
    """Who is bound by what as CSV, the scores by service and by measure, and both scores as a workbook where it can hold them."""
    portfolio = coverage.portfolio
    regimes, out = portfolio.regimes, bool(portfolio.reading.problems)
    few = len(portfolio) <= MOST_SERVICES
    with st.container(horizontal=True):
        name = file_name(rules, regimes, "coverage")
        label = "Download who is bound, and by what (CSV)"
        exchange.download(label, coverage.csv, name, "portfolio.coverage", primary=True)
        for by_measure, by in ((False, "service"), (True, "measure")):
            make = partial(made, portfolio_csv, rules, file, regimes, by_measure, out)
            name = file_name(rules, regimes, f"by-{by}")
            exchange.download(f"Download the scores by {by} (CSV)", make, name, f"portfolio.{by}s")
        if few:
            make = partial(made, _workbook, rules, file, regimes, out)
            name = file_name(rules, regimes, ending="xlsx")
            exchange.download("Download the scores (Excel)", make, name, "portfolio.xlsx")
    if not few:
        st.markdown(f"A workbook takes up to {MOST_SERVICES:,} services; the CSV takes any number.")


def rejected(rules: Rules, file: Given) -> None:
    """The bad rows with the reasons, as CSV."""
    make = partial(made, rejected_csv, rules, file)
    label = "Download the bad rows with the reasons (CSV)"
    exchange.download(label, make, "services-rejected.csv", "portfolio.rejected")


def made(make: Callable[..., bytes], rules: Rules, file: Given, *how: object) -> bytes:
    """A file that is made of the portfolio, when its turn has come."""
    with turns.turn(len(file.data)):
        return make(rules, file.data, *how, matched=file.matched)


def _workbook(
    rules: Rules, data: bytes, regimes: Regimes, bad_rows_left_out: bool, matched: Mapping[str, str] | None
) -> bytes:
    return portfolio_as_workbook(rules, data, regimes, bad_rows_left_out, matched)[0]
