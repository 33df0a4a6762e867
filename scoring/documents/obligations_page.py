"""One page that stands alone when it is printed: who is let out as drafted, and which recommendation ends that."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from scoring.documents import html_table, obligations_tables, words
from scoring.documents.obligations_tables import Beside
from scoring.kinds.obligations import Obligations
from scoring.kinds.slips import Slip, effects, slips
from scoring.kinds.ways import Way
from scoring.rules.conditions import in_a_sentence
from scoring.rules.model import Rules
from scoring.score.assessment import day_in_words


def obligations_page(
    rules: Rules, compared: Obligations, ways: Sequence[Way], outcomes: Mapping[str, str], beside: Beside, day: date
) -> bytes:
    """The page as the bytes of an HTML file that needs no network and no script. outcomes: what became of each recommendation, by its id; day: of which it is."""
    everybody = np.ones(len(compared.grid), dtype=bool)
    several = effects(rules, compared, ways)
    adopted = compared.regimes.adopted
    groups = slips(rules, compared, ways, everybody)
    return (
        html_table.environment()
        .get_template("obligations_page.html.j2")
        .render(
            rules=rules,
            results=words.RESULTS.replace("**", ""),
            adopted=adopted,
            day=day_in_words(day.isoformat()),
            groups=groups,
            slips=obligations_tables.who_slips(rules, groups, len(adopted), beside),
            conclusion=_conclusion(rules, compared, groups),
            recommendations=obligations_tables.by_recommendation(
                rules, several, compared.grid, everybody, outcomes, beside
            ),
            of_the_file="" if beside.profile is None else beside.bound(rules, compared),
        )
        .encode()
    )


def _conclusion(rules: Rules, compared: Obligations, groups: Sequence[Slip]) -> str:
    """How many kinds of service no measure binds, as drafted and as amended, and which groups are left."""
    before, after = (int((~side.bound).sum()) for side in (compared.drafted, compared.amended))
    named = words.amended(len(compared.regimes.adopted), len(rules.recommendations))
    left = "; ".join(obligations_tables.whom(slip.group, rules) for slip in groups if not slip.bound)
    return (
        f"In short: as drafted, no measure binds {before:,} of the {len(compared.grid):,} kinds of service that there are; {in_a_sentence(named)}, {after:,}."
        + (f" Still bound by none: {left}." if left else "")
    )
