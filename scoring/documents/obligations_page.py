"""One page that stands alone when it is printed: who is let out as drafted, and which recommendation ends that."""

from collections.abc import Mapping, Sequence

import numpy as np

from scoring.documents import html_table, obligations_tables, words
from scoring.documents.obligations_tables import Beside
from scoring.kinds.obligations import Obligations
from scoring.kinds.slips import effects, slips
from scoring.kinds.ways import Way
from scoring.rules.model import Rules


def obligations_page(
    rules: Rules, compared: Obligations, ways: Sequence[Way], outcomes: Mapping[str, str], beside: Beside
) -> bytes:
    """The page as the bytes of an HTML file that needs no network and no script. outcomes: what became of each recommendation, by its id."""
    everybody = np.ones(len(compared.grid), dtype=bool)
    several = effects(rules, compared, ways)
    adopted = compared.regimes.adopted
    return (
        html_table.environment()
        .get_template("obligations_page.html.j2")
        .render(
            rules=rules,
            results=words.RESULTS.replace("**", ""),
            adopted=adopted,
            groups=slips(rules, compared, ways, everybody),
            slips=obligations_tables.who_slips(rules, slips(rules, compared, ways, everybody), len(adopted), beside),
            recommendations=obligations_tables.by_recommendation(
                rules, several, compared.grid, everybody, outcomes, beside
            ),
            of_the_file="" if beside.profile is None else beside.bound(rules, compared),
        )
        .encode()
    )
