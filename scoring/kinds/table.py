"""What every kind of service owes, as a CSV file. Source: contracts, "Obligations output"."""

import csv
import io

from scoring.files.table_out import BOM
from scoring.kinds.obligations import Obligations
from scoring.score.verdict import CHANGES, STANDINGS

AFTER_FACTS = ("measure", "drafted_status", "amended_status", "change", "drafted_owed", "amended_owed")
"""The columns of the map behind the facts, which come first in the order of the rulebook."""


def obligations_csv(found: Obligations) -> bytes:
    """The map as a CSV file: a row for every distinct profile and measure of its code. UTF-8 with BOM, LF line ends."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*(fact.id for fact in found.grid.facts), *AFTER_FACTS])
    before, after = found.owed_count(found.drafted), found.owed_count(found.amended)
    for place, profile in enumerate(found.grid.profiles):
        cells = [profile.get(fact.id, "") for fact in found.grid.facts]
        for measure in found.of_code(place):
            writer.writerow(
                [
                    *cells,
                    found.measures[measure].id,
                    STANDINGS[found.drafted.standing[measure, place]],
                    STANDINGS[found.amended.standing[measure, place]],
                    CHANGES[found.change[measure, place]],
                    int(before[measure, place]),
                    int(after[measure, place]),
                ]
            )
    return f"{BOM}{text.getvalue()}".encode()
