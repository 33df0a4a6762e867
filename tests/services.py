"""Services for a portfolio, and how they become a file."""

import csv
import io
from itertools import chain

import naive

REQUIREMENTS = tuple(chain.from_iterable(naive.REQUIREMENTS.values()))
COLUMNS = ("service", *naive.FACTS, *REQUIREMENTS)
NOTE = f"{naive.CAVEAT}.note"
MESSENGER = {
    "service": "Whisper",
    "category": "res",
    "tier": "tier_1",
    "encryption": "end_to_end",
    "communication": "closed",
    "hosting": "provider_managed",
    "livestream": "yes",
    "capable": "no",
    "esafety_approval": "not_sought",
    "technology_report": "incomplete",
}
NETWORK = {
    "service": "Square",
    "category": "sms",
    "tier": "tier_1",
    "encryption": "none",
    "hosting": "provider_managed",
    "livestream": "no",
}


def as_file(rows, columns=None, end="\n", bom=False):
    columns = columns or [*COLUMNS, NOTE]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return (("\ufeff" if bom else "") + text.getvalue()).encode()
