"""Sources."""

from questionnaire import frame
from questionnaire.steps import SOURCES

TITLE = "Sources"


def show() -> None:
    """Draw the page."""
    frame.begin(SOURCES, TITLE, wide=True)
    frame.end(SOURCES, TITLE)
