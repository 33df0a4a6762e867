"""What this browser keeps: earlier answers to continue with, and at the foot of a step how to turn it off and how to forget it."""

from datetime import datetime

import streamlit as st

from questionnaire.browser import brought, told
from questionnaire.browser.message import Slot
from questionnaire.page_parts import adoption, exchange
from questionnaire.session import results, state
from questionnaire.session.steps import PLAN, SCORECARD, SERVICE, START, can_go_on_at
from scoring.files.messages import isolated

_FORGET = "forget"


def offers() -> None:
    """To somebody with nothing answered yet: continue with what an earlier visit left."""
    kept = brought.kept()
    if not kept or not state.empty():
        return
    latest, *others = kept
    _offer(latest, "Continue where you were", primary=True)
    if others:
        with st.expander(f"Other answers that this browser keeps ({len(others)})"):
            for slot in others:
                _offer(slot, "Continue", primary=False)


def others() -> None:
    """To somebody with answers: the other services that this browser keeps, and how to begin another. Those that are here stay as they are."""
    slots, sample = brought.kept(), state.is_sample()
    if not brought.keeping() or (sample and not slots):
        return
    with st.expander(f"Several services ({len(slots)} kept beside this one)" if slots else "Several services"):
        for slot in slots:
            _offer(slot, "Go on with this one", primary=False)
        if sample:  # of which nothing is kept until it is changed
            return
        st.markdown("This browser keeps each service by itself: those that you leave stay as they are.")
        st.button("Begin another service", key="another", on_click=brought.begin_beside)
        st.button(
            "Copy this one as the beginning of another",
            key="copy",
            on_click=brought.begin_beside,
            kwargs={"as_copy": True},
        )


def left_at() -> str | None:
    """Where kept answers have just been brought: the address of the step at which they were left."""
    step = brought.arrived()
    if step is None:
        return None
    if not can_go_on_at(step):
        step = SERVICE if state.assessment().missing(state.rules()) else SCORECARD
    say_overdue(step)
    notice = state.notice_of_version()
    if notice and step != SCORECARD:  # the scorecard says it by itself
        state.say("warning", notice)
    state.say("success", "Your answers are as you left them.")
    return step


def say_overdue(step: str) -> None:
    """Where answers have just been opened: what of their plan is overdue, first on the step that comes next. The scorecard and the plan say it by themselves."""
    if step not in (SCORECARD, PLAN) and results.facts() is not None:
        said = results.outlook(adoption.card(SCORECARD)).overdue_sentence
        if said:
            state.say("overdue", said)


def announce_foot() -> None:
    """Before the browser is told what the page has: what `foot`, which comes behind it, will have."""
    told.field(_FORGET, pressed=None, everywhere=True)
    told.field(_keeping_key(), keeping=True)


def _keeping_key() -> str:
    return state.key("keeping", str(brought.keeping()))


def foot() -> None:
    """Where the answers are, who can see them, and how to change that."""
    with st.expander("Where your answers are kept", key="where-kept"):
        here = "In this browser, on this device," if brought.keeping() else "In this tab, until you close it,"
        after = " Whoever uses this browser after you can open them." if brought.keeping() else ""
        st.markdown(
            f"{here} and in the memory of the server while you are connected. They are never written down on the server and go nowhere else.{after} The names of people that you give, such as who does what and who approved, are among them."
        )
        key = _keeping_key()
        st.checkbox(
            "Keep my answers in this browser after I close the tab",
            value=brought.keeping(),
            key=key,
            on_change=lambda: brought.set_keeping(bool(state.widget_value(key))),
        )
        others = len(brought.kept())
        said = (
            f"It also keeps the answers of {others} other {'assessment' if others == 1 else 'assessments'}."
            if others
            else "It keeps no other answers."
        )
        st.markdown(  # always a line of others, so that what another tab does moves no button away from under a press
            f"{said}\n\nForgetting removes all answers from this browser, names of people included, and empties this page. It cannot be undone: save your answers as a file first if you want to keep them."
        )
        st.button("Forget all answers in this browser", key=_FORGET, on_click=_forget)


def _forget() -> None:
    brought.forget()
    state.say("success", "Forgotten. This browser keeps no answers any more, and this page has none.")
    state.head_for(START)


def _offer(slot: Slot, label: str, *, primary: bool) -> None:
    said = f"{label} (saved {_moment(slot.saved_at)})" if _moment(slot.saved_at) else label
    elsewhere = ". Open in another tab: you continue with a copy." if slot.open else ""
    st.text(
        "\n".join(
            filter(None, ((isolated(slot.name) or "A service without a name") + elsewhere, isolated(slot.result)))
        )
    )
    st.button(
        said,
        key=f"continue.{slot.slot}",
        type="primary" if primary else "secondary",
        on_click=brought.fetch,
        args=(slot.slot,),
    )


def _moment(saved_at: str) -> str:
    """22 November, 10:15; with the year where it is another. Empty where it says no moment."""
    try:
        moment = datetime.fromisoformat(saved_at)
    except ValueError:
        return ""
    year = "" if moment.year == datetime.now(moment.tzinfo).year else f" {moment.year}"
    return f"{moment.day} {moment:%B}{year}, {moment:%H:%M}"


def trouble() -> None:
    """Kept answers that were refused: why, and what can be done with them. They are as they were."""
    refused = brought.unreadable()
    if refused is None:
        return
    st.error("This browser kept answers that can no longer be read.")
    st.text(f"{refused.error[0].upper()}{refused.error[1:]}.")
    exchange.download("Save them as they are", refused.text.encode(), "kept-answers.json", "unreadable")
    if refused.slot:
        st.button(
            "Remove them from this browser", key="unreadable.remove", on_click=brought.remove, args=(refused.slot,)
        )
