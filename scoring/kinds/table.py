"""What every kind of service owes, as a CSV file. Source: contracts, "Obligations output"."""

import csv
import io
from collections.abc import Iterator

from scoring.files.table_out import BOM
from scoring.kinds.obligations import Obligations
from scoring.score.verdict import CHANGES, STANDINGS

AFTER_FACTS = ("measure", "drafted_status", "amended_status", "change", "drafted_owed", "amended_owed")
"""The columns of the map behind the facts, which come first in the order of the rulebook."""


def columns(found: Obligations) -> tuple[str, ...]:
    """The columns of the map: the facts, then what is owed."""
    return (*(fact.id for fact in found.grid.facts), *AFTER_FACTS)


def rows(found: Obligations) -> Iterator[tuple[str | int, ...]]:
    """The rows of the map, in the order of `columns`: one for every distinct profile and measure of its code."""
    before, after = found.owed_count(found.drafted), found.owed_count(found.amended)
    for place, profile in enumerate(found.grid.profiles):
        facts = [profile.get(fact.id, "") for fact in found.grid.facts]
        for measure in found.of_code(place):
            yield (
                *facts,
                found.measures[measure].id,
                STANDINGS[found.drafted.standing[measure, place]],
                STANDINGS[found.amended.standing[measure, place]],
                CHANGES[found.change[measure, place]],
                int(before[measure, place]),
                int(after[measure, place]),
            )


def obligations_csv(found: Obligations) -> bytes:
    """The map as a CSV file. UTF-8 with BOM, LF line ends."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns(found))
    writer.writerows(rows(found))
    return f"{BOM}{text.getvalue()}".encode()
