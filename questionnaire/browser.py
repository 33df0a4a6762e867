"""What only the browser can do: keep the answers in the user's own tab, and start each step at its top.

The answers go from the session to the tab's session storage and, after a refresh, a dropped connection or a restarted
server, back again. They never go anywhere else, and they are gone when the tab is closed. What comes back is read like
any saved file: with every check.
"""

import streamlit as st

from questionnaire import state
from scoring.assessment import AssessmentError, from_json, to_json

_SCRIPT = """
const ITEM = 'mcm-assessment';
const page = (window.__mcm ??= { step: null, asked: null });

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

function begin(data) {
  const first = page.step === null;
  if (page.step === data.step) return;
  page.step = data.step;
  if (first) return;
  const until = Date.now() + 3000;
  const seek = () => {
    const heading = document.querySelector('h1');
    if (!heading || heading.innerText.trim() !== data.heading) {
      if (Date.now() < until) window.setTimeout(seek, 30);
      return;
    }
    const main = document.querySelector('[data-testid="stMain"]');
    if (main) main.scrollTo(0, 0);
    heading.setAttribute('tabindex', '-1');
    heading.style.outline = 'none';
    heading.focus({ preventScroll: true });
  };
  seek();
}

export default function (component) {
  document.documentElement.lang = 'en-AU';
  keep(component.data, component.setStateValue);
  watch(component.setStateValue);
  begin(component.data);
}
"""


def connect(step: str, heading: str) -> None:
    """Hand the answers to the tab, take back what it kept, and on a new step scroll to its top and focus its heading.

    step: what is shown, by its address; heading: the text of its h1.
    """
    component = st.components.v2.component("mcm_browser", js=_SCRIPT)
    now = state.assessment()
    result = component(
        key="mcm_browser",
        data={
            "session": state.session(),
            "changes": state.changes(),
            "empty": state.empty(),
            "assessment": to_json(now, state.rules()).decode(),
            "step": step,
            "heading": heading,
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
