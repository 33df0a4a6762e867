"""What the Sources page tells beside the rules, as data: what became of the draft, and words explained. No Streamlit here."""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from scoring.rules.conditions import Frozen
from scoring.rules.in_words import changes_to
from scoring.rules.load import HERE, RulebookError, load, read
from scoring.rules.model import Id, Measure, Recommendation, Rules, Text

FILE = Path(__file__).parent / "sources.toml"
NOT_ESTABLISHED = "not_established"
"""The support of an outcome that nobody has written down yet."""
OURS = "ours"
"""The support of a word that this tool uses in a sense of its own."""
KINDS = ("statement", "event", "outcome", "unscored", "reason", "term", "precedent")
"""The entries that are facts, each with its support."""


def _secure(url: str) -> str:
    if not re.fullmatch(r"https://[^\s/]+\.[^\s/]+(/\S*)?", url):
        raise ValueError(f"{url!r} is not an https link")
    return url


class Link(Frozen):
    """Where to read it: an https address, and a text that says what is behind it."""

    url: Annotated[str, AfterValidator(_secure)]
    text: Text

    @property
    def in_markdown(self) -> str:
        """The link as a page shows it."""
        return f"[{self.text}]({self.url})"


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


class Unscored(Supported):
    """Something that the submission asks beside its recommendations: its place, why it is not scored, and the recommendations that come nearest."""

    title: Text
    asks: Text
    where: Text
    unscored: Text
    near: tuple[str, ...] = Field(strict=False)


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
    unscored: tuple[Unscored, ...] = Field(strict=False)
    reason: tuple[Reason, ...] = Field(strict=False)
    term: tuple[Term, ...] = Field(strict=False)
    precedent: tuple[Precedent, ...] = Field(strict=False)

    def supported(self) -> Iterable[Supported]:
        """Every fact."""
        return (fact for kind in KINDS for fact in getattr(self, kind))

    def outcome_of(self, recommendation: Recommendation) -> Outcome:
        return next(outcome for outcome in self.outcome if outcome.id == recommendation.id)

    def support_of(self, fact: Supported) -> Support:
        return next(support for support in self.support if support.id == fact.support)


@lru_cache(maxsize=4)
def load_sources(path: Path = FILE, rulebook: Path = HERE) -> Sources:
    """Read the file and hold it against the rules. What comes back is frozen and may be shared.

    A recommendation without an outcome gets one that says "not established". Raises RulebookError, with file, id and
    what is wrong, for a file that cannot be used.
    """
    sources: Sources = read(path.parent, path.name, Sources)
    recommendations = [recommendation.id for recommendation in load(rulebook).recommendations]
    _check(path.name, sources, recommendations)
    known = {outcome.id: outcome for outcome in sources.outcome}
    nothing: dict[str, Any] = {
        "outcome": next(support.label for support in sources.support if support.id == NOT_ESTABLISHED),
        "what": "Nobody has looked into it yet.",
        "where": "Not established",
        "support": NOT_ESTABLISHED,
    }
    outcomes = tuple(known.get(id) or Outcome(id=id, **nothing) for id in recommendations)
    return sources.model_copy(update={"outcome": outcomes})


def _check(file: str, sources: Sources, recommendations: list[str]) -> None:
    """Hold the facts against one another and against the recommendations that there are."""
    for kind in ("support", *KINDS):
        ids = [entry.id for entry in getattr(sources, kind)]
        twice = next((id for id in ids if ids.count(id) > 1), None)
        if twice:
            raise RulebookError(file, twice, f"there are two entries {kind!r} with this id")
    supports = [support.id for support in sources.support]
    if NOT_ESTABLISHED not in supports:
        raise RulebookError(
            file, "support", f"{NOT_ESTABLISHED!r} is missing: it is said of each recommendation without an outcome"
        )
    for fact in sources.supported():
        if fact.support not in supports:
            raise RulebookError(file, fact.id, f"'support' is {fact.support!r}; allowed: {', '.join(supports)}")
    named = [
        *((outcome.id, outcome.id, "is an outcome of") for outcome in sources.outcome),
        *((reason.id, id, "'closes' names") for reason in sources.reason for id in reason.closes),
        *((unscored.id, id, "'near' names") for unscored in sources.unscored for id in unscored.near),
    ]
    for entry, id, how in named:
        if id not in recommendations:
            raise RulebookError(
                file, entry, f"{how} {id!r}, which is no recommendation; there are {', '.join(recommendations)}"
            )
    for before, after in zip(sources.event, sources.event[1:], strict=False):
        if before.date > after.date:
            raise RulebookError(
                file, after.id, f"is dated {after.date}, but comes after {before.id!r}, which is dated {before.date}"
            )
    if sources.event and sources.event[-1].date > sources.reviewed:
        last = sources.event[-1]
        raise RulebookError(file, last.id, f"is dated {last.date}, after the review on {sources.reviewed}")


# ------------------------------------------------------------------------------------- the rules, as they are told
def changed_by(measure: Measure, rules: Rules) -> tuple[Recommendation, ...]:
    """The recommendations that add a measure or change it."""
    return tuple(by for by in rules.recommendations if changes_to(measure.id, by))
