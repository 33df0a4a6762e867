"""The JSON Schema of a saved assessment beside the reader of one: what the two say of a file."""

import json
import re

from jsonschema import Draft202012Validator

from scoring.form.assessment_schema import assessment_schema
from scoring.rules.load import load

SCHEMA = json.loads(assessment_schema(load()))
_VALIDATOR = Draft202012Validator(SCHEMA)
LOOSER = re.compile(
    r"is '\d{4}-\d\d-\d\d'; allowed: a date as"  # a day that no calendar has
    r"|'saved_at' is '\S+[ T]\S+(Z|[+-][\d:.]+)'; allowed"  # a moment likewise
    r"|holds the character U\+D[89A-F]"  # half a character
    r"|is there twice; each key is allowed once"
)
"""What the reader says of a file that it refuses and the schema cannot."""


def fits(data: bytes) -> bool | None:
    """Whether a file fits the schema; None where it is nothing that a schema can be held to."""
    try:
        content = json.loads(data)
        return _VALIDATOR.is_valid(content)
    except (ValueError, RecursionError):
        return None
