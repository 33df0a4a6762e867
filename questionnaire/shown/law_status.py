"""What the Sources page tells beside the rules, as data: what became of the draft, and words explained. No Streamlit here."""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from scoring.rules.conditions import Frozen
from scoring.rules.load import HERE, RulebookError, load, read
from scoring.rules.model import Id, Measure, Recommendation, Rules, Text

FILE = Path(__file__).parent / "sources.toml"
NOT_ESTABLISHED = "not_established"
"""The support of an outcome that nobody has written down yet."""


def _secure(url: str) -> str:
    if not re.fullmatch(r"https://[^\s/]+\.[^\s/]+(/\S*)?", url):
        raise ValueError(f"{url!r} is not an https link")
    return url


class Link(Frozen):
    """Where to read it: an https address, and a text that says what is behind it."""

    url: Annotated[str, AfterValidator(_secure)]
    text: Text


class Support(Frozen):
    """How well a fact is supported, in words."""

    id: Id
    label: Text
    meaning: Text


class Supported(Frozen):
    """Something that says how well it is supported; `support_note` says by whom, or how far."""

    id: Id
    support: Id
    support_note: str = ""
    link: Link | None = None


class Statement(Supported):
    """A sentence or two on what the texts are, and where the law is."""

    text: Text


class Event(Supported):
    """What happened and when; `date` puts it in its place, `when` says it in words. Every event has a link."""

    date: date
    when: Text
    what: Text
    link: Link


class Outcome(Supported):
    """What became of a recommendation, whose id it has, and where to look."""

    outcome: Text
    what: Text
    where: Text


class Reason(Supported):
    """A reason for the refusal, and the recommendations that would have closed the gap."""

    text: Text
    closes: tuple[str, ...] = Field(strict=False, min_length=1)


class Term(Supported):
    """A word and its meaning."""

    term: Text
    meaning: Text


class Precedent(Supported):
    """Something that the submission mentions beside the technologies, and its place there."""

    text: Text
    where: Text


class Sources(Frozen):
    """Everything that the Sources page tells beside the rules; `outcome` has one entry for each recommendation of the rules."""

    reviewed: date
    not_advice: Text
    instruments: Link
    report: Link
    support: tuple[Support, ...] = Field(strict=False)
    statement: tuple[Statement, ...] = Field(strict=False)
    event: tuple[Event, ...] = Field(strict=False)
    outcome: tuple[Outcome, ...] = Field(strict=False)
    reason: tuple[Reason, ...] = Field(strict=False)
    term: tuple[Term, ...] = Field(strict=False)
    precedent: tuple[Precedent, ...] = Field(strict=False)

    def supported(self) -> Iterable[Supported]:
        """Every fact."""
        return (*self.statement, *self.event, *self.outcome, *self.reason, *self.term, *self.precedent)

    def outcome_of(self, recommendation: Recommendation) -> Outcome:
        return next(each for each in self.outcome if each.id == recommendation.id)

    def support_of(self, fact: Supported) -> Support:
        return next(each for each in self.support if each.id == fact.support)


@lru_cache(maxsize=4)
def load_sources(path: Path = FILE, rulebook: Path = HERE) -> Sources:
    """Read the file and hold it against the rules. What comes back is frozen and may be shared.

    A recommendation without an outcome gets one that says "not established". Raises RulebookError, with file, id and
    what is wrong, for a file that cannot be used.
    """
    found: Sources = read(path.parent, path.name, Sources)
    recommendations = load(rulebook).recommendations
    _check(path.name, found, [each.id for each in recommendations])
    known = {each.id: each for each in found.outcome}
    label = next(each.label for each in found.support if each.id == NOT_ESTABLISHED)
    nothing: dict[str, Any] = {
        "outcome": label,
        "what": "Nobody has looked into it yet. Check the instrument.",
        "where": "Not established",
        "support": NOT_ESTABLISHED,
    }
    return found.model_copy(
        update={"outcome": tuple(known.get(each.id) or Outcome(id=each.id, **nothing) for each in recommendations)}
    )


def _check(file: str, found: Sources, recommendations: list[str]) -> None:
    """Hold the facts against one another and against the recommendations that there are."""
    for kind in ("support", "statement", "event", "outcome", "reason", "term", "precedent"):
        ids = [each.id for each in getattr(found, kind)]
        twice = next((each for each in ids if ids.count(each) > 1), None)
        if twice:
            raise RulebookError(file, twice, f"there are two entries {kind!r} with this id")
    supports = [each.id for each in found.support]
    if NOT_ESTABLISHED not in supports:
        raise RulebookError(
            file, "support", f"{NOT_ESTABLISHED!r} is missing: it is said of each recommendation without an outcome"
        )
    for each in found.supported():
        if each.support not in supports:
            raise RulebookError(file, each.id, f"'support' is {each.support!r}; allowed: {', '.join(supports)}")
    named = [(each.id, each.id, "is an outcome of") for each in found.outcome] + [
        (each.id, id, "'closes' names") for each in found.reason for id in each.closes
    ]
    for entry, id, how in named:
        if id not in recommendations:
            raise RulebookError(
                file, entry, f"{how} {id!r}, which is no recommendation; there are {', '.join(recommendations)}"
            )
    for before, after in zip(found.event, found.event[1:], strict=False):
        if before.date > after.date:
            raise RulebookError(
                file, after.id, f"is dated {after.date}, but comes after {before.id!r}, which is dated {before.date}"
            )
    if found.event and found.event[-1].date > found.reviewed:
        raise RulebookError(
            file, found.event[-1].id, f"is dated {found.event[-1].date}, after the review on {found.reviewed}"
        )


# ------------------------------------------------------------------------------------- the rules, as they are told
def changed_by(measure: Measure, rules: Rules) -> tuple[Recommendation, ...]:
    """The recommendations that add a measure or change it."""
    return tuple(
        each
        for each in rules.recommendations
        if any(
            (change.measure if isinstance(change.measure, str) else change.measure.id) == measure.id
            for change in each.changes
        )
    )
