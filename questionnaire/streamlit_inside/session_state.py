"""Streamlit's session, reached so that what runs is not broken off."""

from typing import Any

import streamlit as st

from questionnaire.streamlit_inside.relied_on import find, present

_REACH = find("streamlit.runtime.state.session_state_proxy:get_session_state") if present("session") else None


def session_state() -> Any:
    """Streamlit's session, a mapping by the keys of its widgets and the names of our own entries.

    At each access to `st.session_state` Streamlit gives way to a run that is waiting, in a widget's callback too. It never calls that
    callback again, and what the user has just answered would be lost. So this is what stands behind `st.session_state`, which does not
    give way; Streamlit gives way right after the callbacks as well. A Streamlit that has no such thing has `st.session_state`.
    """
    return _REACH()._state if _REACH else st.session_state
