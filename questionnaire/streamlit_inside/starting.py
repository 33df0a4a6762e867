"""What is left to do when Streamlit starts: have answers go out at once, say where the app is, and open a browser at its address."""

import gc
import socket

import streamlit as st

from questionnaire.streamlit_inside.relied_on import find, present


def send_at_once() -> None:
    """Have the system send each answer when it is written (TCP_NODELAY), and not wait some 40 ms with every run for more to send with it.

    Streamlit hands out no socket. So this takes every socket that is open at start: the one that it listens on, whose connections inherit it.
    """
    for thing in gc.get_objects():
        if not issubclass(
            type(thing), socket.socket
        ):  # isinstance would ask a weak reference for what it stands for, which may be gone
            continue
        is_stream = thing.type == socket.SOCK_STREAM and thing.family in (socket.AF_INET, socket.AF_INET6)
        if is_stream and thing.fileno() >= 0:
            thing.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def say_where() -> None:
    """Print where the app is, and open a browser there unless the settings say otherwise."""
    if not present("opening"):
        print(f"MCM Scorecard is at port {st.get_option('server.port')} of this machine", flush=True)
        return
    shown = find("streamlit.web.server.server_util:get_display_address")(st.get_option("server.address") or "localhost")
    address = find("streamlit.web.server.server_util:get_url")(shown)
    print(f"MCM Scorecard is at {address}", flush=True)
    if not st.get_option("server.headless"):
        find("streamlit.cli_util:open_browser")(address)
