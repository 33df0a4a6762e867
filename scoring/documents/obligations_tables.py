"""What the page of obligations shows, as tables: typical services, who slips through, what each recommendation does, every group; and the page to print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

import numpy as np

from scoring.documents import html_table, words
from scoring.documents.html_table import Cell, Table, rows
from scoring.kinds.grid import Grid
from scoring.kinds.groups import Group, groups_of, in_short
from scoring.kinds.map import CodeMap, MeasureReach
from scoring.kinds.obligations import Obligations
from scoring.kinds.slips import Binding, Effect, LetOut, Slip, Way, effects, slips
from scoring.kinds.typical import Service, Side, Standing, facts_of, sides_of
from scoring.rules.conditions import in_a_sentence, join
from scoring.rules.in_words import in_short as named_in_short
from scoring.rules.model import Measure, Recommendation, Regimes, Rules
from scoring.score.assessment import day_in_words


@dataclass(frozen=True)
class Beside:
    """A file of services that is counted beside the kinds: for each of its services, the place of its kind. None where there is no file."""

    profile: np.ndarray | None = None

    def counted(self, kinds: np.ndarray) -> tuple[str, str]:
        """How many kinds there are among these; and, where there is a file, how many services of it are of them."""
        number = int(kinds.sum())
        said = f"{number:,} {'kind' if number == 1 else 'kinds'}"
        if self.profile is None:
            return said, ""
        return said, f"of your {len(self.profile):,} services: {int(kinds[self.profile].sum()):,}"

    def bound(self, rules: Rules, compared: Obligations) -> str:
        """How many services of the file a measure binds, as drafted and as amended."""
        assert self.profile is not None
        drafted, amended = (int(side.bound[self.profile].sum()) for side in (compared.drafted, compared.amended))
        named = words.amended(len(compared.regimes.adopted), len(rules.recommendations))
        return f"Of your {len(self.profile):,} services under Portfolio a measure binds {drafted:,} as drafted; {in_a_sentence(named)}, {amended:,}."


def typical(
    rules: Rules,
    services: Sequence[tuple[Service, Sequence[Standing], Sequence[Standing]]],
) -> Table:
    """A row for each service and measure of its code. services: each with where it stands, and where it stood before the last switch."""
    groups = []
    for service, standings, before in services:
        lines = [
            (
                Cell(standing.measure.title),
                Cell(
                    sign=standing.cell,
                    why=_why(standing.sides, standing.measure),
                    changed=_was(standing, earlier) if standing.differs(earlier) else "",
                ),
                Cell(_brought(standing)),
            )
            for standing, earlier in zip(standings, before, strict=True)
        ]
        groups.append((Cell(service.title, small=facts_of(rules, service)), tuple(lines)))
    about = "Typical services, and where each stands under each measure of its code"
    headings = ("Service", "Measure", "Where it stands", "What brings it in")
    return Table(about, headings, tuple(groups), kept=headings[2:], bare=headings[1:3])


def _measure(measure: Measure) -> Cell:
    return Cell(f"{measure.title} ({measure.id})")


def _why(sides: tuple[Side, Side], measure: Measure) -> tuple[str, ...]:
    """Why a measure binds a service or does not, as drafted and as amended, and on what basis the measure stands."""
    said = (
        f"{name}: {words.STANDING[standing].lower()}. {words.reason(because)}"
        for name, (standing, because) in zip(words.REGIME.values(), sides, strict=True)
    )
    return (*said, f"{measure.id}: {words.source(measure)}.")


def _was(now: Standing, before: Standing) -> str:
    if now.cell != before.cell:
        return f"was {words.CELL[before.cell].lower()}"
    return f"{now.requirements[1]} requirements, was {before.requirements[1]}"


def _brought(standing: Standing) -> str:
    more = join(known.id for known in standing.more)
    return f"{more} {'asks' if len(standing.more) == 1 else 'ask'} more" if more else either(standing.by)


def either(sets: Sequence[Sequence[Recommendation]]) -> str:
    """Recommendations of which one set is enough, by id."""
    return join((join(known.id for known in some) for some in sets), "or")


def who_slips(rules: Rules, several: Sequence[Slip], adopted: int, beside: Beside) -> Table:
    """A row for each group that no measure binds as drafted: what lets it out, what binds it, and where it stands as amended."""
    headings = (
        "Who",
        "Let out, as drafted, by",
        "Bound by adopting any of",
        words.amended(adopted, len(rules.recommendations)),
    )
    lines = [
        (
            Cell(whom(slip.group, rules), small="; ".join(filter(None, beside.counted(slip.kinds)))),
            Cell(lines=tuple(map(_let_out, slip.let_out))),
            Cell(lines=tuple(map(_binding, slip.bound_by)) or ("None of the recommendations",)),
            _bound(slip),
        )
        for slip in several
    ]
    return Table("Groups of services that no measure binds as drafted", headings, rows(lines))


def whom(group: Group, rules: Rules) -> str:
    """A group of services in a few words."""
    said = in_short(group.facts, rules) or "every service"
    return said[0].upper() + said[1:]


def _let_out(reason: LetOut) -> str:
    said = f"The exemption “{reason.reason}”" if reason.exemption else f"Only for a service that {reason.reason}"
    return f"{said}: {join(measure.id for measure in reason.measures)}"


def _binding(binding: Binding) -> str:
    names = join(map(named_in_short, binding.recommendations))
    return f"{names}, except: {binding.but}" if binding.but else names


def _bound(slip: Slip) -> Cell:
    if not slip.bound:
        return Cell("✗ Bound by no measure")
    return Cell(
        "" if slip.bound == slip.group.profiles else f"{slip.bound:,} of {slip.group.profiles:,} kinds",
        sign="only_amended",
    )


def by_recommendation(
    rules: Rules, several: Sequence[Effect], grid: Grid, chosen: np.ndarray, outcomes: Mapping[str, str], beside: Beside
) -> Table:
    """A row for each recommendation: whom it newly binds, of whom it asks more, and what became of it. outcomes: by its id."""

    def reached(kinds: np.ndarray) -> Cell:
        groups = groups_of(grid, kinds & chosen)
        if not groups:
            return Cell("–")
        number, services = beside.counted(kinds & chosen)
        reached_groups = tuple(f"{whom(group, rules)} ({group.profiles})" for group in groups)
        return Cell(number, lines=(services,) if services else (), why=reached_groups)

    def together(effect: Effect) -> list[str]:
        return [
            f"Only together with {join(known.id for known in some if known != effect.recommendation)}: {'; '.join(filter(None, beside.counted(kinds & chosen)))}"
            for some, kinds in effect.together
            if (kinds & chosen).any()
        ]

    lines = [
        (
            Cell(f"{effect.recommendation.title} ({effect.recommendation.id})"),
            reached(effect.binds),
            replace(alone := reached(effect.asks), lines=(*alone.lines, *together(effect))),
            Cell(
                outcomes[effect.recommendation.id],
                link=(f"sources?recommendation={effect.recommendation.id}", "Sources"),
            ),
        )
        for effect in several
    ]
    headings = ("Recommendation", "Newly binds", "Asks more of those bound as drafted", "What became of it")
    return Table("What each recommendation does, adopted alone", headings, rows(lines), kept=headings[1:2])


def by_measure(several: Sequence[MeasureReach]) -> Table:
    """A row for each of the measures: how many kinds an exemption lets out, and who changes that."""
    lines = [
        (
            _measure(reach.measure),
            Cell(f"{reach.let_out:,} of {reach.profiles:,}"),
            Cell(f"{reach.counts['only_amended']:,}" if reach.counts["only_amended"] else "–"),
            Cell(join(f"{known.title} ({known.id})" for known in reach.caught_by) or "–"),
        )
        for reach in several
    ]
    numbers = ("Kinds let out, as drafted", "Of them owed as amended")
    return Table(
        "Measures with an exemption, and how many kinds of service it lets out",
        ("Measure", *numbers, "Changed by"),
        rows(lines),
        numbers,
    )


def matrix(rules: Rules, of_code: CodeMap, regimes: Regimes, beside: Beside, grid: Grid) -> Table:
    """Groups of services of one code against its measures. Groups that every measure treats alike share a row."""
    in_code = grid.code == grid.codes.index(of_code.code)
    lines = []
    for cells, alike in groupby(of_code.rows, lambda row: row.cells):
        rows_alike = tuple(alike)
        kinds = np.logical_or.reduce([row.group.members(grid) & in_code for row in rows_alike])
        example = grid.profiles[int(np.flatnonzero(kinds)[0])]
        lines.append(
            (
                Cell(
                    lines=tuple(row.in_words(rules) for row in rows_alike),
                    small="; ".join(filter(None, beside.counted(kinds))),
                ),
                *(
                    Cell(sign=cell, why=("For instance:", *_why(sides_of(rules, example, regimes, measure), measure)))
                    for cell, measure in zip(cells, of_code.measures, strict=True)
                ),
            )
        )
    headings = ("Services", *(f"{measure.title} ({measure.id})" for measure in of_code.measures))
    return Table("Groups of services against measures", headings, rows(lines))


# --------------------------------------------------------------------------------------------------- the page to print
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
            slips=who_slips(rules, groups, len(adopted), beside),
            conclusion=_conclusion(rules, compared, groups),
            recommendations=by_recommendation(rules, several, compared.grid, everybody, outcomes, beside),
            of_the_file="" if beside.profile is None else beside.bound(rules, compared),
        )
        .encode()
    )


def _conclusion(rules: Rules, compared: Obligations, groups: Sequence[Slip]) -> str:
    """How many kinds of service no measure binds, as drafted and as amended, and which groups are left."""
    before, after = (int((~side.bound).sum()) for side in (compared.drafted, compared.amended))
    named = words.amended(len(compared.regimes.adopted), len(rules.recommendations))
    left = "; ".join(whom(slip.group, rules) for slip in groups if not slip.bound)
    return (
        f"In short: as drafted, no measure binds {before:,} of the {len(compared.grid):,} kinds of service that there are; {in_a_sentence(named)}, {after:,}."
        + (f" Still bound by none: {left}." if left else "")
    )
