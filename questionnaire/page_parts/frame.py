"""What every page has in common: its title, where it stands in the wizard, messages, and the way back and on."""

import re
from collections.abc import Callable
from functools import wraps

import streamlit as st

from questionnaire.browser import bridge, told
from questionnaire.page_parts import kept, way
from questionnaire.session import state, steps
from questionnaire.streamlit_inside import markup, uploads

BACK, NEXT = "back", "next"


def page(
    address: str, title: str, *, wide: bool = False, several: bool = False
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Make a page of what draws its middle, with its top before that and its foot behind. several: whether the page takes several files at once."""

    def framed(draw: Callable[[], None]) -> Callable[[], None]:
        @wraps(draw)
        def show() -> None:
            uploads.take_several(several)
            _begin(address, title, wide)
            draw()
            _end(address, title)

        return show

    return framed


def _begin(address: str, title: str, wide: bool) -> None:
    """The top of a page: the browser's title, what stands around it, the heading, and messages left for it."""
    told.begin()
    state.let_go(address)
    if address in (steps.START, steps.CHECK, steps.SCORECARD):  # whoever is here has come back, by whatever way
        state.come_back_to(None)
    st.html(markup.style())
    place = way.number_of(address)
    if place or address == steps.PLAN:
        state.keep(steps.LAST, address)
    st.set_page_config(
        page_title=f"{way.said(place) if place else title} – {way.PRODUCT}", layout="wide" if wide else "centered"
    )
    way.draw(address)
    st.title(title, anchor=False)
    with st.container():  # always there, so that a message that comes or goes draws nothing below it anew
        for kind, text in state.messages():
            if kind == "overdue":
                overdue(text)
            else:
                {"success": st.success, "warning": st.warning, "error": st.error}[kind](escaped(text))
        kept.trouble()


def overdue(said: str) -> None:
    """What of the plan is overdue, with the way there."""
    st.warning(said)
    way.link(steps.PLAN, "See it in the plan")


def not_law(*, begun: bool = False) -> None:
    """What must stand wherever a regulator reads a result: neither result is the law, and where the law is. begun: the page says the first already."""
    if not begun:
        st.markdown(
            "Neither result is the law, and this is not legal advice. "
            "As drafted is a draft of March 2023 as IJM's submission reports it; as amended is IJM's proposal."
        )
    way.link(steps.SOURCES, "Sources, and the law today")


def escaped(said: str) -> str:
    """Text that may hold what a user or a file says, made safe for a message: shown as it is, never as markup."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", said)


def file_name(service: str, ending: str) -> str:
    """What a file about a service is called: the letters and digits of its name, and what it is."""
    return f"{re.sub(r'[^a-z0-9]+', '-', service.lower()).strip('-')[:60] or 'service'}-{ending}"


def _end(address: str, title: str) -> None:
    """The foot of every page: what only the browser can do; in the wizard also where the answers are kept."""
    of_the_wizard = address not in steps.TOOLS
    if of_the_wizard:
        kept.announce_foot()
    bridge.connect(address, title, visible=of_the_wizard)
    if of_the_wizard:
        kept.foot()


def back_and_next(address: str, *, blocked: str = "To go on, please answer", next_label: str = "Next") -> None:
    """Back and Next at the foot of a step. Next is held up only by a fact that the branching needs.

    blocked: what to say before the names of what is missing, where Next was pressed all the same.
    """
    both = st.container(horizontal=True, key="to_and_fro")  # one block; columns would be four, which each rerun sends
    both.button("Back", key=f"back.{address}", width="stretch", on_click=state.press, args=(BACK, address))
    if steps.steps()[-1].address == address:
        return
    label = "Back to your answers" if state.return_page() == steps.CHECK else next_label
    both.button(
        label, key=f"next.{address}", type="primary", width="stretch", on_click=state.press, args=(NEXT, address)
    )
    missing = steps.missing_before_next(address)
    if state.held_up(address) and missing:
        st.error(f"{blocked}: " + " · ".join(missing))


def pressed() -> str | None:
    """Where Back or Next leads that was just pressed, for the answers as they are now; None where neither was, or where Next is held up.

    It is asked before a page is drawn, so that the page that was left is not drawn once more.
    """
    direction, address = state.pressed()
    if direction is None:
        return None
    addresses = [step.address for step in steps.steps()]
    place = addresses.index(address) if address in addresses else 0
    missing = steps.missing_before_next(address)
    if direction == NEXT and missing:
        state.hold_up(address)
        if address != steps.CHECK:  # which asks no question itself
            state.lead_to(missing[0])
        return None
    returning = state.return_page()
    state.come_back_to(None)
    if returning is not None:
        return returning
    return addresses[place + 1] if direction == NEXT else addresses[place - 1] if place else steps.START


def nothing_yet(text: str) -> None:
    """An empty state: why there is nothing to show, and the way to where the service is described; for whoever was sent the address, too."""
    st.info(text)
    if state.empty():
        st.markdown("An address carries no answers. If somebody sent you this one, ask for the saved file.")
    kept.offers()
    if st.button("Go to your service", key=f"instead.{steps.SERVICE}", type="primary"):
        way.go(steps.SERVICE)
