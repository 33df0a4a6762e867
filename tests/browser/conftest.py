"""A server that the tests of what becomes of it share."""

import os
import signal
from collections.abc import Iterator

import pytest
from browser import Server
from unheard import served


@pytest.fixture(scope="session")
def alone() -> Iterator[Server]:
    with served() as server:
        yield server


@pytest.fixture
def fated(alone: Server) -> Iterator[Server]:
    """A server of these tests alone, that each of them may stop or kill."""
    yield alone
    if alone.process.poll() is None:
        os.kill(alone.process.pid, signal.SIGCONT)
    else:  # a test that failed left it dead
        alone.start()
