"""What the server does besides showing pages: a warm start, an end by the clock, a silent log, readable errors."""

import asyncio
import gc
import logging
import socket
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from streamlit import cli_util, config, runtime
from streamlit.web.server import server_util

from questionnaire.streamlit_inside.ending import end_by_the_clock, take_over
from questionnaire.streamlit_inside.origin import call_nobody
from scoring.form.questions import load_questionnaire
from scoring.rules.load import RulebookError, load


def prepare() -> None:
    """Before Streamlit makes anything: whom it may call, and who keeps what users leave with it."""
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
    address = server_util.get_url(server_util.get_display_address(config.get_option("server.address") or "localhost"))
    print(f"MCM Scorecard is at {address}", flush=True)
    if not config.get_option("server.headless"):
        cli_util.open_browser(address)
    clock = asyncio.create_task(end_by_the_clock(runtime.get_instance()))
    yield
    clock.cancel()


def send_at_once() -> None:
    """Have each answer go out when it is written. Streamlit opens its socket in a way that asyncio leaves small pieces waiting for one
    another, some 40 ms with every run. The server hands out no socket; what is open now is what it listens on, and connections inherit it.
    """
    for thing in gc.get_objects():
        if not issubclass(
            type(thing), socket.socket
        ):  # isinstance would ask a weak reference what it stands for: that may be gone
            continue
        if (
            thing.type == socket.SOCK_STREAM
            and thing.family in (socket.AF_INET, socket.AF_INET6)
            and thing.fileno() >= 0
        ):
            thing.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


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
