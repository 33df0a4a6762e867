"""Pictures of a portfolio as HTML: how many services are bound, what each recommendation brings, and how far services fall short."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from scoring.documents import words
from scoring.documents.html_table import environment
from scoring.portfolio.coverage import Brings
from scoring.portfolio.summary import Distribution
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


def spread_picture(drafted: Distribution, amended: Distribution, name: str) -> str:
    """How many bound services are known to miss 0, 1, 2 ... points, drafted above amended; those that have answered nothing stand apart, first.

    name: what to call the amended result. Numbers of points that no service misses share a line.
    """
    names, sides = ((DRAFTED, words.REGIME[DRAFTED]), (AMENDED, name)), ((DRAFTED, drafted), (AMENDED, amended))
    several = [
        [(kind, int(side.points[missing])) if missing < len(side.points) else (kind, 0) for kind, side in sides]
        for missing in range(max(len(side.points) for _, side in sides))
    ]
    silent = [(kind, side.silent) for kind, side in sides]
    rows = [("Nothing answered", True, silent)] if any(count for _, count in silent) else []
    for is_there, run in groupby(range(len(several)), lambda missing: any(count for _, count in several[missing])):
        missing = list(run)
        if is_there:
            rows += [(words.count(points, "point"), False, several[points]) for points in missing]
        else:
            first, last = missing[0], missing[-1]
            rows.append((words.count(last, "point") if first == last else f"{first} to {last} points", False, []))
    longest = max((count for *_, counts in rows for _, count in counts), default=1)
    said = ". ".join(f"{called}: {_missed(side)}" for (_, called), (_, side) in zip(names, sides, strict=True))
    return str(_macros().spread(names, rows, longest, f"Bars of bound services by points known to be missing. {said}."))


def _missed(side: Distribution) -> str:
    """A distribution in words."""
    counts = [
        f"{count:,} {'misses' if count == 1 else 'miss'} {points}"
        for points, count in enumerate(side.points.tolist())
        if count
    ]
    nothing = [f"{side.silent:,} {'has' if side.silent == 1 else 'have'} answered nothing"] if side.silent else []
    return ", ".join(nothing + counts) or "none is bound"


def _picture(bars: Sequence[tuple[object, ...]], longest: int, about: str) -> str:
    return str(_macros().draw(bars, longest, about))


def _macros() -> Any:
    return environment().get_template("portfolio_pictures.html.j2").module
