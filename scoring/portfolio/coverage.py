"""Which services of a portfolio are newly bound, by which recommendations, and of which more is asked: on a page and as a CSV file.

A service is newly bound where no measure binds it as drafted and one does as amended. A recommendation brings it in where it binds
the service alone, or together with others of which none can be left out. Of every other service a recommendation asks more where a
requirement is owed with it, alone or together with such others, that is not owed as drafted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from scoring.files.table_out import BOM, csv_line
from scoring.kinds.slips import Way
from scoring.portfolio.columns import SERVICE
from scoring.portfolio.summary import Portfolio
from scoring.portfolio.tables import csv_lines
from scoring.rules.model import Recommendation

COLUMNS = (SERVICE, "code", "bound_as_drafted", "bound_as_amended", "brought_in_by", "asked_more_by")
ALTERNATIVE = " or "
"""What stands between sets of recommendations of which each brings a service in; a + stands between those of one set."""


@dataclass(frozen=True)
class Brings:
    """What a recommendation brings: the places of the services that it newly binds, and of those of which it asks more. No service is in both."""

    recommendation: Recommendation
    newly: np.ndarray
    more: np.ndarray


@dataclass(frozen=True)
class Coverage:
    """A portfolio, and the ways by which its adopted recommendations reach kinds of service."""

    portfolio: Portfolio
    ways: tuple[Way, ...]

    @cached_property
    def newly(self) -> np.ndarray:
        """The places of the services that are newly bound."""
        return np.flatnonzero(self.portfolio.amended.bound & ~self.portfolio.drafted.bound)

    def brought_in_by(self, place: int) -> tuple[tuple[Recommendation, ...], ...]:
        """The sets of recommendations of which each brings a service in, small ones first. place: that of the service."""
        kind = self.portfolio.profile[place]
        return tuple(way.recommendations for way in self.ways if way.binds[kind])

    @cached_property
    def newly_by_way(self) -> tuple[tuple[tuple[tuple[Recommendation, ...], ...], np.ndarray], ...]:
        """The services that are newly bound, by what brings them in: as in `brought_in_by`, with their places; the most services first."""
        kinds = self.portfolio.profile[self.newly]
        places: dict[tuple[tuple[Recommendation, ...], ...], list[np.ndarray]] = {}
        for kind in np.unique(kinds):
            here = self.newly[kinds == kind]
            places.setdefault(self.brought_in_by(here[0]), []).append(here)
        together = [(by, np.sort(np.concatenate(parts))) for by, parts in places.items()]
        return tuple(sorted(together, key=lambda group: (-len(group[1]), group[1][0])))

    @cached_property
    def brings(self) -> tuple[Brings, ...]:
        """What each recommendation brings that is adopted."""
        every = []
        for recommendation in self.portfolio.regimes.adopted:
            binds, asks = self._reaches(recommendation)
            here = self.portfolio.profile
            every.append(Brings(recommendation, np.flatnonzero(binds[here]), np.flatnonzero(asks[here])))
        return tuple(every)

    def _reaches(self, recommendation: Recommendation) -> tuple[np.ndarray, np.ndarray]:
        """The kinds of service that a recommendation newly binds, and those of which it asks more: each a bool for each profile."""
        ways = [way for way in self.ways if recommendation in way.recommendations]
        if not ways:
            nothing = np.zeros(int(self.portfolio.profile.max(initial=0)) + 1, dtype=bool)
            return nothing, nothing
        binds = np.logical_or.reduce([way.binds for way in ways])
        return binds, np.logical_or.reduce([way.asks for way in ways]) & ~binds

    def csv(self) -> bytes:
        """A row a service, in the order of the file, whether or not anything changes for it. UTF-8 with BOM, LF line ends."""
        portfolio = self.portfolio
        reaches = {known.id: self._reaches(known) for known in portfolio.regimes.adopted}
        kinds, kind_of = np.unique(portfolio.profile, return_inverse=True)
        first = np.unique(kind_of, return_index=True)[1].tolist()
        brought = [ALTERNATIVE.join("+".join(_ids(some)) for some in self.brought_in_by(place)) for place in first]
        asked = ["; ".join(known for known, (_, asks) in reaches.items() if asks[kind]) for kind in kinds.tolist()]
        columns = (
            portfolio.names,
            pd.Categorical.from_codes(portfolio.code, list(portfolio.codes)),  # type: ignore[call-overload]
            *(pd.Categorical(np.where(side.bound, "yes", "no")) for side in (portfolio.drafted, portfolio.amended)),
            *(pd.Categorical(np.array(words, dtype=object)[kind_of]) for words in (brought, asked)),
        )
        table = pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))
        return f"{BOM}{csv_line(COLUMNS)}{csv_lines(table)}".encode()


def coverage(portfolio: Portfolio, ways: Sequence[Way]) -> Coverage:
    """The coverage of a portfolio. ways: every one that there is; those count whose recommendations are all adopted."""
    adopted = set(_ids(portfolio.regimes.adopted))
    return Coverage(portfolio, tuple(way for way in ways if adopted.issuperset(_ids(way.recommendations))))


def _ids(recommendations: Sequence[Recommendation]) -> list[str]:
    return [recommendation.id for recommendation in recommendations]
