"""Compare: what moved between rounds of one service, and with what; the answers of this session may be one of the rounds."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from questionnaire.page_parts import adoption, exchange, figures, frame, way
from questionnaire.session import results, state
from questionnaire.session.steps import COMPARE, RETURNS, SCORECARD
from questionnaire.streamlit_inside.places import MEGABYTE
from scoring.documents import charts, words
from scoring.documents.html_table import Cell, Table, html, rows
from scoring.files.messages import isolated, printable
from scoring.follow_up.compare import CAUSES, Change, CompareError, Comparison, Step, compare
from scoring.follow_up.comparison_file import SUMS, TOGETHER, comparison_csv, texts
from scoring.follow_up.rounds import ASSESSMENT, WORKBOOK, Round, round_of
from scoring.follow_up.rounds import SCORECARD as CARD
from scoring.follow_up.shares import Moved
from scoring.returns.round_in import ALLOWED, LARGEST, RoundError, RoundIn, read_round
from scoring.rules.in_words import in_short
from scoring.score.assessment import day_in_words
from scoring.score.attribution import signed
from scoring.workbooks.comparison_workbook import comparison_workbook

HERE = "your answers here"
"""What the answers of this session are called among the rounds."""
_KIND = {ASSESSMENT: "saved answers", WORKBOOK: "a filled questionnaire", CARD: "a scorecard"}
_UPLOAD, _SAME, _HELD = "compare.upload", "compare_same", "compare_held"
_CELLS = 10
"""Refused cells of a questionnaire that are listed; all are counted."""


def hold(rounds: Sequence[RoundIn]) -> None:
    """Compare rounds that another page has read, in the place of those that it handed over before."""
    state.keep(_HELD, tuple(rounds))


@frame.page(COMPARE, "Compare rounds", wide=True, several=True)
def show() -> None:
    """Draw the page."""
    st.markdown(
        "Upload what was saved of one service at other times: saved answers (JSON), filled questionnaires (Excel) and scorecards (CSV or Excel), in any mix. "
        "What moved from one round to the next is divided over changed facts, changed answers and changed rules. Nothing that you upload outlives your visit."
    )
    _draw(_rounds())
    if state.recall(_HELD):
        way.link(RETURNS, "Back to all returns", back=True)
    if results.facts() is not None:
        way.link(SCORECARD, "Back to your scorecard", back=True)
    frame.not_law()


# ----------------------------------------------------------------------------------------------------------- the rounds
def _rounds() -> tuple[Round, ...]:
    """The rounds that were uploaded, and the answers of this session where they are to count. What cannot be read is told, and stops no other."""
    most = LARGEST // MEGABYTE + 1
    box, given = exchange.upload("Rounds of one service", _UPLOAD, accept_multiple_files=True, max_upload_size=most)
    read = state.following(
        "compare.rounds",
        tuple(file.file_id for file in given),
        lambda: [_read(isolated(printable(file.name)), file.getvalue()) for file in given],
    )
    held: tuple[RoundIn, ...] = state.recall(_HELD, ())
    if held:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"From Returns: {words.count(len(held), 'file')}")
            st.button("Remove", key="compare.let_go", on_click=hold, args=((),))
    rounds = []
    for one in (*held, *read):
        if isinstance(one, RoundError):
            allowed = "" if ALLOWED in str(one) else f"Allowed: {ALLOWED}."
            exchange.not_taken(box, "This file was not taken.", str(one), allowed)
        else:
            _say_refused(one)
            if one.not_as_the_rules:
                st.warning(frame.escaped(isolated(one.not_as_the_rules)))
            rounds.append(one.round)
    if results.facts() is not None:
        now = state.assessment()
        name = isolated(now.service_name) or "a service without a name"
        st.text(f"Open here: {name}, last changed on {day_in_words(now.assessed_on)}.")
        if st.checkbox("Count the answers that are open here as a round", value=not held, key="compare.here"):
            rounds.append(round_of(now, state.rules(), HERE))
    return tuple(rounds)


def _read(name: str, data: bytes) -> RoundIn | RoundError:
    try:
        return read_round(name, data, state.rules(), state.now())
    except RoundError as error:
        return error


def _say_refused(came: RoundIn) -> None:
    """Which cells of a questionnaire are left out."""
    count = len(came.refused)
    if count:
        st.warning(
            f"{frame.escaped(came.round.name)}: {'one cell is' if count == 1 else f'{count:,} cells are'} refused and left out."
        )
        for refused in came.refused[:_CELLS]:
            st.text(isolated(printable(refused.in_words())))


# ------------------------------------------------------------------------------------------------------- the comparison
def _draw(rounds: tuple[Round, ...]) -> None:
    """The comparison, or what stands in its way."""
    if len(rounds) < 2:
        if rounds:
            st.info("One round is here. Add another one of the same service to see what moved.")
        return
    names = tuple((one.name, one.service, one.provider) for one in rounds)
    try:
        comparison = compare(
            rounds, state.rules(), adoption.adopted(SCORECARD), same_service=state.recall(_SAME) == names
        )
    except CompareError as error:
        st.error(frame.escaped(isolated(f"{str(error)[0].upper()}{str(error)[1:]}.")))
        if error.may_be_one:
            st.button("They are the same service", key="compare.same", on_click=state.keep, args=(_SAME, names))
        return
    for notice in comparison.notices:
        st.warning(frame.escaped(isolated(notice)))
    steps = comparison.steps
    place = len(steps) - 1
    if place:
        latest_first = range(place, -1, -1)
        place = st.selectbox(
            "From round to round", latest_first, format_func=lambda one: _between(steps[one]), key="compare.step"
        )
    step = steps[min(place, len(steps) - 1)]  # another one that the page still shows may be gone
    _said(step)
    _downloads(comparison)
    if len(steps) > 1:
        _course(comparison)
    if step.changes:
        _moves(step)
    if step.beside:
        _beside(step)


def _between(step: Step) -> str:
    earlier, later = step.earlier, step.later
    return f"{earlier.day} to {later.day}" if earlier.day != later.day else f"{earlier.name} to {later.name}"


def _named(one: Round) -> str:
    return one.name if one.name == HERE else f"{one.name}, {_KIND[one.kind]}"


def _course(comparison: Comparison) -> None:
    """The rounds one after another, as a picture and as a table."""
    st.header("The course over time", anchor=False)
    first, *later = comparison.steps
    cards = [(first.earlier, first.before), *((step.later, step.after) for step in (first, *later))]
    st.html(charts.rounds_picture([(one.day, card) for one, card in cards]))
    lines = [
        [
            Cell(one.day, small=_named(one)),
            *(Cell(words.points(getattr(card, regime).sums)) for regime in card.names),
            *(Cell(str(getattr(card, regime).sums.shortfall)) for regime in card.names),
        ]
        for one, card in cards
    ]
    heads = [f"{name}: {title.lower()}" for title in SUMS.values() for name in first.after.names.values()]
    st.html(html(Table("The rounds and their results", ("Round", *heads), rows(lines), numbers=tuple(heads))))


def _said(step: Step) -> None:
    """One step in a sentence, and the rounds that it leads from and to."""
    provider = f" of {isolated(step.later.provider)}" if step.later.provider.strip() else ""
    st.text(f"{isolated(step.later.service) or 'A service without a name'}{provider}")
    st.markdown(f"**{frame.escaped(step.sentence)}**")
    adopted = step.after.regimes.adopted
    if len(adopted) < len(state.rules().recommendations):
        said = "; ".join(in_short(recommendation) for recommendation in adopted) or "none"
        st.markdown(f"Recommendations adopted, as on the scorecard's page: {figures.whole_ids(said)}.")
    st.text("\n".join(f"{one.day}: {_named(one)}" for one in (step.earlier, step.later)))


def _moves(step: Step) -> None:
    """What moved with what, as a picture and as a table; then all that changed, earlier beside later."""
    st.header("What moved, and with what", anchor=False)
    st.html(charts.movement_picture(step))
    names = step.after.names
    by_cause = {title: step.moved(cause) for cause, title in CAUSES.items()} | {TOGETHER: step.moved()}
    figures.table(
        {
            "What": list(by_cause),
            **{
                f"{name}: {title.lower()}": [signed(getattr(moved[regime], sum_)) for moved in by_cause.values()]
                for sum_, title in SUMS.items()
                for regime, name in names.items()
            },
        },
        about="What moved with each cause",
        numbers=True,
    )
    st.markdown(
        "Where two changes share a point, it is divided between them: each has what it moves, averaged over every order in which they could have come. The rows add up exactly."
    )
    for cause, title in CAUSES.items():
        changes = [change for change in step.changes if change.what == cause]
        if changes:
            st.header(title, anchor=False)
            st.html(html(_table(step, title, changes)))


def _beside(step: Step) -> None:
    """What differs beside facts, answers and rules, earlier beside later."""
    about = "What else has changed"
    st.header(about, anchor=False)
    st.markdown("It moves nothing.")
    lines = [
        [Cell(one.part), *(_cell((isolated(text) or "–").split("\n")) for text in (one.before, one.now))]
        for one in step.beside
    ]
    heads = ("What", f"Earlier ({step.earlier.day})", f"Later ({step.later.day})")
    st.html(html(Table(about, heads, rows(lines), bare=heads[:1], even=heads[1:])))


def _table(step: Step, about: str, changes: list[Change]) -> Table:
    """Changes of one kind, earlier beside later; what a user typed is text."""
    lines = []
    for change in changes:
        earlier, later = (isolated(text).split("\n") for text in texts(change, state.rules()))
        moved = [_moved(change.moved[regime]) for regime in step.after.names]
        lines.append([Cell(change.title, small=change.id), _cell(earlier), _cell(later), *moved])
    names = tuple(step.after.names.values())
    heads = ("What", f"Earlier ({step.earlier.day})", f"Later ({step.later.day})", *names)
    return Table(about, heads, rows(lines), numbers=names, bare=heads[:1], even=heads[1:3])


def _cell(lines: list[str]) -> Cell:
    return Cell(lines[0], lines=tuple(lines[1:]))


def _moved(moved: Moved) -> Cell:
    if not (moved.points or moved.shortfall):
        return Cell("moves nothing")
    said = [("points", moved.points), ("points missing", moved.shortfall)]
    return Cell("", lines=tuple(f"{name}: {signed(number)}" for name, number in said if number))


def _downloads(comparison: Comparison) -> None:
    name = frame.file_name(comparison.rounds[-1].service, "comparison")
    workbook = partial(comparison_workbook, state.rules(), comparison)
    with st.container(horizontal=True, gap="xsmall"):
        exchange.download("Download the comparison (CSV)", comparison_csv(comparison), f"{name}.csv", "compare.csv")
        exchange.download("Download the comparison (Excel)", workbook, f"{name}.xlsx", "compare.xlsx")
