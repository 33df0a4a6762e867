"""What every kind of service owes, as a CSV file. Source: contracts, "Obligations output"."""

from collections.abc import Iterator

from scoring.files.table_out import csv_file
from scoring.kinds.obligations import Obligations
from scoring.score.verdict import CHANGES, STANDINGS

AFTER_FACTS = ("measure", "drafted_status", "amended_status", "change", "drafted_owed", "amended_owed")
"""The columns of the map behind the facts, which come first in the order of the rulebook."""


def columns(compared: Obligations) -> tuple[str, ...]:
    """The columns of the map: the facts, then what is owed."""
    return (*(fact.id for fact in compared.grid.facts), *AFTER_FACTS)


def rows(compared: Obligations) -> Iterator[tuple[str | int, ...]]:
    """The rows of the map, in the order of `columns`: one for every distinct profile and measure of its code."""
    before, after = compared.owed_count(compared.drafted), compared.owed_count(compared.amended)
    for place, profile in enumerate(compared.grid.profiles):
        facts = [profile.get(fact.id, "") for fact in compared.grid.facts]
        for measure in compared.of_code(place):
            yield (
                *facts,
                compared.measures[measure].id,
                STANDINGS[compared.drafted.standing[measure, place]],
                STANDINGS[compared.amended.standing[measure, place]],
                CHANGES[compared.change[measure, place]],
                int(before[measure, place]),
                int(after[measure, place]),
            )


def obligations_csv(compared: Obligations) -> bytes:
    """The map as a CSV file. UTF-8 with BOM, LF line ends."""
    return csv_file([columns(compared), *rows(compared)])
