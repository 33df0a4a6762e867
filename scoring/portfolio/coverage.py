"""Which services of a portfolio are newly bound, by which recommendations, and of which more is asked: on a page and as a CSV file.

A service is newly bound where no measure binds it as drafted and one does as amended. A recommendation brings it in where it binds
the service alone, or together with others of which none can be left out. Of every other service a recommendation asks more where a
requirement is owed with it, alone or together with such others, that is not owed as drafted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import pandas as pd

from scoring.files.table_out import BOM, csv_line
from scoring.kinds.slips import Way
from scoring.portfolio.columns import SERVICE
from scoring.portfolio.summary import Portfolio
from scoring.portfolio.tables import csv_lines
from scoring.rules.model import Recommendation

COLUMNS = (SERVICE, "code", "bound_as_drafted", "bound_as_amended", "brought_in_by", "asked_more_by")
Sets = tuple[tuple[Recommendation, ...], ...]
"""Sets of recommendations of which each is enough by itself, small ones first."""


@dataclass(frozen=True)
class Reach:
    """What recommendations do to a kind of service: the sets of which each brings it in, if any does; and those that ask more of it and do not bring it in."""

    brought_in_by: Sets
    asked_more_by: tuple[Recommendation, ...]


@dataclass(frozen=True)
class Brings:
    """What a recommendation brings: the places of the services that it newly binds, and of those of which it asks more. No service is in both."""

    recommendation: Recommendation
    newly: np.ndarray
    more: np.ndarray


@dataclass(frozen=True)
class Coverage:
    """A portfolio, and what its adopted recommendations do to each kind of service in it, by the kind's place in the grid."""

    portfolio: Portfolio
    reaches: Mapping[int, Reach]

    def _places(self, kinds: Sequence[int]) -> np.ndarray:
        """The places of the services of these kinds."""
        return np.flatnonzero(self.portfolio.services["profile"].isin(kinds))

    @cached_property
    def newly(self) -> np.ndarray:
        """The places of the services that are newly bound."""
        return self._places([kind for kind, reach in self.reaches.items() if reach.brought_in_by])

    @cached_property
    def newly_by_way(self) -> tuple[tuple[Sets, np.ndarray], ...]:
        """What brings in the services that are newly bound, and the places of those that it brings in; the most services first."""
        kinds: dict[Sets, list[int]] = {}
        for kind, reach in self.reaches.items():
            kinds.setdefault(reach.brought_in_by, []).append(kind)
        together = [(sets, self._places(of_sets)) for sets, of_sets in kinds.items() if sets]
        return tuple(sorted(together, key=lambda group: (-len(group[1]), group[1][0])))

    @cached_property
    def brings(self) -> tuple[Brings, ...]:
        """What each recommendation brings that is adopted."""
        every = []
        for known in self.portfolio.regimes.adopted:
            newly = [kind for kind, reach in self.reaches.items() if known in chain(*reach.brought_in_by)]
            more = [kind for kind, reach in self.reaches.items() if known in reach.asked_more_by]
            every.append(Brings(known, self._places(newly), self._places(more)))
        return tuple(every)

    def csv(self) -> bytes:
        """A row a service, in the order of the file, whether or not anything changes for it. UTF-8 with BOM, LF line ends.

        Between sets of which each brings a service in stands " or "; within one, a +.
        """
        services, reaches = self.portfolio.services, self.reaches.items()
        brought = {kind: " or ".join("+".join(_ids(some)) for some in reach.brought_in_by) for kind, reach in reaches}
        asked = {kind: "; ".join(_ids(reach.asked_more_by)) for kind, reach in reaches}
        bound = [np.where(side["bound"], "yes", "no") for side in self.portfolio.sides.values()]
        told = [services["profile"].map(words) for words in (brought, asked)]
        table = pd.DataFrame(dict(zip(COLUMNS, (services[SERVICE], services["code"], *bound, *told), strict=True)))
        return f"{BOM}{csv_line(COLUMNS)}{csv_lines(table)}".encode()


def coverage(portfolio: Portfolio, ways: Sequence[Way]) -> Coverage:
    """The coverage of a portfolio. ways: every one that there is; those count whose recommendations are all adopted."""
    adopted = portfolio.regimes.adopted
    ways = [way for way in ways if {*_ids(way.recommendations)} <= {*_ids(adopted)}]
    reaches = {}
    for kind in portfolio.services["profile"].unique().tolist():
        brought = tuple(way.recommendations for way in ways if way.binds[kind])
        asking = {*chain(*(_ids(way.recommendations) for way in ways if way.asks[kind]))} - {
            *chain(*map(_ids, brought))
        }
        reaches[kind] = Reach(brought, tuple(known for known in adopted if known.id in asking))
    return Coverage(portfolio, reaches)


def _ids(recommendations: Sequence[Recommendation]) -> list[str]:
    return [recommendation.id for recommendation in recommendations]
