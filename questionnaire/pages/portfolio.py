"""Portfolio: a file of many services, scored; who is bound, who meets what is owed, and each service's own scorecard."""

from datetime import datetime, timezone
from functools import partial

import streamlit as st

from questionnaire import frame, state
from questionnaire.parts import card as card_part
from questionnaire.parts import industry
from questionnaire.steps import PORTFOLIO
from scoring.engine import amendments_named
from scoring.model import Recommendation, Rules
from scoring.portfolio import Portfolio, portfolio
from scoring.portfolio_csv import portfolio_csv, rejected_csv
from scoring.portfolio_file import PortfolioError, Problem
from scoring.portfolio_service import assessment_of, example_csv, template_csv
from scoring.scorecard import csv_bytes, scorecard

TITLE = "Portfolio: many services at once"
_FOUND = "portfolio_found"
_PROBLEMS_SHOWN = 200
"""Bad cells that the page lists; all are counted, and the file of rejected rows has them all."""


def show() -> None:
    """Draw the page."""
    frame.begin(PORTFOLIO, TITLE, wide=True)
    rules = state.rules()
    st.markdown(
        "Upload a CSV with one row a service: its facts, and a grade for each requirement. You see how many services are bound and how many meet what they owe, under both texts. "
        "The file stays in this session's memory: it is not stored, and no other user sees it."
    )
    _to_start_from(rules)
    chosen = st.multiselect(
        "Recommendations adopted in the amended text", [each.id for each in rules.recommendations], default=[each.id for each in rules.recommendations],
        format_func=lambda each: f"{rules.recommendation(each).title} ({each})", key="portfolio.adopted",
    )
    adopted = amendments_named(rules, chosen)
    given = st.file_uploader("A file of services (CSV)", type=["csv"], key="portfolio.upload")
    if given is None:
        state.keep(_FOUND, None)
        st.info("Upload a file to see the result here. To try it, download the example below the heading and upload it.")
    else:
        found = _scored(rules, given, adopted)
        if found is not None:
            _result(rules, given, found, adopted)
    frame.end(PORTFOLIO, TITLE)


def _to_start_from(rules: Rules) -> None:
    left, right, _ = st.columns([2, 2, 3])
    left.download_button("Download an empty template (CSV)", template_csv(rules), "services-template.csv", "text/csv", on_click="ignore", key="portfolio.template")
    right.download_button("Download an example of twelve services (CSV)", example_csv(), "services-example.csv", "text/csv", on_click="ignore", key="portfolio.example")
    with st.expander("What the columns may hold"):
        st.markdown(
            "- `service`: a name that no other row has.\n"
            + "".join(f"- `{fact.id}` ({fact.title.lower() if fact.title[:2] != 'eS' else fact.title}): {', '.join(f'`{value}`' for value in fact.value_ids())}\n" for fact in rules.facts)
            + "- One column for each requirement, by its id: `met`, `partly`, `not_met`, or empty for unanswered. `not_feasible` only where the text says “where feasible and appropriate”; it needs "
            "a note in the column with `.note` behind the id, or it counts as unanswered.\n\n"
            "A fact that is not asked of a kind of service is ignored, and so are grades for another code. The template has every column."
        )


def _scored(rules: Rules, given: object, adopted: tuple[Recommendation, ...]) -> Portfolio | None:
    """The portfolio of the uploaded file, scored once for as long as file and recommendations stay the same."""
    key = (given.file_id, tuple(each.id for each in adopted))
    kept = state.recall(_FOUND)
    if not kept or kept[0] != key:
        bar = st.progress(0.0, text="Reading and scoring")
        try:
            found: Portfolio | str = portfolio(rules, given, adopted, lambda done, whole: bar.progress(min(1.0, done / max(whole, 1)), text="Reading and scoring"))
        except PortfolioError as error:
            found = str(error)
        bar.empty()
        kept = (key, found)
        state.keep(_FOUND, kept)
    if isinstance(kept[1], str):
        st.error("This file cannot be scored. Nothing was done with it.")
        st.text(f"{given.name}: {kept[1]}")
        return None
    found = kept[1]
    return found if not found.problem_count or _go_on(rules, given, found) else None


def _go_on(rules: Rules, given: object, found: Portfolio) -> bool:
    """List what is wrong, all of it in one table, and ask whether to score the rest."""
    st.error(f"{found.problem_count:,} {'cell is' if found.problem_count == 1 else 'cells are'} wrong, in {found.rejected:,} {'row' if found.rejected == 1 else 'rows'}. Nothing is scored until you decide.")
    _problems(found.problems)
    st.download_button("Download the bad rows with the reasons (CSV)", partial(rejected_csv, rules, given), "services-rejected.csv", "text/csv", on_click="ignore", key="portfolio.rejected")
    if not len(found):
        st.markdown("No row is good. Mend the file and upload it again.")
        return False
    return st.checkbox(f"Leave the bad rows out, and score the other {len(found):,}", key=f"portfolio.keep_going.{given.file_id}")


def _problems(problems: tuple[Problem, ...]) -> None:
    shown = problems[:_PROBLEMS_SHOWN]
    st.dataframe(
        {"Row under the header": [each.row for each in shown], "Column": [each.column for each in shown], "Value": [each.value for each in shown], "Allowed": [each.allowed for each in shown]},
        hide_index=True, alt="What is wrong in the file", key="portfolio.problems",
    )
    if len(shown) < len(problems):
        st.markdown(f"The first {len(shown)} are shown.")


def _result(rules: Rules, given: object, found: Portfolio, adopted: tuple[Recommendation, ...]) -> None:
    industry.draw(rules, found)
    st.header("Downloads", anchor=False)
    out = bool(found.problem_count)
    st.download_button("Download the scores by service (CSV)", partial(portfolio_csv, rules, given, adopted, False, out), "portfolio-by-service.csv", "text/csv", on_click="ignore", key="portfolio.services", type="primary")
    st.download_button("Download the scores by measure (CSV)", partial(portfolio_csv, rules, given, adopted, True, out), "portfolio-by-measure.csv", "text/csv", on_click="ignore", key="portfolio.measures")
    _one(rules, given, found, adopted)


def _one(rules: Rules, given: object, found: Portfolio, adopted: tuple[Recommendation, ...]) -> None:
    st.header("One service's scorecard", anchor=False)
    name = st.text_input("The name of a service, as it stands in the file", key="portfolio.name")
    if not name.strip():
        st.markdown("Type a name, such as one from the ranking above.")
        return
    place = found.find(name)
    if place is None:
        st.warning("No scored service in the file has this name. Names are compared letter by letter, capitals included.")
        return
    assessment = assessment_of(rules, given, found, place, datetime.now(timezone.utc).replace(microsecond=0).isoformat())
    card = scorecard(rules, assessment, adopted)
    st.text(assessment.service_name)
    card_part.summary(card)
    card_part.chart(card)
    card_part.requirements(card, rules)
    st.download_button("Download this scorecard (CSV)", csv_bytes(card), "scorecard.csv", "text/csv", on_click="ignore", key="portfolio.card")
