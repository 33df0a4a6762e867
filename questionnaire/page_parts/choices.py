"""One of several things, each chosen by its name."""

from collections.abc import Callable, Mapping
from typing import Any

_FIRST = object()


def choice(
    draw: Callable[..., Any], label: str, names: Mapping[str, str], key: str, now: object = _FIRST, **how: Any
) -> str:
    """Have one chosen, and say which it is.

    draw: Streamlit's radio or selectbox, of the page or of a part of it; names: of each, what it is called; now: which one is chosen to begin
    with: the first unless told otherwise, and none where it is none of them; how: as Streamlit takes it.
    """
    values = list(names)
    index = 0 if now is _FIRST else values.index(now) if now in values else None
    chosen: str = draw(label, values, index=index, format_func=names.__getitem__, key=key, **how)
    return chosen
