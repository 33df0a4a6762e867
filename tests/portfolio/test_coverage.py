"""Who is newly bound, by which recommendations, and of whom more is asked: every cell against the naive rules."""

import csv
import io
from itertools import chain, combinations

import naive
import pytest
from services import NETWORK, as_file

from scoring.kinds.slips import ways
from scoring.portfolio.coverage import coverage
from scoring.portfolio.summary import portfolio
from scoring.rules.amend import adopting
from scoring.rules.load import load

RULES = load()
WAYS = ways(RULES)
KINDS = [{"service": f"Service {number}", **profile} for number, profile in enumerate(naive.profiles())]
FILE = as_file(KINDS)


def covered(data, adopted=naive.RECOMMENDATIONS):
    return coverage(portfolio(RULES, data, adopting(RULES, adopted)), WAYS)


def rows(data, adopted=naive.RECOMMENDATIONS):
    return list(csv.DictReader(io.StringIO(covered(data, adopted).csv().decode("utf-8-sig"))))


def smallest(service, adopted, wanted):
    """The sets of adopted recommendations with which something is owed that is wanted, none of which holds another, as text."""
    found = []
    code = {"sms": "SMS", "res": "RES", "dis": "DIS"}[service["category"]]
    here = [known for known in naive.RECOMMENDATIONS if known in adopted and code in known]
    for some in chain.from_iterable(combinations(here, size) for size in range(1, len(here) + 1)):
        owed = {
            part
            for measure in naive.measures(service, adopted)
            for part in naive.owed(measure, service, some)
            if naive.exists(measure, some)
        }
        if owed & wanted and not any(set(smaller) <= set(some) for smaller in found):
            found.append(some)
    return found


def drafted(service):
    return {part for measure in naive.measures(service, ()) for part in naive.owed(measure, service, ())}


@pytest.mark.parametrize(
    "adopted", [naive.RECOMMENDATIONS, ("IJM-RES-3", "IJM-DIS-1", "IJM-DIS-4"), ("IJM-DIS-3",), ()]
)
def test_every_kind_of_service_is_brought_in_and_asked_more_by_what_the_naive_rules_say(adopted) -> None:
    for service, row in zip(KINDS, rows(FILE, adopted), strict=True):
        before = drafted(service)
        after = {part for measure in naive.measures(service, adopted) for part in naive.owed(measure, service, adopted)}
        brought = [] if before else smallest(service, adopted, after)
        more = {known for part in after - before for some in smallest(service, adopted, {part}) for known in some}
        assert (row["bound_as_drafted"], row["bound_as_amended"]) == (
            "yes" if before else "no",
            "yes" if after else "no",
        )
        assert row["brought_in_by"] == " or ".join("+".join(some) for some in brought)
        assert row["asked_more_by"] == "; ".join(
            known for known in naive.RECOMMENDATIONS if known in more and known not in {*chain(*brought)}
        )


def test_each_recommendation_has_the_services_that_the_file_names_with_it() -> None:
    found, written = covered(FILE), rows(FILE)
    for brings in found.brings:
        of_file = {
            column: [
                place
                for place, row in enumerate(written)
                if brings.recommendation.id in row[column].replace("+", " ").replace(";", " ").split()
            ]
            for column in ("brought_in_by", "asked_more_by")
        }
        assert (brings.newly.tolist(), brings.more.tolist()) == tuple(of_file.values())
    kinds = found.portfolio.services["profile"].to_numpy()
    for by, places in found.newly_by_way:
        assert {found.reaches[kind].brought_in_by for kind in kinds[places]} == {by}
    assert sorted(chain.from_iterable(places.tolist() for _, places in found.newly_by_way)) == found.newly.tolist()
    assert set(found.newly.tolist()) == set(chain.from_iterable(brings.newly.tolist() for brings in found.brings))


def test_the_file_has_a_row_a_service_in_the_order_of_the_portfolio_and_guards_names() -> None:
    written = covered(as_file([NETWORK | {"service": name} for name in ("=1+1", 'Zed, "the" last', "Abe")])).csv()
    assert written.startswith(
        b"\xef\xbb\xbfservice,code,bound_as_drafted,bound_as_amended,brought_in_by,asked_more_by\n"
    )
    assert written.decode().splitlines()[1:] == [
        "'=1+1,SMS,yes,yes,,IJM-SMS-1",
        '"Zed, ""the"" last",SMS,yes,yes,,IJM-SMS-1',
        "Abe,SMS,yes,yes,,IJM-SMS-1",
    ]


def test_where_every_row_is_bad_there_is_a_header_and_nobody_is_newly_bound() -> None:
    found = covered(as_file([NETWORK | {"tier": "x"}]))
    assert not len(found.newly) and found.csv().count(b"\n") == 1
    assert all(not len(brings.newly) and not len(brings.more) for brings in found.brings)
