"""What moved between rounds of one service, and with what: changed facts, changed answers or changed rules. Source: contracts, "Compare output"."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from scoring.files.header import compared
from scoring.files.messages import abridged
from scoring.follow_up.differences import Difference, beside_answers
from scoring.follow_up.rounds import SCORECARD, Round
from scoring.follow_up.shares import Movement, Side, measures_of, shares, together
from scoring.rules.amend import adopting
from scoring.rules.conditions import explain, in_a_sentence
from scoring.rules.in_words import exemption_in_words, requirement_condition
from scoring.rules.model import Regimes, Rules
from scoring.rules.profile import live, missing
from scoring.score.assessment import Answer, is_date
from scoring.score.attribution import in_words
from scoring.score.scorecard import Scorecard, score
from scoring.score.tally import Sums

FACT, ANSWER, RULE = "fact", "answer", "rule"
CAUSES = {FACT: "Changed facts", ANSWER: "Changed answers", RULE: "Changed rules"}
"""What may have moved points, in the order in which it is told."""
RULEBOOK = "rulebook"
"""The id of the change that says under which versions of the rules the two rounds were given, where that is to be known."""


class CompareError(ValueError):
    """Rounds that cannot be compared; the message names them and says why. may_be_one: whether it may be one service all the same."""

    def __init__(self, what: str, may_be_one: bool = False) -> None:
        super().__init__(what)
        self.may_be_one = may_be_one


@dataclass(frozen=True)
class Change:
    """A fact, an answer or a rule that differs, and what moved with it.

    earlier and later: the id of a fact's value, empty where it was not asked; the answer to a requirement; or a measure in words, empty where there is none.
    """

    what: str
    id: str
    title: str
    earlier: str | Answer
    later: str | Answer
    moved: Movement


@dataclass(frozen=True)
class Step:
    """From one round to the next: what each is scored by, what differs, and what differs beside facts, answers and rules, which moves nothing."""

    earlier: Round
    later: Round
    sides: tuple[Side, Side] = field(repr=False)
    changes: tuple[Change, ...]
    beside: tuple[Difference, ...] = ()

    @cached_property
    def before(self) -> Scorecard:
        """The scorecard of the earlier round."""
        return _card(self.sides[0], self.earlier)

    @cached_property
    def after(self) -> Scorecard:
        """The scorecard of the later round."""
        return _card(self.sides[1], self.later)

    def moved(self, *causes: str) -> Movement:
        """What moved with some of the causes, or with all of them where none is named: the sum of the changes."""
        return together([change.moved for change in self.changes if not causes or change.what in causes])

    @property
    def sentence(self) -> str:
        """What moved, in a sentence or two."""
        since = f"Since {self.earlier.day}"
        if all(change.earlier == change.later and change.moved == together(()) for change in self.changes):
            same = "facts, answers and rules are the same, and no points moved"
            if not self.beside:
                return f"{since} nothing has changed: {same}."
            return f"{since} {same}. What has changed beside them: {'; '.join(one.part for one in self.beside)}."
        results = {
            regime: (getattr(self.before, regime).sums, getattr(self.after, regime).sums) for regime in self.after.names
        }
        points = (
            f"{in_a_sentence(self.after.names[regime])}, {self._by_cause(regime)}{_opened(then, now)} ({then.counted} then, {now.counted} now)"
            for regime, (then, now) in results.items()
        )
        lacking = (
            f"{then.shortfall} then and {now.shortfall} now {in_a_sentence(self.after.names[regime])}"
            for regime, (then, now) in results.items()
        )
        return f"{since}: {'; '.join(points)}. Points missing: {', '.join(lacking)}."

    def _by_cause(self, regime: str) -> str:
        parts: list[str] = []
        for cause, title in CAUSES.items():
            points = self.moved(cause)[regime].points
            if points:
                unit = "" if parts else " point" if abs(points) == 1 else " points"
                parts.append(
                    f"{in_words(abs(points))}{unit} {'gained by' if points > 0 else 'lost to'} {in_a_sentence(title)}"
                )
        return ", ".join(parts) or "no points gained or lost"


@dataclass(frozen=True)
class Comparison:
    """Rounds of one service in their order, the steps between them, and what is to be known of how they were compared."""

    rounds: tuple[Round, ...]
    steps: tuple[Step, ...]
    notices: tuple[str, ...]


def _opened(then: Sums, now: Sums) -> str:
    """That more or less is unanswered, where the earned points are the same: it is why a range is another one."""
    if then.points != now.points or then.out_of != now.out_of or then.unanswered == now.unanswered:
        return ""
    return f", and {'less' if now.unanswered < then.unanswered else 'more'} is unanswered"


def compare(
    rounds: Iterable[Round],
    rules: Rules,
    adopted: Sequence[str] | None = None,
    *,
    versions: Mapping[str, Rules] | None = None,
    same_service: bool = False,
) -> Comparison:
    """Compare rounds of one service, each with the next in the order of their days.

    rules: the present ones. adopted: the recommendations that make the amended regime, by their ids; None for all. versions: the rules of other versions
    that are still at hand, by version. same_service: whether rounds of several names, or under several codes, are of one service all the same.
    Raises CompareError where there are fewer than two rounds, facts are missing, or it is not one service.
    """
    ordered = _in_order(tuple(rounds))
    if len(ordered) < 2:
        raise CompareError("one round alone cannot be compared; allowed: two or more")
    for one in ordered:
        if one.missing:
            raise CompareError(f"{one.name}: facts are missing that decide what is owed: {', '.join(one.missing)}")
    _check_one_service(ordered, rules, same_service)
    at_hand = {**(versions or {}), rules.version: rules}
    steps = []
    for earlier, later in pairwise(ordered):
        known = earlier.rulebook in at_hand and later.rulebook in at_hand
        both = (at_hand[earlier.rulebook], at_hand[later.rulebook]) if known else (rules, rules)
        steps.append(_step((earlier, later), both, adopted))
    return Comparison(ordered, tuple(steps), tuple(_notices(ordered, at_hand, rules, adopted)))


# ------------------------------------------------------------------------------------------ which rounds, in which order
def _in_order(rounds: tuple[Round, ...]) -> tuple[Round, ...]:
    """By their days and, within a day, by their moments where each has one; as they were given where a day cannot be read."""
    if not all(is_date(one.assessed_on) for one in rounds):
        return rounds
    if all(one.saved_at for one in rounds):
        return tuple(sorted(rounds, key=lambda one: (one.assessed_on, datetime.fromisoformat(one.saved_at))))
    return tuple(sorted(rounds, key=lambda one: one.assessed_on))


def _check_one_service(rounds: Sequence[Round], rules: Rules, same_service: bool) -> None:
    """Raise CompareError where two rounds are of two codes, or two names differ, or two providers that are given; unless it is known that they are one."""
    first = rounds[0]
    for other in rounds[1:]:
        codes = [rules.code_of(live(rules.facts, one.facts)) for one in (first, other)]
        if codes[0] != codes[1] and not same_service:
            named = " and ".join(
                f"{one.name} under the {code.title if code else 'no code'}"
                for one, code in zip((first, other), codes, strict=True)
            )
            raise CompareError(f"two services, or two parts of one: {named}", may_be_one=True)
    for what, names in (
        ("provider", {one.provider: one.name for one in rounds if one.provider}),
        ("service", {one.service: one.name for one in rounds}),
    ):
        if not same_service and len({compared(name) for name in names}) > 1:
            named = ", ".join(f"{abridged(name)} in {file}" for name, file in names.items())
            raise CompareError(
                f"the {what} is not the same in all: {named}. These may be two services, or two parts of one",
                may_be_one=True,
            )


def _notices(
    rounds: Sequence[Round], at_hand: Mapping[str, Rules], rules: Rules, adopted: Sequence[str] | None
) -> Iterable[str]:
    """What is to be known of how rounds were compared, each in a sentence or two. They hold what users and files say."""
    if not all(is_date(one.assessed_on) for one in rounds):
        yield f"A spreadsheet rewrote a date ({', '.join(one.assessed_on for one in rounds)}): the rounds are compared in the order in which they were given."
    chosen = [recommendation.id for recommendation in rules.recommendations] if adopted is None else adopted
    for place, one in enumerate(rounds):
        if one.rulebook not in at_hand:
            yield (
                f"{one.name} was given under the rules {one.rulebook}, which this program does not carry: it and what it is compared with are scored under "
                f"{rules.version}."
            )
        if one.adopted is not None and {*one.adopted} != {*chosen}:
            yield (
                f"{one.name} is a scorecard with other recommendations adopted ({', '.join(one.adopted) or 'none'}): it has no answers to what only those of this "
                "comparison ask."
            )
        again = next((other for other in rounds[:place] if replace(other, name=one.name) == one), None)
        if again:
            yield f"{again.name} and {one.name} hold the same round."


# ------------------------------------------------------------------------------------------------------- what differs
def _step(rounds: tuple[Round, Round], rules: tuple[Rules, Rules], adopted: Sequence[str] | None) -> Step:
    """What moved from one round to the next, each under its rules."""
    (earlier, later), only_scored = rounds, any(one.kind == SCORECARD for one in rounds)
    given = [{**later.facts, **earlier.facts}, {**earlier.facts, **later.facts}]
    answers = [
        {key: answer.scored for key, answer in one.answers.items()} if only_scored else one.answers for one in rounds
    ]  # a scorecard does not say since when, with what evidence or with what plan
    texts = {version.version: (version, _regimes(version, adopted)) for version in rules}
    for one, facts in zip(rounds, given, strict=True):
        for version, _ in texts.values():
            lacking = ", ".join(fact.id for fact in missing(version.facts, facts))
            if lacking:
                raise CompareError(f"{one.name}: facts are missing that the rules {version.version} ask for: {lacking}")
    sides = tuple(
        Side(*texts[version.version], facts, of_round)
        for version, facts, of_round in zip(rules, given, answers, strict=True)
    )
    beside = () if only_scored else beside_answers(earlier, later, rules[1])
    return Step(earlier, later, (sides[0], sides[1]), tuple(_changes(rounds, sides)), beside)


def _card(side: Side, of: Round) -> Scorecard:
    facts = live(side.rules.facts, side.facts)
    return score(side.rules, facts, side.answers, side.regimes, service=of.service, assessed_on=of.assessed_on)


def _regimes(rules: Rules, adopted: Sequence[str] | None) -> Regimes:
    known = {recommendation.id for recommendation in rules.recommendations}
    return rules.regimes if adopted is None else adopting(rules, [one for one in adopted if one in known])


def _changes(rounds: Sequence[Round], sides: Sequence[Side]) -> Iterable[Change]:
    """The facts, the answers and the rules that differ, in the order of the rules. An answer that is not owed differs too, and moves nothing."""
    moved, nothing = shares(*sides), together(())
    same_rules = sides[0].rules is sides[1].rules
    for fact in {fact.id: fact for side in sides for fact in side.rules.facts}.values():
        values = [one.facts.get(fact.id, "") for one in rounds]
        if values[0] != values[1]:
            yield Change(FACT, fact.id, fact.title, values[0], values[1], moved.facts.get(fact.id, nothing))
    measures = {measure.id: measure for measure in measures_of(sides)}
    for requirement in {one.id: one for measure in measures.values() for one in measure.requirements}.values():
        given = [side.answers.get(requirement.id, Answer()) for side in sides]
        if given[0] != given[1]:
            yield Change(
                ANSWER,
                requirement.id,
                requirement.title,
                given[0],
                given[1],
                moved.answers.get(requirement.id, nothing),
            )
    given_under, scored_under = ([one.rulebook for one in rounds], [side.rules.version for side in sides])
    if given_under != scored_under or given_under[0] != given_under[1]:
        said = "" if given_under == scored_under else f": both rounds are scored under {scored_under[1]}"
        yield Change(RULE, RULEBOOK, f"Version of the rules{said}", given_under[0], given_under[1], nothing)
    for measure in measures.values() if not same_rules else ():
        asks = [_measure_in_words(side, measure.id) for side in sides]
        if asks[0] != asks[1] or moved.rules.get(measure.id, nothing) != nothing:
            yield Change(RULE, measure.id, measure.title, asks[0], asks[1], moved.rules.get(measure.id, nothing))


def _measure_in_words(side: Side, measure_id: str) -> str:
    """What a measure asks of whom, with what the recommendations do to it; empty where there is none."""
    measure = side.rules.regimes.amended.measure(measure_id)
    if measure is None:
        return ""
    lines = [f"For a service that {explain(measure.scope, side.rules.phrases)}."]
    lines += [f"Exemption: {exemption_in_words(exemption, side.rules)}" for exemption in measure.exemptions]
    lines += [f"{one.id}: {one.text} {requirement_condition(one, side.rules)}".strip() for one in measure.requirements]
    return "\n".join(lines)
