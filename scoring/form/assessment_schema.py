"""The JSON Schema of a saved assessment, made from the models that read one and from the rules, for whoever writes such files or checks them.

It is looser than the reader where JSON Schema cannot say it: a day or a moment that no calendar has, half characters, a key given twice,
and what is said of the bytes (UTF-8, at most 1 MiB, how deep it is nested). Source: contracts, "Saved assessment".
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from scoring.rules.model import Rules
from scoring.score.assessment import MARK, STATUS, all_requirements
from scoring.score.assessment_file import FORMAT, FORMER, FormerFile, SavedFile
from scoring.score.tally import GRADES, POINTS

Schema = dict[str, Any]
_END = r"(?![\s\S])"
"""The end of a text in a pattern: some programs that check a schema let a line end follow `$`."""
_TEXT = {
    "description": "Any text without control characters; tabs and line ends are allowed.",
    "type": "string",
    "pattern": r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]*" + _END,
}
_DAY = {
    "description": "A date as YYYY-MM-DD, or empty.",
    "type": "string",
    "pattern": r"^((?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?" + _END,
}
_NARROWER: Mapping[str, Schema] = {
    "status": {"enum": ["", *STATUS]},
    "mark": {"enum": [*MARK]},
    "rulebook": {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9_.\-/]{0,99}" + _END},
    "saved_at": {
        "description": "A date and time with its offset, in ISO 8601, such as 2026-11-22T10:15:00+00:00.",
        "type": "string",
        "pattern": r"^(?=.{1,64}$)[0-9A-Za-z :.,+\-]{10,}(Z|[+\-][0-9:.]{2,})" + _END,
    },
    **{key: {"$ref": "#/$defs/Day"} for key in ("since", "dated", "good_until", "due", "approved_on", "reviewed_on")},
}
"""What may stand at a key, wherever in the file it is, beyond what its model says."""
_FEASIBLE = "WhereFeasible"
"""Ends the name of each definition with grades as it is for requirements whose text has that caveat."""


def assessment_schema(rules: Rules) -> bytes:
    """The schema of both formats as the bytes of a file; the ids, values and grades are those of the rules."""
    keys: dict[str, dict[str, Schema]] = {
        "profile": {fact.id: {"title": fact.title, "enum": [*fact.value_ids()]} for fact in rules.facts if not fact.derived_from_technologies},
        "technologies": {technology.id: {"title": technology.title, "$ref": "#/$defs/Text"} for technology in rules.technologies},
    }  # fmt: skip
    definitions: Schema = {"Text": _TEXT, "Day": _DAY}
    formats = []

    def graded(name: str) -> bool:
        return any(key == "grade" or graded(_named(value)) for key, value in models.get(name, {}).items())

    def reference(name: str, feasible: bool) -> Schema:
        return {"$ref": f"#/$defs/{name}{_FEASIBLE if feasible and graded(name) else ''}"}

    def narrowed(key: str, given: Schema, feasible: bool) -> Schema:
        if key == "grade":
            return {"enum": ["", *(GRADES if feasible else POINTS)]}
        if key in _NARROWER:
            return _NARROWER[key]
        if key in keys:
            return _closed(keys[key])
        if given.get("type") == "object":  # by requirement
            name = _named(given["additionalProperties"])
            return _closed(
                {
                    known.id: {"title": known.title, **reference(name, known.where_feasible)}
                    for known in all_requirements(rules)
                }
            )
        if given.get("type") == "array":
            return {"type": "array", "items": given["items"]}
        return reference(_named(given) or "Text", feasible)

    def of_model(given: Schema, feasible: bool = False) -> Schema:
        properties = {key: narrowed(key, value, feasible) for key, value in given["properties"].items()}
        about = {"description": re.sub(r" \(see [A-Z]+\)", "", given["description"])}
        return about | _closed(properties) | {name: given[name] for name in ("required",) if name in given}

    for name, model in ((FORMAT, SavedFile), (FORMER, FormerFile)):
        given = model.model_json_schema()
        inner = given.get("$defs", {})
        models = {title: definition["properties"] for title, definition in inner.items()}
        definitions |= {title: of_model(definition) for title, definition in inner.items()}
        definitions |= {
            f"{title}{_FEASIBLE}": of_model(definition, feasible=True)
            for title, definition in inner.items()
            if graded(title)
        }
        root = of_model(given)
        root["properties"]["format"] = {"const": name}
        formats.append(root)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A saved assessment of MCM Scorecard: {FORMAT}, and {FORMER}, which opens for ever",
        "description": f"Made from the rules {rules.version}. What is not required may be left out.",
        "oneOf": formats,
        "$defs": dict(sorted(definitions.items())),
    }
    return (json.dumps(schema, ensure_ascii=False, indent=2) + "\n").encode()


def _named(given: Schema) -> str:
    """The name of the definition that a schema refers to; empty where it refers to none."""
    return str(given.get("$ref", "")).rpartition("/")[2]


def _closed(properties: Mapping[str, Schema]) -> Schema:
    """An object with no keys but these."""
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}
