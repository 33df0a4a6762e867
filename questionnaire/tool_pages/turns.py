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
    """Who works on how many bytes, or waits to, in the order in which they came."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._line: dict[object, int] = {}

    @contextmanager
    def turn(self, size: int, most: int, told: Callable[[int], object]) -> Iterator[None]:
        """Wait until these bytes are no more than `most` together with those of all who came before, or until nobody is before.

        told: hears, now and then, how many go before.
        """
        ticket = object()
        with self._changing:
            self._line[ticket] = size
        try:
            while before := self._before(ticket, most):
                told(before)  # which may break off, where the user has left
                time.sleep(_PAUSE)
            yield
        finally:
            with self._changing:
                del self._line[ticket]

    def _before(self, ticket: object, most: int) -> int:
        """How many go before; 0 where it is this one's turn."""
        with self._changing:
            place = [*self._line].index(ticket)
            together = sum([*self._line.values()][: place + 1])
        return place if together > most else 0


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
