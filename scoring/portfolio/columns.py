"""The columns of a file of services: one row a service, with its facts, grades and notes. Source: contracts, "Portfolio input"."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from scoring.files.table_in import Expected, TableError
from scoring.portfolio.problems import Problem, place, shown
from scoring.rules.model import Rules
from scoring.score.assessment import all_requirements

SERVICE = "service"
NOTE = ".note"
REASON = "reason"
"""The column that the refused rows have behind those of the file. Where it is read again, it is passed over; so a heading that is matched to it is left out."""
LONGEST_LIST = 300
"""Characters of a list of unknown columns in a message, but for its last."""
_ALLOWED = "allowed: a row for each service, as CSV or as a workbook (.xlsx)"
_SCORES = f"the scores of one; {_ALLOWED}, with its facts and grades"
QUESTIONNAIRE = "Why it is asked"
"""A heading of the questionnaire that is filled in as a workbook, and of no other file."""
ELSEWHERE = {
    QUESTIONNAIRE: f"a questionnaire, which the start page takes; {_ALLOWED}",
    "drafted_because": f"a scorecard, which Returns takes; {_ALLOWED}",
    "measures_applying": _SCORES,
    "drafted_unanswered": _SCORES,
}
"""What a file is that has such a column."""


class PortfolioError(TableError):
    """A file that cannot be read as a portfolio at all; the message says where and what is allowed.

    row: where it is one row that stands in the way, its number. elsewhere: as in TableError.
    """

    def __init__(self, what: str, row: int = 0, elsewhere: str = "") -> None:
        super().__init__(f"{place(row)}: {what}" if row else what, row, elsewhere)


class PortfolioRefused(PortfolioError):
    """A file with bad rows, of which nothing is written. `problems`: the first of them; `count`: how many there are."""

    def __init__(self, problems: tuple[Problem, ...], count: int) -> None:
        super().__init__(f"{count:,} error{'' if count == 1 else 's'}; {problems[0].in_words()}")
        self.problems, self.count = problems, count


def allowed_columns(rules: Rules) -> tuple[str, ...]:
    """Every column that a portfolio file may have, whichever recommendations are adopted."""
    ids = [requirement.id for requirement in all_requirements(rules)]
    return (SERVICE, *(fact.id for fact in rules.facts), *ids, *(requirement + NOTE for requirement in ids))


def expected(rules: Rules, matched: Mapping[str, str] | None = None) -> Expected:
    """What a file of services is to be. A column may be called by the title of its fact or requirement, where only one has it.

    matched: a heading of the user's own -> the column that it is.
    """
    titled = [*rules.facts, *all_requirements(rules)]
    times = Counter(part.title for part in titled)
    titles = {part.title: part.id for part in titled if times[part.title] == 1}
    known = (*allowed_columns(rules), REASON)
    return Expected(
        "a file of services (a portfolio)",
        known,
        titles | dict(matched or {}),
        "Services",
        elsewhere=ELSEWHERE,
        distinct=(SERVICE,),
    )


def columns_of(rules: Rules, names: Sequence[str]) -> tuple[str, ...]:
    """The columns of a file without the reasons for which its rows were once refused.

    Raises PortfolioError where one is unknown or there twice, or there is none for the services' names.
    """
    allowed = (*allowed_columns(rules), REASON)
    said = f"{', '.join(name for name in allowed[:-1] if not name.endswith(NOTE))}, and each requirement's id with {NOTE!r} behind it"
    unknown = [f"column {number} is {shown(name)}" for number, name in enumerate(names, 1) if name not in allowed]
    if unknown:
        raise PortfolioError(f"header: unknown columns: {_some(unknown)}; allowed: {said}")
    twice = [repr(name) for name, times in Counter(names).items() if times > 1 and name != REASON]
    if twice:
        raise PortfolioError(f"header: repeated columns: {', '.join(twice)}; allowed: each column once")
    if SERVICE not in names:
        raise PortfolioError(f"header: the column {SERVICE!r} is missing; allowed: {said}")
    return tuple(name for name in names if name != REASON)


def _some(columns: Iterable[str]) -> str:
    """As many as a message has room for, and how many more there are."""
    left, said = list(columns), ""
    while left and len(said) <= LONGEST_LIST:
        said += (", " if said else "") + left.pop(0)
    return said + (f" (and {len(left):,} more)" if left else "")
