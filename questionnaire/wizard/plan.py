"""The plan, behind the scorecard: the points today and when it is done, what is overdue, and each gap with who closes it by when."""

from functools import partial

import streamlit as st

from questionnaire.page_parts import adoption, exchange, figures, frame
from questionnaire.page_parts.choices import choice
from questionnaire.session import results, state
from questionnaire.session.steps import PLAN, SCORECARD
from questionnaire.wizard import show_how, widgets
from scoring.documents import charts, words
from scoring.documents.html_table import html
from scoring.documents.to_do import to_do_csv
from scoring.files.messages import isolated
from scoring.follow_up.calendar_file import calendar, due_dates
from scoring.follow_up.plan import Outlook, PlanLine
from scoring.score.assessment import ANSWER, STATUS, day_in_words

FOLD = "Who does what, by when"
"""What the fold of a gap is called, planned or not: with another name it would be another fold, and close under the hand."""
UNANSWERED = "Planned, and not answered yet"
ABOUT = {
    words.IN_ANY_CASE: "Owed as drafted and as amended. Gaps that one control closes have one number.",
    words.ONLY_AMENDED: "Not owed as drafted.",
    UNANSWERED: "What is unanswered is no gap, and counts as neither met nor missing until it is answered.",
}
"""What is said of each part of the list."""


@frame.page(PLAN, "Plan")
def show() -> None:
    """Draw the page."""
    if results.facts() is None:
        frame.nothing_yet(
            "There is nothing to plan yet. First tell us about your service: a few facts decide what it owes."
        )
        return
    plan = results.outlook(adoption.card(SCORECARD))
    name = isolated(state.assessment().service_name) or "A service without a name"
    st.text(f"{name}, today, {day_in_words(plan.today.day)}.")
    for part in (_answer, _overdue, _course, _downloads, _lines):
        with st.container():  # always there, so that what comes or goes in it moves nothing below from under the hand
            part(plan)
    st.button("Back to the scorecard", key=f"back.{PLAN}", on_click=state.head_for, args=(SCORECARD,))


def _answer(plan: Outlook) -> None:
    """The points today, and when all of it is done, or what is due by a day."""
    if not plan.lines:
        open_ = plan.today.drafted.unanswered or plan.today.amended.unanswered
        st.info("There is no gap to plan for. " + ("What is unanswered may still be one." if open_ else ""))
        return
    st.markdown(f"Today: **{plan.said(plan.today)}**.")
    if not any(line.plan.grade for line in plan.lines):
        st.markdown(
            f"No plan changes that yet. Open “{FOLD}” at a gap below and say what will be done, by whom, by when, and which answer there will be then."
        )
        return
    stages = {stage.day: stage for stage in (plan.all_done, *plan.course[1:])}
    day = ""
    if len(stages) > 1:
        names = {day: f"Only what is due by {day_in_words(day)}" if day else "All that is planned" for day in stages}
        day = choice(st.selectbox, "What counts as done", names, state.key("plan.by"))
    when = f"When what is due by {day_in_words(day)} is done" if day else "When all that is planned is done"
    st.markdown(f"{when}: **{plan.said(stages[day])}**. {plan.uncounted_sentence}".rstrip())


def _overdue(plan: Outlook) -> None:
    if not plan.overdue:
        return
    st.warning(plan.overdue_sentence)
    for line in plan.overdue:
        with widgets.changeable(line.requirement.id, line.requirement.title, _open, line):
            st.text(f"{line.requirement.title}. {_in_words(line)}")


def _open(line: PlanLine) -> None:
    """Lead to the plan of a line, unfolded."""
    state.lead_to(_heading(line))
    state.show_in(_fold_key(line), True)


def _heading(line: PlanLine) -> str:
    return f"{line.rank}. {line.requirement.title}" if line.rank else line.requirement.title


def _fold_key(line: PlanLine) -> str:
    return f"plan.{line.requirement.id}"


def _course(plan: Outlook) -> None:
    """The points over time, as a picture and as a table."""
    if len(plan.stages) == 1:
        return
    st.header("Points over time", anchor=False)
    st.html(charts.course_picture(plan))
    st.html(html(charts.course_table(plan)))


def _downloads(plan: Outlook) -> None:
    if not plan.lines:
        return
    now = state.assessment()
    table, days = (frame.file_name(now.service_name, ending) for ending in ("what-to-do.csv", "plan.ics"))
    with st.container(horizontal=True, gap="xsmall"):
        exchange.download("What to do (CSV)", to_do_csv(plan), table, "plan", primary=True)
        if due_dates(plan):
            exchange.download("Due dates (calendar file)", partial(calendar, plan, now, state.now()), days, "ics")


def _lines(plan: Outlook) -> None:
    """Each gap with its plan, in the order of the scorecard; behind them what is planned though it is unanswered."""
    sections: dict[str, list[PlanLine]] = {}
    for line in plan.lines:
        title = words.in_which_case(line.in_any_case) if line.gap else UNANSWERED
        sections.setdefault(title, []).append(line)
    for title, lines in sections.items():
        st.header(title, anchor=False)
        st.markdown(ABOUT[title])
        for line in lines:
            _line(line)


def _line(line: PlanLine) -> None:
    missing = f"{words.count(line.gap.points_missing, 'point')} missing. " if line.gap else ""
    with st.container(gap="xsmall"):
        st.subheader(_heading(line), anchor=False)
        st.markdown(figures.whole_ids(f"{missing}Part of “{line.measure.title}” ({line.requirement.id})."))
        with st.container(gap="xsmall"):
            st.text(_in_words(line))
            for sentence in line.said:
                st.markdown(sentence)
        fold = st.expander(FOLD, key=_fold_key(line), type="compact", on_change="rerun")
        if fold.open:
            with fold:
                show_how.plan_fields(line.requirement)


def _in_words(line: PlanLine) -> str:
    """What is planned, as one text; what the user typed in it is isolated from the rest."""
    plan = line.plan
    if not line.planned:
        return "Nothing is planned yet."
    said = [plan.action.strip(), plan.owner.strip(), f"due {day_in_words(plan.due)}" if plan.due else ""]
    said += [STATUS.get(plan.status, "").lower(), f"then “{ANSWER[plan.grade]}”" if plan.grade else ""]
    return "; ".join(isolated(text) for text in said if text)
