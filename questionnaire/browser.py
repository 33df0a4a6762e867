"""What only the browser can do: keep the answers in the user's own tab, and start each step where it should start.

The answers go from the session to the tab's session storage and, after a refresh, a dropped connection or a restarted
server, back again. They never go anywhere else, and they are gone when the tab is closed. What comes back is read like
any saved file: with every check.
"""

import streamlit as st

from questionnaire import state
from scoring.assessment import AssessmentError, from_json, to_json

_SCRIPT = """
const ITEM = 'mcm-assessment';
const page = (window.__mcm ??= { step: null, asked: null, target: null, listening: false });

function bring(stored, setStateValue) {
  setStateValue('stored', { assessment: stored, at: Date.now() });
}

function watch(setStateValue) {
  /* A server that was restarted knows nothing of this tab. Nothing runs there until the next click, and what that click
     says would be lost: so bring the answers as soon as the connection is back. */
  page.setStateValue = setStateValue;
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app || page.watched === app) return;
  page.watched = app;
  let lost = false;
  new MutationObserver(() => {
    const connected = app.dataset.testConnectionState === 'CONNECTED';
    if (connected && lost) {
      try {
        const stored = window.sessionStorage.getItem(ITEM);
        if (stored) bring(stored, page.setStateValue);
      } catch (error) {
        /* A browser that forbids storage keeps nothing. */
      }
    }
    lost = !connected;
  }).observe(app, { attributes: true, attributeFilter: ['data-test-connection-state'] });
}

function keep(data, setStateValue) {
  try {
    const stored = window.sessionStorage.getItem(ITEM);
    if (data.changes > 0) {
      if (data.empty) window.sessionStorage.removeItem(ITEM);
      else if (stored !== data.assessment) window.sessionStorage.setItem(ITEM, data.assessment);
    } else if (stored && page.asked !== data.session) {
      page.asked = data.session;
      bring(stored, setStateValue);
    }
  } catch (error) {
    /* A browser that forbids storage keeps nothing; the page says that a download keeps the answers. */
  }
}

function main() {
  return document.querySelector('[data-testid="stMain"]');
}

/* Bring the reader to a question or heading by its words; to the heading of the page where there is none. */
function lead(words) {
  const group = [...document.querySelectorAll('[role="radiogroup"], [data-testid="stTextInput"] input')].find((each) => each.getAttribute('aria-label') === words);
  const found = group ?? [...document.querySelectorAll('h2, h3')].find((each) => each.innerText.trim() === words);
  if (!found) return false;
  const control = group?.querySelector('input') ?? found;
  if (!group) { found.setAttribute('tabindex', '-1'); found.style.outline = 'none'; }
  control.focus({ preventScroll: true });
  (group?.closest('[data-testid="stRadio"], [data-testid="stTextInput"]') ?? found).scrollIntoView({ block: 'start' });
  main()?.scrollBy(0, -80);
  return true;
}

function begin(data) {
  const first = page.step === null;
  const moved = page.step !== data.step;
  const led = data.target && page.target !== data.target_name;
  page.step = data.step;
  page.target = data.target_name;
  if ((first || !moved) && !led) return;
  const until = Date.now() + 3000;
  const seek = () => {
    const heading = document.querySelector('h1');
    const there = heading && heading.innerText.trim() === data.heading;
    if (there && led && lead(data.target)) return;
    if (!there || (led && Date.now() < until - 1500)) {
      if (Date.now() < until) window.setTimeout(seek, 30);
      return;
    }
    main()?.scrollTo(0, 0);
    heading.setAttribute('tabindex', '-1');
    heading.style.outline = 'none';
    heading.focus({ preventScroll: true });
  };
  seek();
}

/* What is typed counts a moment after the typing stops, not only when the field is left. */
function keepTyping() {
  if (page.listening) return;
  page.listening = true;
  const fields = '[data-testid="stTextArea"] textarea, [data-testid="stTextInput"] input';
  let timer;
  document.addEventListener('input', (event) => {
    const field = event.target;
    if (!(field instanceof HTMLElement) || !field.matches(fields)) return;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      if (!field.isConnected) return;
      const enter = { key: 'Enter', code: 'Enter', keyCode: 13, which: 13, bubbles: true, cancelable: true, ctrlKey: field.tagName === 'TEXTAREA' };
      field.dispatchEvent(new KeyboardEvent('keydown', enter));
    }, 600);
  });
}

export default function (component) {
  document.documentElement.lang = 'en-AU';
  keep(component.data, component.setStateValue);
  watch(component.setStateValue);
  begin(component.data);
  keepTyping();
}
"""


def connect(step: str, heading: str) -> None:
    """Hand the answers to the tab, take back what it kept, and on a new step scroll to its top and focus its heading.

    step: what is shown, by its address; heading: the text of its h1.
    """
    component = st.components.v2.component("mcm_browser", js=_SCRIPT)
    now = state.assessment()
    words, name = state.target()
    result = component(
        key="mcm_browser",
        data={
            "session": state.session(),
            "changes": state.changes(),
            "empty": state.empty(),
            "assessment": to_json(now, state.rules()).decode(),
            "step": step,
            "heading": heading,
            "target": words,
            "target_name": name,
        },
        on_stored_change=lambda: None,
        height="content",
    )
    if state.pristine() and result.stored:
        _restore(result.stored["assessment"])


def _restore(stored: str) -> None:
    try:
        state.replace(from_json(stored.encode("utf-8", "replace"), state.rules()))
    except AssessmentError as error:
        state.clear()
        state.say("warning", f"This browser tab kept answers that can no longer be read: {error}.")
    st.rerun()
