"""Pictures of a portfolio as HTML: how many services are bound, and what each recommendation brings. Each bar has its words above it."""

from collections.abc import Sequence
from typing import Any

from scoring.documents import words
from scoring.documents.html_table import environment
from scoring.portfolio.coverage import Brings
from scoring.rules.in_words import in_short
from scoring.rules.model import AMENDED, DRAFTED


def bound_picture(services: int, drafted: int, amended: int, name: str) -> str:
    """Two bars of all services, drafted above amended, filled as far as services are bound. name: what to call the amended result."""
    sides = ((words.REGIME[DRAFTED], drafted, DRAFTED), (name, amended, AMENDED))
    bars = [(title, f"{bound:,} of {services:,} bound", services, [(regime, bound)]) for title, bound, regime in sides]
    said = f"{words.REGIME[DRAFTED]}, {drafted:,} are bound; {name[0].lower()}{name[1:]}, {amended:,}"
    return _picture(bars, services, f"Two bars of {services:,} services. {said}.")


def brings_picture(brings: Sequence[Brings]) -> str:
    """A bar a recommendation: the services that it newly binds, then those of which it asks more."""
    counts = [(one.recommendation, len(one.newly), len(one.more)) for one in brings]
    bars = [
        (in_short(recommendation), _brings(newly, more), newly + more, [(AMENDED, newly), ("more", more)])
        for recommendation, newly, more in counts
    ]
    about = "A bar a recommendation, in services: those that it newly binds are plain, those of which it asks more are hatched."
    said = "; ".join(f"{in_short(recommendation)} {_brings(newly, more)}" for recommendation, newly, more in counts)
    return _picture(bars, max(whole for _, _, whole, _ in bars), f"{about} {said}.")


def _brings(newly: int, more: int) -> str:
    return ", ".join(f"{what} {count:,}" for what, count in (("newly binds", newly), ("asks more of", more)) if count)


def _picture(bars: Sequence[tuple[object, ...]], longest: int, about: str) -> str:
    template: Any = environment().get_template("portfolio_pictures.html.j2").module
    return str(template.draw(bars, longest, about))
