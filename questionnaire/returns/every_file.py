"""Every file that came in as a table: filtered, searched and ranked; a row that is selected opens by itself."""

from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from unicodedata import normalize
from zipfile import ZIP_DEFLATED, ZipFile

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from questionnaire.page_parts import exchange, figures
from questionnaire.page_parts.choices import choice
from questionnaire.returns import arrivals, one_return
from questionnaire.session import reviews, state
from scoring.documents import words
from scoring.files.messages import isolated, printable
from scoring.returns.returned import COUNTS, EARLIER, ONLY_AMENDED, TWICE, Return, Returns
from scoring.rules.model import AMENDED, DRAFTED, Rules

TITLE = "Every file"
_SEARCH = "returns.search"
LISTED = 20
"""Problems that the page lists; the downloads have every one."""
_DRAFTED, _AMENDED = f"{DRAFTED}_shortfall", f"{AMENDED}_shortfall"
_RANKED = {
    "Most missing as amended": (_AMENDED, _DRAFTED),
    "Most missing as drafted": (_DRAFTED, _AMENDED),
    "Most missing only as amended": (ONLY_AMENDED, _AMENDED),
    "In the order of the files": (),
}
"""By which figures the files are ranked, the second where the first says the same."""
_STANDING: dict[str, Callable[[Return], bool]] = {
    "All": lambda line: True,
    "Counted, one a service": lambda line: line.counted == COUNTS,
    "Hold or are read": lambda line: line.holds,
    "Have a problem": lambda line: not line.holds,
    "Have a plan that is overdue": lambda line: bool(line.follow_up.get("plan_overdue")),
    "Changed since they were reviewed": lambda line: bool(line.follow_up.get("changed_since_review")),
}
_FIGURES = ("Missing as amended", "Missing as drafted", "Only as amended", "Unanswered")
_COUNTED = {COUNTS: "Yes", EARLIER: "No, earlier", TWICE: "No, twice"}


def problems(returns: Returns) -> None:
    """What does not hold and what is refused, each with its file."""
    wrong = [line for line in returns.lines if line.problem and line.counted != TWICE]
    if not wrong:
        return
    with st.expander(f"What has a problem: {words.count(len(wrong), 'file')}", key="returns.problems"):
        st.markdown("All figures here are worked out again by the rules, also those of a scorecard that does not hold.")
        for line in wrong[:LISTED]:
            st.text(f"{isolated(printable(line.file))}: {isolated(printable(line.problem))}")
        if len(wrong) > LISTED:
            st.markdown(f"The first {LISTED} of {len(wrong):,} are shown; the downloads have all.")
        refused = tuple(line.received.mark.hex() for line in wrong if line.refused)
        if refused:
            st.button(
                f"Take out the {'file that is refused' if len(refused) == 1 else f'{len(refused):,} files that are refused'}",
                key="returns.refused",
                on_click=arrivals.take_out,
                args=(refused, arrivals.TITLE),
            )


def draw(rules: Rules, returns: Returns) -> None:
    """The table with what it can be narrowed to and ordered by."""
    st.header(TITLE, anchor=False)
    codes = {"": "All codes", **{code.id: code.title for code in rules.codes}}
    left, middle, right = st.columns(3)
    code = _choice(left, "Code", codes)
    standing = _choice(middle, "Show", {name: name for name in _STANDING})
    typed = right.text_input(
        "Search by name",
        value=state.recall(_SEARCH, ""),
        key=_SEARCH,
        on_change=lambda: state.keep(_SEARCH, state.widget_value(_SEARCH)),
    )
    order = _choice(st.container(), "Order", {name: name for name in _RANKED})
    lines = [
        line
        for line in returns.lines
        if (not code or line.code == code) and _STANDING[standing](line) and _is_found(line, typed)
    ]
    for figure in reversed(_RANKED[order]):
        lines.sort(key=lambda line: -(-1 if (points := line.figures.get(figure)) is None else points))
    if not lines:
        st.markdown("No file is like that.")
        return
    st.markdown(
        "Names are hidden: show them to look at one return by itself."
        if arrivals.are_hidden()
        else "Select a row to open that return and mark its answers: tick it or, with the keyboard, press Shift and Space on it."
    )
    _replies(lines)
    marks = tuple(line.received.mark.hex() if arrivals.can_open(line.received) else "" for line in lines)
    key = f"returns.files.{len(returns.lines)}.{code}.{standing}.{order}.{typed}"
    about = "Every file that came in, with what it comes to"
    choose = None if arrivals.are_hidden() else partial(_open, marks)
    widths = {"Counts": 110}  # the longest of its words
    figures.grid(_columns(lines), about, key, choose, always=True, widths=widths, left=_FIGURES)


def _replies(lines: list[Return]) -> None:
    """All replies at once, where several returns were marked here."""
    begun = [
        line.received
        for line in lines
        if line.counted != TWICE and arrivals.can_open(line.received) and reviews.begun(line.received.mark.hex())
    ]
    if len(begun) > 1 and not arrivals.are_hidden():
        replies = _zipped([one_return.reply(one.read, one.mark.hex()) for one in begun if one.read])
        exchange.download(f"Download the {len(begun)} replies (zip)", replies, "replies.zip", "returns.replies")


def _zipped(files: list[tuple[str, bytes]]) -> bytes:
    """A zip of files, each behind its number, since two may be called alike."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(files, 1):
            archive.writestr(f"{number}-{name}", data)
    return made.getvalue()


def _choice(place: DeltaGenerator, label: str, names: Mapping[str, str]) -> str:
    """One of several, by default the first; it is remembered while one return is looked at. names: of each, what it is called."""
    key = f"returns.{label}"
    now = state.recall(key, next(iter(names)))
    return choice(place.selectbox, label, names, key, now, on_change=lambda: state.keep(key, state.widget_value(key)))


def _is_found(line: Return, typed: str) -> bool:
    wanted = normalize("NFC", typed.strip()).casefold()
    return any(wanted in normalize("NFC", name).casefold() for name in (line.service, line.provider, line.file))


def _columns(lines: list[Return]) -> dict[str, list[object]]:
    """The columns of the table; without those in which nothing stands."""
    columns: dict[str, list[object]] = {
        "Service": [line.service or None for line in lines],
        "Missing as amended": [line.figures.get(_AMENDED) for line in lines],
        "Missing as drafted": [line.figures.get(_DRAFTED) for line in lines],
        "Only as amended": [line.figures.get(ONLY_AMENDED) for line in lines],
        "Unanswered": [line.figures.get(f"{AMENDED}_unanswered") for line in lines],
        "State": [_state(line) for line in lines],
        "Counts": [_COUNTED.get(line.counted, "No") for line in lines]
        if any(line.counted != COUNTS for line in lines)
        else [],
        "Code": [line.code or None for line in lines],
        "Provider": [line.provider or None for line in lines],
        "Plans overdue": [line.follow_up.get("plan_overdue") or None for line in lines],
        "To be revised": [line.follow_up.get("revise") or None for line in lines],
        "Changed since reviewed": [line.follow_up.get("changed_since_review") or None for line in lines],
        "Reviewed here": ["Begun" if reviews.begun(line.received.mark.hex()) else None for line in lines],
        "Date": [line.assessed_on or None for line in lines],
        "Kind": [line.kind for line in lines],
        "File": [printable(line.file) for line in lines],
        "Problem": [printable(line.problem) or None for line in lines],
    }
    return {heading: cells for heading, cells in columns.items() if any(cell is not None for cell in cells)}


def _state(line: Return) -> str:
    """What came of taking a file in. Only of a scorecard are there figures that hold or do not."""
    if line.refused:
        return "✗ Refused"
    if line.verified:
        return "✓ Holds" if line.holds else "✗ Does not hold"
    return "✓ Read" if line.holds else "✗ Has a problem"


def _open(marks: tuple[str, ...], row: int) -> None:
    if marks[row]:
        arrivals.open_one(marks[row], one_return.TITLE)
