"""The four worked examples, written down from the rulebook's section 6: what a provider says, and the figures that must come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NOT_OWED = "not owed"


SOCIAL = {"category": "sms", "tier": "tier_1", "encryption": "none", "hosting": "provider_managed", "livestream": "no"}
"""The facts of a plain social media service, and likewise of a plain website."""
WEBSITE = {**SOCIAL, "category": "dis"}


@dataclass(frozen=True)
class Example:
    """A service, its answers, and its figures as drafted and as amended."""

    sample: str
    profile: Mapping[str, str]
    grades: Mapping[str, str]
    measures_applying: tuple[str, str]
    points: tuple[str, str]
    shortfall: tuple[str, str]
    statuses: Mapping[str, tuple[str, str]]
    sums: Mapping[str, tuple[str, str]]
    notes: Mapping[str, str] = field(default_factory=dict)


MESSENGER = Example(
    sample="Encrypted messenger",
    profile={
        "category": "res",
        "tier": "tier_1",
        "encryption": "end_to_end",
        "communication": "closed",
        "hosting": "provider_managed",
        "livestream": "yes",
        "capable": "no",
        "esafety_approval": "not_sought",
    },
    grades={
        "RES-MCM3.a": "not_met",
        "RES-MCM8.a": "not_met",
        "RES-MCM8.b": "not_met",
        "RES-MCM10.a": "partly",
        "RES-MCM10.b": "partly",
        "RES-MCM10.c": "partly",
        "RES-MCM10.d": "not_met",
        "RES-MCM11.a": "not_met",
    },
    measures_applying=("1 of 4", "4 of 4"),
    points=("3 of 6", "3 of 16"),
    shortfall=("3", "13"),
    statuses={
        "RES-MCM3": ("exempt", "not_met"),
        "RES-MCM8": ("exempt", "not_met"),
        "RES-MCM10": ("partly_met", "partly_met"),
        "RES-MCM11": ("exempt", "not_met"),
    },
    sums={
        "RES-MCM3": (NOT_OWED, "0 of 2"),
        "RES-MCM8": (NOT_OWED, "0 of 4"),
        "RES-MCM10": ("3 of 6", "3 of 8"),
        "RES-MCM11": (NOT_OWED, "0 of 2"),
    },
)
DRIVE = Example(
    sample="Cloud drive",
    profile={"category": "dis", "encryption": "provider_keys", "hosting": "end_user_managed", "livestream": "no"},
    grades={
        "DIS-MCM8.a": "met",
        "DIS-MCM8.b": "met",
        "DIS-MCM9.a": "met",
        "DIS-MCM9.b": "met",
        "DIS-MCM9.c": "met",
        "DIS-MCM9.d": "not_met",
        "DIS-MCM9.e": "not_met",
        "DIS-NEW.a": "not_met",
    },
    measures_applying=("0 of 2", "3 of 3"),
    points=("Nothing is owed", "10 of 16"),
    shortfall=("0", "6"),
    statuses={
        "DIS-MCM8": ("exempt", "met"),
        "DIS-MCM9": ("exempt", "partly_met"),
        "DIS-NEW": ("not_applicable", "not_met"),
    },
    sums={"DIS-MCM8": (NOT_OWED, "4 of 4"), "DIS-MCM9": (NOT_OWED, "6 of 10"), "DIS-NEW": (NOT_OWED, "0 of 2")},
)
NETWORK = Example(
    sample="Large social network",
    profile={
        "category": "sms",
        "tier": "tier_1",
        "encryption": "provider_keys",
        "hosting": "provider_managed",
        "livestream": "yes",
    },
    grades={"SMS-MCM10.a": "met", "SMS-MCM10.b": "met", "SMS-MCM10.c": "not_feasible", "SMS-MCM10.d": "not_met"},
    notes={"SMS-MCM10.c": "Tested in 2025; too many false alarms."},
    measures_applying=("1 of 1", "1 of 1"),
    points=("4 of 4", "4 of 6"),
    shortfall=("0", "2"),
    statuses={"SMS-MCM10": ("met", "partly_met")},
    sums={"SMS-MCM10": ("4 of 4", "4 of 6")},
)
FORUM = Example(
    sample="Small forum",
    profile={
        "category": "sms",
        "tier": "tier_3",
        "encryption": "provider_keys",
        "hosting": "provider_managed",
        "livestream": "no",
    },
    grades={},
    measures_applying=("0 of 1", "0 of 1"),
    points=("Nothing is owed", "Nothing is owed"),
    shortfall=("0", "0"),
    statuses={"SMS-MCM10": ("not_applicable", "not_applicable")},
    sums={"SMS-MCM10": (NOT_OWED, NOT_OWED)},
)
EXAMPLES = (MESSENGER, DRIVE, NETWORK, FORUM)
