"""The map: groups of services that no measure tells apart, a row each, against the measures of their code."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np

from scoring.kinds.groups import Facts, Group, in_short, joined
from scoring.kinds.obligations import EXEMPT, Obligations
from scoring.rules.model import Fact, Measure, Recommendation, Rules
from scoring.score.verdict import STANDINGS

CELLS = ("out_of_scope", "exempt", "only_amended", "both")
"""What a measure does to a kind of service: bound in both regimes, bound only as amended, exempt in both, out of scope in both."""


@dataclass(frozen=True)
class MapRow:
    """A group of services of one code that every measure treats alike. cells: for each measure, one of CELLS."""

    group: Group
    cells: tuple[str, ...]

    def in_words(self, rules: Rules) -> str:
        """The services in short, fact by fact."""
        return in_short(self.group.facts, rules) or "every service of this code"


@dataclass(frozen=True)
class CodeMap:
    """The rows of one code over its measures; those that every measure treats alike stand together."""

    code: str
    measures: tuple[Measure, ...]
    rows: tuple[MapRow, ...]


@dataclass(frozen=True)
class MeasureReach:
    """One measure over some services of its code.

    counts: for each of CELLS, how many distinct profiles have it. let_out: how many an exemption lets out as drafted.
    caught_by: the adopted recommendations that bind some of them.
    """

    measure: Measure
    counts: dict[str, int]
    let_out: int
    caught_by: tuple[Recommendation, ...]

    @property
    def profiles(self) -> int:
        """How many distinct profiles there are among these services."""
        return sum(self.counts.values())


def map_cells(obligations: Obligations) -> np.ndarray:
    """For each measure and profile, the index into CELLS: int8, measures x profiles."""
    cells = [[CELLS.index(cell_of(drafted, amended)) for amended in STANDINGS] for drafted in STANDINGS]
    return np.array(cells, dtype=np.int8)[obligations.drafted.standing, obligations.amended.standing]


def cell_of(drafted: str, amended: str) -> str:
    """Which of CELLS a kind of service has, by where it stands under a measure as drafted and as amended."""
    if amended == "applies":
        return "both" if drafted == "applies" else "only_amended"
    return "exempt" if "exempt" in (drafted, amended) else "out_of_scope"


def code_maps(obligations: Obligations, members: np.ndarray | None = None) -> tuple[CodeMap, ...]:
    """The rows of each code's map. members: bool, one a profile: only these services; all of them, unless told otherwise."""
    grid, table = obligations.grid, map_cells(obligations)
    maps = []
    for number, code in enumerate(grid.codes):
        measures = [place for place, measure in enumerate(obligations.measures) if measure.code == code]
        of_code = np.flatnonzero(grid.code == number)
        treated = {
            frozenset(grid.profiles[place].items()): tuple(CELLS[cell] for cell in table[measures, place])
            for place in of_code
        }
        alike = {fact.id: _told_apart(fact, treated) for fact in grid.facts}
        groups: dict[tuple[str, ...], Counter[Facts]] = defaultdict(Counter)
        for place in of_code:
            if members is None or members[place]:
                profile = grid.profiles[place]
                telling = (fact for fact in profile if len(set(alike[fact].values())) > 1)
                facts = tuple((fact, alike[fact][profile[fact]]) for fact in telling)
                groups[treated[frozenset(profile.items())]][facts] += 1
        if groups:
            every = {fact: tuple(values) for fact, values in alike.items()}
            rows = tuple(
                MapRow(group, cells)
                for cells, counts in groups.items()
                for group in joined([Group(facts, count) for facts, count in counts.items()], every)
            )
            maps.append(CodeMap(code, tuple(obligations.measures[place] for place in measures), rows))
    return tuple(maps)


def _told_apart(fact: Fact, treated: dict[frozenset[tuple[str, str]], tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """For each value of a fact that some service has: the values that no measure tells apart from it, itself among them.

    treated: profile -> what each measure does to a service with it. Two values are alike where services that differ in
    nothing else are treated alike.
    """
    others = {
        value: {
            profile - {(fact.id, value)}: cells for profile, cells in treated.items() if (fact.id, value) in profile
        }
        for value in fact.value_ids()
    }
    return {
        value: tuple(other for other in fact.value_ids() if others[other] == cells_of_others)
        for value, cells_of_others in others.items()
        if cells_of_others
    }


def measure_reach(obligations: Obligations, rules: Rules, members: np.ndarray) -> tuple[MeasureReach, ...]:
    """For each measure: how many of some services it binds, and which adopted recommendations make the difference."""
    table = map_cells(obligations)
    reaches = []
    for place, measure in enumerate(obligations.measures):
        inside = members & (obligations.grid.code == obligations.grid.codes.index(measure.code))
        counts = {cell: int((table[place, inside] == number).sum()) for number, cell in enumerate(CELLS)}
        by = list(measure.added_by)
        for exemption in measure.exemptions:
            by += [*exemption.withdrawn_by, *(proviso.by for proviso in exemption.provisos)]
        caught_by = map(rules.recommendation, dict.fromkeys(by)) if counts["only_amended"] else ()
        let_out = int((obligations.drafted.standing[place, inside] == EXEMPT).sum())
        reaches.append(MeasureReach(measure, counts, let_out, tuple(caught_by)))
    return tuple(reaches)
