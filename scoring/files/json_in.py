"""JSON that is read strictly: no key twice, no constant that JSON does not have, no number too long to be one, keys that are text."""

import json
from typing import Any

from scoring.files.messages import NOT_TEXT

_LONGEST_NUMBER = 1000
"""Digits. Python reads no whole number of more than 4,300."""


class JsonError(ValueError):
    """A file that is not wholly right; the message names the key, the value and what is allowed."""


def read_json(data: bytes) -> Any:
    """What a saved assessment holds: JSON in UTF-8, with or without its mark. Raises JsonError for bytes that are something else."""
    try:
        return json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_no_key_twice,
            parse_constant=_no_constant,
            parse_int=_whole_number,
        )
    except UnicodeDecodeError as error:
        raise JsonError(f"the file is not UTF-8 text: byte {error.start + 1:,} cannot be read") from None
    except json.JSONDecodeError as error:
        raise JsonError(f"the file is not JSON: {error}") from None


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise JsonError(f"the key {show(key)} is there twice; each key is allowed once")
        refuse_controls(f"the key {show(key)}", key)
        content[key] = value
    return content


def _no_constant(name: str) -> None:
    raise JsonError(f"the file is not JSON: {name} is not a JSON value")


def _whole_number(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        what = f"the file holds a number of {len(digits):,} digits, {show(digits)}"
        raise JsonError(f"{what}; a saved assessment holds text, and no numbers")
    return int(digits)


def refuse_controls(where: str, text: str) -> None:
    """Raise JsonError where a text holds a character that is no text. where: for the message, the key or value that it is."""
    sign = NOT_TEXT.search(text)
    if sign:
        raise JsonError(
            f"{where} holds the character U+{ord(sign[0]):04X}, which is not text; allowed: letters, signs, tabs and line ends"
        )


def kind_of(value: Any) -> str:
    """What a value of JSON is, in words."""
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")


def show(value: Any) -> str:
    """A value of JSON in a message; of a long one the beginning."""
    shown = repr(value) if isinstance(value, str) else json.dumps(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."
