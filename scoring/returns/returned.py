"""What many files come to: a line for each, the services that they are of, and the figures of those. Source: contracts, "Returns output".

The figures are those of the portfolio: the services of the files go through its check and its one tally.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from unicodedata import normalize

import pandas as pd

from scoring.files.guard import guarded
from scoring.files.header import BLANKS
from scoring.files.messages import is_lost
from scoring.follow_up.plan import outlook
from scoring.follow_up.review import changed_since_marked
from scoring.follow_up.rounds import Round
from scoring.kinds.obligations import Obligations, obligations
from scoring.portfolio.check import Checker
from scoring.portfolio.columns import NOTE, SERVICE
from scoring.portfolio.score import REGIMES, SERVICE_FIGURES, score
from scoring.returns.received import Received
from scoring.rules.model import AMENDED, DRAFTED, Regimes, Rules
from scoring.score.assessment import Assessment, Plan, all_requirements, is_date, without_controls
from scoring.score.scorecard import scorecard

COUNTS, EARLIER, TWICE, NOT_COUNTED = "yes", "earlier", "twice", "no"
"""Whether a file counts: it does; it is an earlier round of a service; the same file is there already; it cannot be scored."""
FIGURES = tuple(f"{regime}_{figure}" for regime in REGIMES for figure in SERVICE_FIGURES)
ONLY_AMENDED = "only_amended_shortfall"
"""The points that are missing as amended and not as drafted; no column of the file, which has both."""
FOLLOW_UP = ("evidence", "plan_open", "plan_overdue", "accepted", "revise", "changed_since_review")
COLUMNS = (
    *("file", "kind", "provider", "service", "code", "assessed_on", "rulebook", "cells_differing"),
    *FIGURES,
    *FOLLOW_UP,
    "problem",
)
"""The columns of the table, in their order: those of the contract, and no other."""


@dataclass(frozen=True)
class Return:
    """A line of the table: what a file is, and what is in it. Its columns are those of COLUMNS.

    instead: where another file counts in its place, what that is called. received: the file itself.
    """

    file: str
    kind: str
    received: Received = field(repr=False)
    provider: str = ""
    service: str = ""
    code: str = ""
    assessed_on: str = ""
    rulebook: str = ""
    cells_differing: int | None = None
    figures: Mapping[str, float | None] = field(default_factory=dict)
    follow_up: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""
    counted: str = NOT_COUNTED
    instead: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.problem

    @property
    def verified(self) -> bool:
        """Whether it brings figures, which were computed again: a scorecard. Saved answers have none that could hold."""
        return self.cells_differing is not None

    @property
    def refused(self) -> bool:
        """Whether nothing could be read of it."""
        return self.received.read is None

    @property
    def cells(self) -> tuple[object, ...]:
        """The line as the cells of the table; None where there is nothing to say."""
        said = {**vars(self), **self.figures, **self.follow_up}
        return tuple(said.get(column) for column in COLUMNS)


@dataclass(frozen=True)
class Returns:
    """Many files, a line each in the order in which they came.

    rulebook: the version of the rules by which they are scored. services: those that can be scored, as the portfolio's check gives them, indexed by their
    place among the lines.
    """

    rulebook: str
    owed: Obligations
    lines: tuple[Return, ...]
    services: pd.DataFrame

    @cached_property
    def counted(self) -> tuple[int, ...]:
        """The places of the lines that count: one for each service."""
        return tuple(place for place, line in enumerate(self.lines) if line.counted == COUNTS)

    @property
    def sentence(self) -> str:
        """How many files are in, how many scorecards hold, how many files with answers could be read, and how many services they are."""
        once = [line for line in self.lines if line.counted != TWICE]
        kinds = [(line.verified, line.holds) for line in once if not line.refused]
        earlier = sum(line.counted == EARLIER for line in once)
        counts = (
            (kinds.count((True, True)), "scorecard holds", "scorecards hold"),
            (kinds.count((False, True)), "with answers is read", "with answers are read"),
            (kinds.count((True, False)), "scorecard does not hold", "scorecards do not hold"),
            (kinds.count((False, False)), "with answers has a problem", "with answers have a problem"),
            (len(once) - len(kinds), "is refused", "are refused"),
            (len(self.lines) - len(once), "is there already", "are there already"),
        )
        parts = [f"{count:,} {one if count == 1 else many}" for count, one, many in counts if count]
        services = len(self.counted)
        said = f"{_are(len(self.lines), 'file')} in{': ' * bool(parts)}{', '.join(parts)}. {_are(services, 'service')} counted"
        return said + (f", {earlier:,} earlier {'round' if earlier == 1 else 'rounds'} not." if earlier else ".")

    def rounds_of(self, one: Received) -> tuple[Received, ...]:
        """The files that can be scored of the service that a file is of, each once."""
        services = zip(self.lines, service_of(self.lines), strict=True)
        scored = [(line.received, service) for line, service in services if line.counted in (COUNTS, EARLIER)]
        its = next((service for received, service in scored if received.mark == one.mark), None)
        return tuple(received for received, service in scored if service == its)

    def names(self) -> dict[int, str]:
        """What to call each service that counts, by its place: no two alike, as a portfolio needs them."""
        names: dict[int, str] = {}
        plain = [_as_named(self.lines[place].service) for place in self.counted]
        for place, name in zip(self.counted, plain, strict=True):
            line = self.lines[place]
            if not name:
                name = f"Without a name ({line.file})"
            elif plain.count(name) > 1 and _as_named(line.provider):
                name = f"{name} ({_as_named(line.provider)})"
            free = (f"{name} {number}" if number > 1 else name for number in range(1, len(plain) + 2))
            names[place] = next(other for other in free if other not in names.values())
        return names


def _as_named(name: str) -> str:
    """The name of a service or a provider, as a portfolio takes it and tells one from another."""
    named = normalize("NFC", without_controls(name, " ").strip(BLANKS))
    return f"“{named}”" if is_lost(named) else named


def _are(count: int, noun: str) -> str:
    return f"{count:,} {noun} is" if count == 1 else f"{count:,} {noun}s are"


def returns_of(rules: Rules, received: Sequence[Received], today: date, regimes: Regimes | None = None) -> Returns:
    """What the files come to. today: the day from which a plan is overdue. regimes: with which recommendations; all, unless told otherwise."""
    owed = obligations(rules, regimes)
    rounds = {place: one.read.round for place, one in enumerate(received) if one.read and not one.read.round.missing}
    checked = Checker(rules, owed).check(
        services_frame(rules, rounds, {place: str(place) for place in rounds}, whole=False)
    )
    services, scores = checked.services, score(checked.services, owed)
    problems = {problem.row: problem.in_words() for problem in reversed(checked.problems)}
    figures = _figures(scores)
    lines = []
    for place, one in enumerate(received):
        line = Return(one.file, one.kind, one, problem=one.why or problems.get(place, ""))
        if one.read is None:
            lines.append(line)
            continue
        known, verification = one.read.round, one.read.verification
        code = rules.code_of(dict(known.facts)) if known.facts else None
        lines.append(
            replace(
                line,
                provider=known.provider,
                service=known.service,
                code=code.id if code else "",
                assessed_on=known.assessed_on,
                rulebook=known.rulebook,
                cells_differing=len(verification.differences) if verification else None,
                figures=figures.get(place, {}),
                follow_up=_follow_up(rules, one.read.assessment, owed.regimes, today) if one.read.assessment else {},
            )
        )
    return Returns(rules.version, owed, _counted(lines, set(services.index)), services)


def services_frame(
    rules: Rules, rounds: Mapping[int, Round], names: Mapping[int, str], whole: bool = True
) -> pd.DataFrame:
    """Rounds as rows of a file of services, all of it guarded text, with their facts, grades and notes.

    names: what to call each. whole: whether each note is whole; else only that there is one, and no more is scored.
    """
    requirements = [requirement.id for requirement in all_requirements(rules)]
    columns: dict[str, list[str]] = {SERVICE: [guarded(names[place]) for place in rounds]}
    for fact in rules.facts:
        columns[fact.id] = [known.facts.get(fact.id, "") for known in rounds.values()]
    for requirement in requirements:
        answers = [known.answers.get(requirement) for known in rounds.values()]
        columns[requirement] = [answer.grade if answer else "" for answer in answers]
        columns[requirement + NOTE] = [
            (_as_note(answer.note) if whole else "given") if answer and answer.note.strip() else ""
            for answer in answers
        ]
    return pd.DataFrame(columns, index=list(rounds), dtype="str")


def _as_note(note: str) -> str:
    """A note, which is not blank, as a portfolio takes it: guarded, and in quotation marks where it would take it for nothing, or for what a spreadsheet lost."""
    text = without_controls(note)
    plain = text.strip(BLANKS)
    return guarded(f"“{text}”" if is_lost(plain) or not plain else text)


def _figures(scores: pd.DataFrame) -> dict[int, dict[str, float | None]]:
    """The figures of each service by its place; no score where nothing is owed."""
    figures = scores[list(FIGURES)].astype(object).where(scores[list(FIGURES)].notna(), None)
    figures[ONLY_AMENDED] = figures[f"{AMENDED}_shortfall"] - figures[f"{DRAFTED}_shortfall"]
    names = figures.columns.tolist()
    return {place: dict(zip(names, values, strict=True)) for place, *values in figures.itertuples(name=None)}


def _follow_up(rules: Rules, assessment: Assessment, regimes: Regimes, today: date) -> dict[str, int]:
    """How much evidence is named, how many plans are open and overdue, and what a reviewer said. Where facts are missing, nobody knows which plans are for what is owed, and their counts are left out."""
    marks = [mark.mark for mark in assessment.review.marks.values()]
    planned, unknown = any(answer.plan != Plan() for answer in assessment.answers.values()), assessment.missing(rules)
    lines = outlook(rules, scorecard(rules, assessment, regimes), assessment, today).planned if planned and not unknown else ()  # fmt: skip
    said = (
        sum(len(answer.evidence) for answer in assessment.answers.values()),
        None if planned and unknown else sum(line.plan.status != "done" for line in lines),
        None if planned and unknown else sum(line.overdue for line in lines),
        marks.count("accepted"),
        marks.count("revise"),
        len(changed_since_marked(assessment)),
    )
    return {name: count for name, count in zip(FOLLOW_UP, said, strict=True) if count is not None}


# ------------------------------------------------------------------------------------------------- which of them counts
def _counted(lines: Sequence[Return], scored: set[int]) -> tuple[Return, ...]:
    """The lines with which of them count: of files with the same bytes the first, of the rounds of a service the latest that can be scored."""
    first: dict[bytes, int] = {}
    rounds: dict[tuple[str, str], list[int]] = defaultdict(list)
    identities = service_of(lines)
    for place, line in enumerate(lines):
        if first.setdefault(line.received.mark, place) == place and place in scored:
            rounds[identities[place]].append(place)
    latest = {identity: max(places, key=lambda place: _moment(lines[place])) for identity, places in rounds.items()}
    told = []
    for place, line in enumerate(lines):
        same, counts = first[line.received.mark], latest.get(identities[place], place)
        if same != place:
            line = replace(line, counted=TWICE, instead=lines[same].file)
        elif place in scored:
            line = (
                replace(line, counted=COUNTS)
                if counts == place
                else replace(line, counted=EARLIER, instead=lines[counts].file)
            )
        told.append(line)
    return tuple(told)


def service_of(lines: Sequence[Return]) -> list[tuple[str, str]]:
    """Of each line, whose service it is: the provider and the name. A file without a name is a service of its own.

    A file that names no provider, as no scorecard does, is of the one provider that has a service of this name, where there is one alone.
    """
    named = [(_as_named(line.provider), _as_named(line.service)) for line in lines]
    providers: dict[str, set[str]] = defaultdict(set)
    for provider, service in named:
        if provider:
            providers[service].add(provider)
    return [
        (provider or (next(iter(providers[service])) if len(providers[service]) == 1 else ""), service)
        if service
        else ("", line.received.mark.hex())
        for line, (provider, service) in zip(lines, named, strict=True)
    ]


def _moment(line: Return) -> tuple[bool, str, float]:
    """What tells a later round from an earlier one: the day, and on the same day the moment, where the file has one; a day that cannot be read is the earliest."""
    assert line.received.read is not None
    known = line.received.read.round
    dated = is_date(known.assessed_on)
    moment = datetime.fromisoformat(known.saved_at).timestamp() if known.saved_at else -1.0
    return dated, known.assessed_on if dated else "", moment
