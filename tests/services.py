"""Services for a portfolio, how they become a file, and what their scores are."""

import csv
import io
from itertools import chain

import examples
import naive

from scoring.portfolio.tables import portfolio_csv
from scoring.rules.amend import adopting
from scoring.rules.load import load

REQUIREMENTS = tuple(chain.from_iterable(naive.REQUIREMENTS.values()))
COLUMNS = ("service", *naive.FACTS, *REQUIREMENTS)
NOTE = f"{naive.CAVEAT}.note"
RULES = load()
ALL = naive.RECOMMENDATIONS
MESSENGER = {"service": "Whisper", **examples.MESSENGER.profile, "technology_report": "incomplete"}
NETWORK = {"service": "Square", **examples.SOCIAL}


def as_file(rows, columns=None, end="\n", bom=False):
    columns = columns or [*COLUMNS, NOTE]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return (("\ufeff" if bom else "") + text.getvalue()).encode()


def cells(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def scores(data, adopted=ALL, by_measure=False, **more):
    return cells(portfolio_csv(RULES, data, adopting(RULES, adopted), by_measure, **more))[1:]


def graded(profile, name, choice, nonsense):
    """A row: facts that are not asked hold nonsense, every requirement of every code is graded as `choice` says."""
    row = {
        "service": name,
        **{fact: value or nonsense for fact, value in profile.items()},
        NOTE: choice(("", " ", "because")),
    }
    for requirement in REQUIREMENTS:
        row[requirement] = choice(
            (*naive.GRADES, "not_feasible", "not_feasible") if requirement == naive.CAVEAT else naive.GRADES
        )
    return row
