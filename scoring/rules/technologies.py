"""The technologies that the submission names: what it says of each, and which of them exist for a requirement's material.

They are examples. No measure prescribes one, and nothing here recommends one. Source: rulebook, section 5.
"""

from dataclasses import dataclass

from scoring.rules.conditions import Profile, holds, in_a_sentence, join
from scoring.rules.model import Limit, Requirement, Rules, Technology

NOT_STATED = "not stated"


@dataclass(frozen=True)
class Existing:
    """What exists for the material of a requirement: the technologies named, and those that this service rules out, each with the reason.

    `covers` is the requirement's material, `materials` the part of it for which the submission names technologies.
    """

    covers: str
    materials: tuple[str, ...]
    named: tuple[Technology, ...]
    ruled_out: tuple[tuple[Technology, str], ...]

    @property
    def sentence(self) -> str:
        """What the list is, in plain words, or that there is none."""
        materials = join(map(in_a_sentence, self.materials))
        if self.named:
            return f"The submission names these as examples of what exists for {materials}. No measure prescribes one."
        if self.ruled_out:
            return f"The submission names technologies for {materials}, but none that this service leaves open."
        return f"The submission names no technology for this material ({self.covers})."


def existing(requirement: Requirement, facts: Profile, rules: Rules) -> Existing:
    """A technology is named for a requirement when the submission says that it exists for that material and the service does not rule it out.

    One whose material is not stated counts only for the services that the submission names it for, and for the material of that passage.
    """
    materials = rules.material.get(requirement.covers, ())
    named: list[Technology] = []
    ruled_out: list[tuple[Technology, str]] = []
    for technology in rules.technologies:
        reason = why_ruled_out(technology, facts, rules)
        if set(materials) & set(technology.materials):
            if reason:
                ruled_out.append((technology, reason))
            else:
                named.append(technology)
        elif not technology.materials and set(materials) & set(technology.passage_about) and not reason:
            named.append(technology)
    return Existing(requirement.covers, materials, tuple(named), tuple(ruled_out))


def turns_on(technology: Technology) -> set[str]:
    """The facts on which it turns whether a service rules a technology out."""
    return {fact for limit in (technology.only_for, technology.not_for) if limit for fact in limit.when.facts()}


def why_ruled_out(technology: Technology, facts: Profile, rules: Rules) -> str:
    """Why the service rules a technology out, and on whose word; empty where it does not."""
    only_for, not_for = technology.only_for, technology.not_for
    if only_for and not holds(only_for.when, facts):
        this = join(rules.phrases[fact, facts[fact]] for fact in only_for.when.facts() if fact in facts)
        return f"{only_for.because}{f' This service {this}.' if this else ''} ({_whose(only_for)})"
    if not_for and holds(not_for.when, facts):
        return f"{not_for.because} ({_whose(not_for)})"
    return ""


def _whose(limit: Limit) -> str:
    return f"{'our reading' if limit.basis == 'inferred' else 'as the submission reports it'}; {limit.where}"


def in_a_line(technology: Technology) -> str:
    """A technology by its name alone, with its material and whether the submission says that it fits end-to-end encryption."""
    name, _, _ = technology.title.partition(":")
    material = join(map(in_a_sentence, technology.materials)) or "material not stated"
    return f"**{name}** ({material}; end-to-end: {dict(said_of(technology))['End-to-end encryption']})"


def said_of(technology: Technology) -> tuple[tuple[str, str], ...]:
    """What the submission says of a technology, as names and values; what it leaves unsaid is "not stated"."""
    material = join(map(in_a_sentence, technology.materials)) or NOT_STATED
    cloud = ("listed" if not technology.materials else "also listed") + " for cloud storage"
    return (
        ("By", technology.who),
        ("Material", f"{material}; {cloud}" if technology.cloud_storage else material),
        ("Where it runs", technology.runs),
        ("End-to-end encryption", "said to fit" if technology.end_to_end == "yes" else NOT_STATED),
        ("Place in the submission", technology.where),
    )
