"""Which recommendations are adopted."""

from collections.abc import Iterable

from scoring.rules.model import Recommendation, Rules


def amendments_named(rules: Rules, ids: Iterable[str]) -> tuple[Recommendation, ...]:
    """The recommendations with these ids, in the order of the rules, each once. Raises KeyError with the unknown id."""
    wanted = dict.fromkeys(ids)
    for each in wanted:
        if each not in {known.id for known in rules.recommendations}:
            raise KeyError(each)
    return tuple(each for each in rules.recommendations if each.id in wanted)
