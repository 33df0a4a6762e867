"""What only the browser can do: keep the answers on the user's own device, and start each step where it should start.

The answers go from the session to the browser's own storage and, after a refresh, a dropped connection, a restarted server
or a closed tab, back again. They never go anywhere else. The scripts beside this do it; `told` has what they are told of a page,
`brought` takes what they bring.
"""

import json
from pathlib import Path

import streamlit as st

from questionnaire.browser import brought, told
from questionnaire.session import answers, beside, results, reviews, state
from questionnaire.session.steps import LAST, RETURNS, reachable, steps
from questionnaire.streamlit_inside import markup
from scoring.files.messages import NOT_TEXT
from scoring.score.assessment import SOFT_BREAKS, Assessment
from scoring.score.assessment_file import FORMAT, FORMER, to_json

_PURPOSES = ("storage", "slots", "keep", "forget", "type", "tie", "way", "away", "focus", "connect")
_GIVEN = {
    "markup": markup.FOR_SCRIPTS,
    "not_text": NOT_TEXT.pattern,
    "soft_breaks": SOFT_BREAKS.pattern,
    "name": ["service_name"],
    "moment": ["saved_at"],
    "formats": [FORMER, FORMAT],
    "largest": answers.LARGEST,
    "emptied": Assessment(rulebook="", service_name="", saved_at="", profile={}).model_dump(
        exclude={"rulebook", "saved_at"}
    ),
}
"""What the scripts have to know: of Streamlit's markup; what is no text, and what breaks a line; where in a saved assessment the name of the service and the moment
are; the former format and the present one; how many bytes texts may fill; and what an emptied assessment has in the place of its parts."""
_SCRIPT = "\n".join(
    (
        f"const GIVEN = {json.dumps(_GIVEN)};",
        *((Path(__file__).parent / f"{purpose}.js").read_text(encoding="utf-8") for purpose in _PURPOSES),
    )
)
"""One script a purpose, joined: the browser gets a component's script as one."""
_LINE = "p { margin: 0; font-size: 1rem; line-height: 1.5; color: inherit; font-family: var(--st-font); }"


def connect(step: str, heading: str, *, visible: bool) -> None:
    """Hand the answers to the browser, and on a new step scroll to its top and focus its heading.

    step: what is shown, by its address; heading: the text of its h1; visible: whether the page says that the answers are kept.
    """
    component = st.components.v2.component(brought.KEY, html="<p hidden></p>", css=_LINE, js=_SCRIPT)
    words, name = state.target()
    asks = any(known.questions for known in steps() if known.address == step)  # there each answer would make it anew
    component(
        key=brought.KEY,
        data={
            "session": state.session(),
            "changes": state.changes(),
            "replaced": state.replaced(),
            "heard": state.recall(brought.HEARD),
            "forgotten": state.recall(brought.FORGOTTEN),
            "empty": state.empty(),
            "lasting": not state.is_sample(),
            "beside": beside.said(),
            "result": "" if asks else results.in_a_line(),
            "reviews": reviews.kept() if step == RETURNS else None,
            "assessment": to_json(state.assessment(), state.rules()).decode(),
            "fields": told.fields(),
            "tied": told.tied(),
            "orders": told.orders(),
            "visible": visible,
            "step": step,
            "left": state.recall(LAST) or step,
            "heading": heading,
            "target": words,
            "target_name": name,
        },
        on_found_change=brought.take,
        on_wanted_change=_go,
        height="content",
    )


def _go() -> None:
    """A step was pressed in the list of steps. It is opened where it can be; the browser may say anything."""
    address = dict(state.widget_value(brought.KEY)).get("wanted")
    if address in reachable():
        state.come_back_to(None)
        state.head_for(address)
