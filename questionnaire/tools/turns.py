"""Large files take turns: so many bytes at a time, for all users together; whoever waits hears how many go before."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from questionnaire.streamlit_inside.ending import give_memory_back
from questionnaire.streamlit_inside.places import MEGABYTE, largest

_SMALL = MEGABYTE
"""Bytes up to which a file never waits."""
_PAUSE = 0.2
"""Seconds between two looks at whose turn it is."""


class Turns:
    """Who works on how many bytes, and who waits, in the order in which they came."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._working: list[int] = []
        self._waiting: list[object] = []

    @contextmanager
    def turn(self, size: int, most: int, told: Callable[[int], object]) -> Iterator[None]:
        """Wait until `size` bytes more are no more than `most` together, or until nobody else works.

        told: hears, now and then, how many go before.
        """
        ticket = object()
        with self._changing:
            self._waiting.append(ticket)
        try:
            while (before := self._begin(ticket, size, most)) is not None:
                told(before)  # which may break off, where the user has left
                time.sleep(_PAUSE)
        except BaseException:
            with self._changing:
                self._waiting.remove(ticket)
            raise
        try:
            yield
        finally:
            with self._changing:
                self._working.remove(size)

    def _begin(self, ticket: object, size: int, most: int) -> int | None:
        """None where it is this one's turn, which then begins; else how many go before."""
        with self._changing:
            place = self._waiting.index(ticket)
            if place or (self._working and sum(self._working) + size > most):
                return place + len(self._working)
            self._waiting.remove(ticket)
            self._working.append(size)
            return None


_TURNS = Turns()


@contextmanager
def turn(size: int, told: Callable[[int], object] = lambda before: None) -> Iterator[None]:
    """Have a turn at a file of so many bytes, then give back the memory that it took. A small file never waits."""
    if size <= _SMALL:
        yield
        return
    with _TURNS.turn(size, largest(), told):
        try:
            yield
        finally:
            give_memory_back()


def waiting(before: int) -> str:
    """What to tell whoever waits. before: how many go before."""
    return f"Waiting: large files take turns, and {before:,} {'goes' if before == 1 else 'go'} before this one"
