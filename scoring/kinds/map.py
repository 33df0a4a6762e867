"""The map, drawn together: kinds of service that no measure tells apart become one row."""

from dataclasses import dataclass

import numpy as np

from scoring.kinds.obligations import Obligations, Reach
from scoring.rules.conditions import Profile, join
from scoring.rules.model import Fact, Measure, Recommendation, Rules
from scoring.score.verdict import STANDINGS

CELLS = ("out_of_scope", "exempt", "only_amended", "both")
"""What a measure does to a kind of service: bound in both regimes, bound only as amended, exempt in both, out of scope in both."""


@dataclass(frozen=True)
class MapRow:
    """Services that no measure of their code tells apart.

    facts: each fact that some measure tells apart, with the values that this row has. profiles: how many distinct ones;
    cells: for each measure, one of CELLS.
    """

    facts: tuple[tuple[str, tuple[str, ...]], ...]
    profiles: int
    cells: tuple[str, ...]

    def in_words(self, rules: Rules) -> str:
        """The services in short, fact by fact."""
        shorts = {(fact.id, value.id): value.short or value.label for fact in rules.facts for value in fact.values}
        return (
            " · ".join(join((shorts[fact, value] for value in values), "or") for fact, values in self.facts)
            or "every service of this code"
        )


@dataclass(frozen=True)
class CodeMap:
    """The rows of one code, in the order of the facts, over its measures."""

    code: str
    measures: tuple[Measure, ...]
    rows: tuple[MapRow, ...]


@dataclass(frozen=True)
class MeasureReach:
    """One measure over some services of its code: how many distinct profiles each cell has, how many an exemption lets out as drafted,
    and which recommendations catch some of them."""

    measure: Measure
    counts: dict[str, int]
    let_out: int
    caught_by: tuple[Recommendation, ...]

    @property
    def profiles(self) -> int:
        return sum(self.counts.values())


def cells(found: Obligations) -> np.ndarray:
    """For each measure and profile, the index into CELLS: int8, measures x profiles."""
    applies, exempt = STANDINGS.index("applies"), STANDINGS.index("exempt")
    before, after = found.drafted.standing, found.amended.standing
    out = np.zeros_like(after)
    out[(before == exempt) | (after == exempt)] = CELLS.index("exempt")
    out[(after == applies) & (before != applies)] = CELLS.index("only_amended")
    out[(after == applies) & (before == applies)] = CELLS.index("both")
    return out


def code_maps(found: Obligations, members: np.ndarray | None = None) -> tuple[CodeMap, ...]:
    """The rows of each code's map. members: bool, one a profile: only these services; all of them, unless told otherwise."""
    table = cells(found)
    maps = []
    for number, code in enumerate(found.grid.codes):
        measures = [place for place, measure in enumerate(found.measures) if measure.code == code]
        inside = np.flatnonzero(found.grid.code == number)
        treated = {
            _key(found.grid.profiles[place]): tuple(CELLS[each] for each in table[measures, place]) for place in inside
        }
        alike = {fact.id: _told_apart(fact, treated) for fact in found.grid.facts}
        rows: dict[tuple[tuple[str, tuple[str, ...]], ...], list[tuple[str, ...]]] = {}
        for place in inside:
            if members is None or members[place]:
                profile = found.grid.profiles[place]
                group = tuple(
                    (fact, alike[fact][value]) for fact, value in profile.items() if len(set(alike[fact].values())) > 1
                )
                rows.setdefault(group, []).append(treated[_key(profile)])
        if rows:
            lines = _joined(
                [MapRow(group, len(same), same[0]) for group, same in rows.items()],
                {fact: set(values) for fact, values in alike.items()},
            )
            maps.append(CodeMap(code, tuple(found.measures[place] for place in measures), tuple(lines)))
    return tuple(maps)


def _joined(rows: list[MapRow], every: dict[str, set[str]]) -> list[MapRow]:
    """Put rows together that every measure treats alike and that differ in one fact alone; that fact goes where all its values are there."""
    for place, one in enumerate(rows):
        for other in rows[place + 1 :]:
            first, second = dict(one.facts), dict(other.facts)
            differing = [fact for fact in first if first[fact] != second.get(fact)]
            if one.cells == other.cells and first.keys() == second.keys() and len(differing) == 1:
                fact = differing[0]
                values = (*first[fact], *second[fact])
                facts = tuple(
                    (each, values if each == fact else first[each])
                    for each in first
                    if each != fact or set(values) != every[fact]
                )
                joined = MapRow(facts, one.profiles + other.profiles, one.cells)
                return _joined([joined if each is one else each for each in rows if each is not other], every)
    return rows


def _key(profile: Profile) -> frozenset[tuple[str, str]]:
    return frozenset(profile.items())


def _told_apart(fact: Fact, treated: dict[frozenset[tuple[str, str]], tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """For each value of a fact that occurs, the values that no measure tells apart from it, itself among them."""
    having = {
        value: {key - {(fact.id, value)}: cells for key, cells in treated.items() if (fact.id, value) in key}
        for value in fact.value_ids()
    }
    return {
        value: tuple(other for other in fact.value_ids() if having[other] == rest)
        for value, rest in having.items()
        if rest
    }


def measure_reach(found: Obligations, rules: Rules, members: np.ndarray) -> tuple[MeasureReach, ...]:
    """For each measure: how many of some services it binds, and which adopted recommendations make the difference."""
    table = cells(found)
    lines = []
    for place, measure in enumerate(found.measures):
        inside = members & (found.grid.code == found.grid.codes.index(measure.code))
        counts = {name: int((table[place, inside] == number).sum()) for number, name in enumerate(CELLS)}
        by = [
            *measure.added_by,
            *(
                each
                for exemption in measure.exemptions
                for each in (*exemption.withdrawn_by, *(proviso.by for proviso in exemption.provisos))
            ),
        ]
        let_out = int((found.drafted.standing[place, inside] == STANDINGS.index("exempt")).sum())
        lines.append(
            MeasureReach(
                measure,
                counts,
                let_out,
                tuple(rules.recommendation(each) for each in dict.fromkeys(by)) if counts["only_amended"] else (),
            )
        )
    return tuple(lines)


def bound_by(reaches: tuple[Reach, ...], members: np.ndarray) -> tuple[tuple[Recommendation, int], ...]:
    """The recommendations that, adopted alone, newly bind some of these services by a measure, and how many profiles each binds."""
    found = ((each.recommendation, int((each.caught_alone & members).sum())) for each in reaches)
    return tuple((recommendation, count) for recommendation, count in found if count)


def caught(found: tuple[Reach, ...], members: np.ndarray) -> tuple[tuple[Recommendation, int, int, int, int], ...]:
    """For each recommendation, of some services: newly bound by a measure alone and last, and asked for more alone and last."""
    return tuple(
        (
            each.recommendation,
            *(
                int((array & members).sum())
                for array in (each.caught_alone, each.caught_last, each.asked_more_alone, each.asked_more_last)
            ),
        )
        for each in found
    )
