"""What the style and the scripts of the page know of Streamlit's markup. A new Streamlit may name any of it otherwise."""

import re
from pathlib import Path

import streamlit as st

STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
"""What the theme cannot say: labels as large as the text they belong to, links that look like links, where the focus is, in the colour of
the text (LIGHT_INK and DARK_INK), that a table can be scrolled sideways, before the ground of the page (LIGHT_GROUND and DARK_GROUND), links in our own tables (LIGHT_LINK and DARK_LINK), and what is chosen, where the system's own colours take the place of ours."""
ENTER = {"key": "Enter", "code": "Enter", "keyCode": 13, "which": 13, "bubbles": True, "cancelable": True}
FOR_SCRIPTS: dict[str, object] = {
    "app": '[data-testid="stApp"]',
    "connection": "data-test-connection-state",
    "connected": "CONNECTED",
    "run": "data-test-script-state",
    "idle": "notRunning",
    "main": '[data-testid="stMain"]',
    "key": "st-key-",
    "typed": '[data-testid="stTextArea"] textarea, [data-testid="stTextInput"] input',
    "sends": {"INPUT": ENTER, "TEXTAREA": {**ENTER, "ctrlKey": True}},
    "control": '[role="radiogroup"], textarea, input:not([type="file"]), button:not([data-testid="stBaseButton-minimal"])',
    "said": ", ".join(f':scope > [data-testid="{name}"]' for name in ("stMarkdown", "stAlert", "stText")),
    "questions": '[role="radiogroup"], [data-testid="stTextInput"] input',
    "block": '[data-testid="stVerticalBlock"]',
    "entries": '[data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]',
    "dialog": '[data-testid="stDialog"]',
    "lost": "Connection error",
}
"""For the scripts: the app and its attributes `connection` and `run`, with their values while the page is connected and no run is going on; the
part of the page that scrolls; how the class of a widget's key begins; fields that are typed into, and by tag the key press with which Streamlit
sends what is in them; the control of a widget; what stands beside a widget and is read out with it; questions that the page can lead to; the
block that a question is in; the entries of the navigation, the wizard's first; a dialog, and the title of the one in which Streamlit says that
the server is gone."""
WRITTEN = "/[^a-zA-Z0-9_-]/g"
"""What Streamlit's own script replaces in a widget's key by a hyphen, as the script says it."""


def style() -> str:
    """The style of every page, as an element of HTML."""
    style = STYLE
    for theme in ("light", "dark"):
        for name, option in (("INK", "textColor"), ("GROUND", "backgroundColor"), ("LINK", "linkColor")):
            style = style.replace(f"{theme.upper()}_{name}", st.get_option(f"theme.{theme}.{option}"))
    return f"<style>{style}</style>"


def written(key: str) -> str:
    """A widget's key as Streamlit writes it into the page."""
    return re.sub(WRITTEN[1:-2], "-", key.strip())
