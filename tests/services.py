"""Services for a portfolio, and how they become a file."""

import csv
import io
from itertools import chain

import examples
import naive

REQUIREMENTS = tuple(chain.from_iterable(naive.REQUIREMENTS.values()))
COLUMNS = ("service", *naive.FACTS, *REQUIREMENTS)
NOTE = f"{naive.CAVEAT}.note"
MESSENGER = {"service": "Whisper", **examples.MESSENGER.profile, "technology_report": "incomplete"}
NETWORK = {"service": "Square", **examples.SOCIAL}


def as_file(rows, columns=None, end="\n", bom=False):
    columns = columns or [*COLUMNS, NOTE]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return (("\ufeff" if bom else "") + text.getvalue()).encode()
