"""A handful of typical services, and where each stands under every measure of its code. The services are data: `typical.toml`."""

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from pydantic import Field

from scoring.kinds.grid import turns_on
from scoring.kinds.groups import in_short
from scoring.kinds.map import cell_of
from scoring.rules.amend import resolve
from scoring.rules.conditions import Frozen, Profile
from scoring.rules.load import RulebookError, read
from scoring.rules.model import Measure, Recommendation, Regimes, Rulebook, Rules, Text
from scoring.rules.profile import asked, its_code
from scoring.score.because import because
from scoring.score.verdict import Verdict, verdict

FILE = "typical.toml"


class Service(Frozen):
    """A made-up service: what it is called, and a value for every fact that is asked of it."""

    title: Text
    facts: dict[str, str]


class _File(Frozen):
    service: tuple[Service, ...] = Field(strict=False, min_length=1)


Side = tuple[str, str]


@dataclass(frozen=True)
class Standing:
    """Where a service stands under one measure.

    cell: one of map.CELLS. sides: its verdict as drafted and as amended, one of STANDINGS, and the sentence that says why.
    requirements: how many of the measure's it owes under each.
    by: the sets of recommendations that bind the service where the draft does not, whichever of them are adopted; more: those that
    ask more of it where the draft binds it.
    """

    measure: Measure
    cell: str
    sides: tuple[Side, Side]
    requirements: tuple[int, int]
    by: tuple[tuple[Recommendation, ...], ...]
    more: tuple[Recommendation, ...]

    def differs(self, other: "Standing") -> bool:
        """Whether the service owes something else here than there."""
        return (self.cell, self.requirements) != (other.cell, other.requirements)


def typical(rules: Rules, folder: Path = Path(__file__).parent) -> tuple[Service, ...]:
    """The typical services, read and held against the facts. Raises RulebookError for a service whose facts are not just those that are asked of it."""
    listed = read(folder, FILE, _File).service
    for service in listed:
        wanted = {fact.id: fact.value_ids() for fact in asked(rules.facts, service.facts)}
        if wanted.keys() != service.facts.keys():
            raise RulebookError(FILE, service.title, f"has to have just these facts: {', '.join(wanted)}")
        for fact, value in service.facts.items():
            if value not in wanted[fact]:
                raise RulebookError(FILE, service.title, f"{fact} is {value!r}; allowed: {', '.join(wanted[fact])}")
    return listed


def facts_of(rules: Rules, service: Service) -> str:
    """The facts of a service on which a measure turns, in short, without those that say which code it is under."""
    code = its_code(rules, service.facts)
    telling = {*turns_on(*rules.regimes.amended.of_code(code.id))} - {*code.members.facts()}
    return in_short(tuple((fact, (value,)) for fact, value in service.facts.items() if fact in telling), rules)


def standings(rules: Rules, facts: Profile, regimes: Regimes) -> tuple[Standing, ...]:
    """Where a service stands under each measure of its code, those that a recommendation adds included, whichever are adopted."""
    measures = rules.regimes.amended.of_code(its_code(rules, facts).id)
    return tuple(_standing(rules, facts, regimes, measure) for measure in measures)


def sides_of(rules: Rules, facts: Profile, regimes: Regimes, whole: Measure) -> tuple[Side, Side]:
    """The verdict on a measure as drafted and as amended, and why. A measure that a text does not have covers nobody."""
    before, after = (_verdict(text, whole, facts) for text in (regimes.drafted, regimes.amended))
    return _side(rules, whole, before), _side(rules, whole, after)


def _side(rules: Rules, whole: Measure, side: Verdict | None) -> Side:
    return side.standing if side else "not_applicable", because(whole, side, rules)


def _verdict(text: Rulebook, whole: Measure, facts: Profile) -> Verdict | None:
    measure = text.measure(whole.id)
    return verdict(measure, facts) if measure else None


def _standing(rules: Rules, facts: Profile, regimes: Regimes, whole: Measure) -> Standing:
    before, after = (_verdict(text, whole, facts) for text in (regimes.drafted, regimes.amended))
    sides = _side(rules, whole, before), _side(rules, whole, after)
    owed = (len(before.owed) if before else 0, len(after.owed) if after else 0)
    by, more = _brought(rules, facts, whole, before)
    return Standing(whole, cell_of(sides[0][0], sides[1][0]), sides, owed, by, more)


def _brought(
    rules: Rules, facts: Profile, whole: Measure, before: Verdict | None
) -> tuple[tuple[tuple[Recommendation, ...], ...], tuple[Recommendation, ...]]:
    """As `by` and `more` of Standing. before: the verdict as drafted."""

    def owed_with(*adopted: Recommendation) -> int:
        side = _verdict(resolve(rules.drafted, adopted), whole, facts)
        return len(side.owed) if side else 0

    of_code = [recommendation for recommendation in rules.recommendations if recommendation.code == whole.code]
    if before and before.owed:
        return (), tuple(known for known in of_code if owed_with(known) > len(before.owed))
    sets: list[tuple[Recommendation, ...]] = []
    for size in range(1, len(of_code) + 1):
        for some in combinations(of_code, size):
            if not any(set(binding) <= {*some} for binding in sets) and owed_with(*some):
                sets.append(some)
    return tuple(sets), ()
