"""The ways to other pages; and what stands around a page: the product's name, and in the wizard the steps, each with what is done and a link to it."""

from html import escape

import streamlit as st

from questionnaire.session import results, state
from questionnaire.session.steps import START, TOOLS, Step, listed, reachable, steps

PRODUCT = "MCM Scorecard"
SAMPLE = "Made-up sample, not a real service."


def _page_at(address: str) -> st.Page:
    """The page at an address, for a link or a switch; Streamlit knows pages by their address alone."""
    return st.Page(lambda: None, title=address or "start", url_path=address, default=address == START)


def go(address: str) -> None:
    """Open another page."""
    st.switch_page(_page_at(address))


def link(address: str, label: str, *, back: bool = False) -> None:
    """A link to another page, with an arrow that says whether it leads on or back."""
    st.page_link(_page_at(address), label=label, icon=f":material/arrow_{'back' if back else 'forward'}:")


def draw(address: str) -> None:
    """All of it as one element, which costs a page next to nothing. At the side, or on a narrow screen one line that says the step and opens to the list."""
    name = f'<p class="mcm-name">{PRODUCT}</p>'
    place, of_the_wizard = number_of(address), address not in TOOLS
    sample = f'<p class="mcm-sample">{SAMPLE}</p>' if of_the_wizard and state.of_a_sample() else ""
    beside = of_the_wizard and address != START and results.facts() is not None  # the plan, or what is not asked
    st.html(name + (_steps(address, place) if place or beside else "") + sample)


def number_of(address: str) -> int:
    """Which step is at an address, counted from 1; 0 where none is."""
    return next((number for number, step in enumerate(steps(), 1) if step.address == address), 0)


def said(place: int) -> str:
    """Step 4 of 8: Detect and remove known CSAM. Of how many is said once the facts are known, since they decide it."""
    return f"{_place(place)}: {steps()[place - 1].title}"


def _place(place: int) -> str:
    return f"Step {place}{f' of {len(steps())}' if results.facts() else ''}"


def _steps(address: str, place: int) -> str:
    """place: the number of the step that is shown; 0 on a page that is none."""
    now, open_ = steps(), reachable()
    questions, answered = (sum(getattr(step, what) for step in now) for what in ("questions", "answered"))
    numbers = {step.address: number for number, step in enumerate(now, 1)}
    count = f'<span class="mcm-count">{answered} of {questions} answered</span>'
    here = f"{_place(place)}: {escape(now[place - 1].named)}" if place else "Steps"
    bar = f'<progress value="{answered}" max="{questions}" aria-label="Questions answered"></progress>'
    entries = "".join(
        _entry(step, numbers.get(step.address, 0), step.address == address, step.address in open_) for step in listed()
    )
    return (
        f'<nav class="mcm-way" aria-label="Steps"><p class="mcm-line">{count}</p>{bar}'
        f"<details><summary>{here} {count}</summary><ol>{entries}</ol></details></nav>"
    )


def _entry(step: Step, number: int, here: bool, open_: bool) -> str:
    title = escape(step.named)
    if step.left_out:
        return f'<li class="mcm-left-out">{title} <span>not asked with these facts</span></li>'
    if step.open:
        done = f"{step.answered} of {step.questions}" if step.answered else ""
    else:
        done = step.lacks or "done" * bool(step.questions)
    if here:
        title = f"<strong>{title}</strong>"
    elif open_:
        title = f'<a href="./{step.address}" data-step="{step.address}">{title}</a>'
    is_ = f'value="{number}"{" class=mcm-open" * step.open}{" aria-current=step" * here}'
    return f"<li {is_}>{title} <span>{done}</span></li>"
