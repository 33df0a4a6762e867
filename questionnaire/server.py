"""What the server does besides showing pages: a warm start, an end by the clock, a silent log, readable errors."""

import asyncio
import gc
import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from questionnaire.streamlit_inside.ending import end_by_the_clock, take_over
from questionnaire.streamlit_inside.origin import call_nobody
from questionnaire.streamlit_inside.relied_on import check
from questionnaire.streamlit_inside.starting import say_where, send_at_once
from scoring.form.questions import load_questionnaire
from scoring.rules.load import RulebookError, load


def prepare() -> None:
    """Before Streamlit makes anything: whether it is as the app knows it, whom it may call, and who keeps what users leave with it."""
    check()
    call_nobody()
    take_over()


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Before the first user comes: load what every user needs, and keep the collector of garbage away from it for good."""
    logging.setLogRecordFactory(log_record)
    try:
        load()
        load_questionnaire()
    except RulebookError:  # every page says so, in words
        pass
    import pandas  # noqa: F401 - what the scorecard needs, and the first one would wait for
    import plotly.graph_objects  # noqa: F401

    send_at_once()
    gc.collect()
    gc.freeze()
    say_where()
    clock = asyncio.create_task(end_by_the_clock())
    yield
    clock.cancel()


def show_error(error: Exception) -> bool:
    """Tell the user that a page failed, and what to do; true, for Streamlit is to add nothing."""
    st.error(
        "Something went wrong here, and it is not your doing. Your answers are as they were. Reload the page; if it fails again, tell whoever runs this tool."
    )
    return True


_plain_record = logging.getLogRecordFactory()


def log_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """A record for the log. Of an error it has the kind and the places in the code, not the message: that may hold an answer."""
    record = _plain_record(*args, **kwargs)
    if record.exc_info and record.exc_info[1]:
        record.exc_text = "\n".join(_places(record.exc_info[1]))
        record.exc_info = None
    return record


def _places(error: BaseException | None) -> Iterator[str]:
    """An error, and what it came of, without their messages."""
    while error is not None:
        yield f"{type(error).__name__} at\n" + "".join(traceback.format_tb(error.__traceback__)).rstrip()
        error = error.__cause__ or error.__context__
