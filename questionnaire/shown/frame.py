"""What every page has in common: its title, where it stands in the wizard, messages, and the way back and on."""

import re

import streamlit as st

from questionnaire.browser import bridge
from questionnaire.session import state
from questionnaire.session.steps import CHECK, SCORECARD, START, missing_before_next, steps
from questionnaire.shown import kept

PRODUCT = "MCM Scorecard"
BACK, NEXT = "back", "next"
_STYLE = """<style>
[data-testid="stWidgetLabel"] p { font-size: 1rem; }
[data-testid="stRadio"] > label p, [data-testid="stTextInput"] > label p { font-weight: 600; }
[data-testid="stRadio"] [role="radiogroup"] label { align-items: flex-start; margin-bottom: 0.3rem; }
[data-testid="stRadio"] label p, [data-testid="stCheckbox"] label p { font-size: 1rem; line-height: 1.5; }
[data-testid="stCheckbox"] label *, [data-testid="stPageLink"] * { white-space: normal; text-overflow: clip; }
[data-testid="stBaseButton-tertiary"] p { text-decoration: underline; }
[data-testid="stMultiSelectTagsContainer"] [data-tag] { max-width: 100%; height: auto; }
[data-testid="stMultiSelectTagsContainer"] [data-tag] span { white-space: normal; overflow-wrap: anywhere; }
[data-testid="stTable"] { overflow-x: auto; }
[data-testid="stTable"] th { overflow-wrap: anywhere; hyphens: auto; }
[data-testid="stApp"] :is(a, button, summary, [tabindex="0"]):not(input, textarea):focus-visible, [data-testid="stApp"] label:has(input:focus-visible),
[data-testid="stTextInputRootElement"]:focus-within, [data-testid="stTextArea"] :has(> textarea:focus), [data-testid="stNumberInputContainer"]:focus-within,
:is([data-testid="stSelectbox"], [data-testid="stMultiSelect"]) div:has(> input:focus-visible), [data-testid="stDataFrame"]:focus-within {
  outline: 3px solid CanvasText; outline: 3px solid light-dark(LIGHT_INK, DARK_INK) !important; outline-offset: 2px !important; border-radius: 2px;
}
main[data-testid="stMain"]:focus-visible { outline-offset: -3px !important; }
@media (forced-colors: active) {
  [data-testid="stRadioOption"]:has(input:checked) > div > div:first-child, [data-testid="stCheckbox"] label:has(input:checked) > span + div { forced-color-adjust: none; background: Highlight !important; border-color: Highlight !important; color: HighlightText; }
  [data-testid="stRadioOption"]:has(input:checked) > div > div:first-child > div { background: HighlightText !important; }
}
@media (prefers-reduced-motion: reduce) { *, ::before, ::after { animation-duration: 0.01ms !important; animation-iteration-count: 1 !important; transition-duration: 0.01ms !important; scroll-behavior: auto !important; } }
@media (max-width: 640px) { [data-testid="stTable"] th, [data-testid="stTable"] td { font-size: 0.85rem; padding: 0.25rem 0.35rem; } }
@media (max-width: 360px) { [data-testid="stTable"] th, [data-testid="stTable"] td { font-size: 0.8rem; padding: 0.25rem 0.2rem; } }
</style>"""
"""What the theme cannot say: labels as large as the text they belong to, links that look like links, where the focus is, in the colour of the text, and what is
chosen, where the system's own colours take the place of ours."""


def page_at(address: str) -> st.Page:
    """The page at an address, for a link or a switch; Streamlit knows pages by their address alone."""
    return st.Page(lambda: None, title=address or "start", url_path=address, default=address == START)


def go(address: str) -> None:
    """Open another page."""
    st.switch_page(page_at(address))


def begin(address: str, title: str, *, wide: bool = False) -> None:
    """The top of a page: the browser's title, progress where it is a step, the heading, and messages left for it."""
    bridge.begin()
    state.let_go(address)
    if address in (START, CHECK, SCORECARD):  # whoever is here has come back, by whatever way
        state.come_back_to(None)
    found = steps()
    place = next((number for number, step in enumerate(found, 1) if step.address == address), None)
    where = f"Step {place} of {len(found)}: " if place and _known() else ""
    st.html(
        _STYLE.replace("LIGHT_INK", st.get_option("theme.light.textColor")).replace(
            "DARK_INK", st.get_option("theme.dark.textColor")
        )
    )
    st.set_page_config(page_title=f"{where}{title} – {PRODUCT}", layout="wide" if wide else "centered")
    if place:
        if _known():
            st.progress(place / len(found), text=f"Step {place} of {len(found)}")
        else:
            st.markdown(f"Step {place}")
    st.title(title, anchor=False)
    with st.container():  # always there, so that a message that comes or goes draws nothing below it anew
        for kind, text in state.messages():
            {"success": st.success, "warning": st.warning, "error": st.error}[kind](escaped(text))
        kept.trouble()


def escaped(said: str) -> str:
    """Text that may hold what a user or a file says, made safe for a message: shown as it is, never as markup."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", said)


def _known() -> bool:
    return not state.assessment().missing(state.rules())


def end(address: str, title: str) -> None:
    """The foot of every page: what only the browser can do; on a step and on the start page also where the answers are kept."""
    of_the_wizard = address == START or any(step.address == address for step in steps())
    if of_the_wizard:
        kept.announce_foot()
    bridge.connect(address, title, visible=of_the_wizard)
    if of_the_wizard:
        kept.foot()


def back_and_next(address: str, *, blocked: str = "To go on, please answer", next_label: str = "Next") -> None:
    """Back and Next at the foot of a step. Next is held up only by a fact that the branching needs.

    blocked: what to say before the names of what is missing, where Next was pressed all the same.
    """
    left, right, _ = st.columns([1, 2, 2])
    left.button("Back", key=f"back.{address}", width="stretch", on_click=state.press, args=(BACK, address))
    if steps()[-1].address == address:
        return
    label = "Back to your answers" if state.return_page() == CHECK else next_label
    right.button(
        label, key=f"next.{address}", type="primary", width="stretch", on_click=state.press, args=(NEXT, address)
    )
    missing = missing_before_next(address)
    if state.held_up(address) and missing:
        st.error(f"{blocked}: " + " · ".join(missing))


def pressed() -> str | None:
    """Where Back or Next leads that was just pressed, for the answers as they are now; None where neither was, or where Next is held up.

    It is asked before a page is drawn, so that the page that was left is not drawn once more.
    """
    way, address = state.pressed()
    if way is None:
        return None
    found = [step.address for step in steps()]
    place = found.index(address) if address in found else 0
    missing = missing_before_next(address)
    if way == NEXT and missing:
        state.hold_up(address)
        if address != CHECK:  # which asks no question itself
            state.lead_to(missing[0])
        return None
    returning = state.return_page()
    state.come_back_to(None)
    if returning is not None:
        return returning
    return found[place + 1] if way == NEXT else found[place - 1] if place else START


def nothing_yet(text: str, label: str, address: str) -> None:
    """An empty state: why there is nothing to show, and what to do next."""
    st.info(text)
    kept.offers()
    if st.button(label, key=f"instead.{address}", type="primary"):
        go(address)
