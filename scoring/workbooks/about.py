"""What the first sheet of every workbook says: what the file is and is not, the rules and the recommendations behind it, the date."""

from collections.abc import Iterator

from scoring.rules.model import Recommendation, Rules

IS_NOT = (
    "It is not legal advice, and neither result is the law: as drafted is the draft of March 2023, known only through IJM's submission; as amended is an "
    "advocate's proposal."
)


def about(rules: Rules, what: str, adopted: tuple[Recommendation, ...], dated: str = "") -> Iterator[tuple[str, str]]:
    """The lines of the sheet, as names and values. what: what the workbook is; dated: the date of its answers, where it has one."""
    yield "What this is", what
    yield "What it is not", IS_NOT
    yield "Rules", rules.version
    named = [f"{recommendation.title} ({recommendation.id})" for recommendation in adopted]
    yield "Recommendations adopted", "\n".join(named) or "None"
    if dated:
        yield "Date of the answers", dated
    yield "Made by", "MCM Scorecard"
