"""The scorecard's page beyond its figures: which recommendations are adopted, the files, and what is folded."""

import csv
import io
import re

import pytest
from walk import ROOT, Walk

from scoring.documents.report import report_html
from scoring.rules.amend import adopting
from scoring.rules.model import Rules
from scoring.score.assessment_file import from_json


@pytest.fixture
def messenger() -> Walk:
    walk = Walk()
    walk.open_sample("Encrypted messenger")
    return walk


def results(walk: Walk) -> str:
    """The two results, as text."""
    picture = next(node.proto.body for node in walk.app.get("html") if 'class="mcm-results"' in node.proto.body)
    return " ".join(re.sub(r"<[^>]+>", " ", picture.partition("</style>")[2]).split())


def switch(walk: Walk, recommendation: str, on: bool) -> None:
    """Press the switch of a recommendation."""
    box = next(box for box in walk.app.checkbox if box.key.endswith(recommendation))
    box.set_value(on)
    walk._run()


def test_the_recommendations_that_are_adopted_make_the_result_the_gaps_and_the_files(messenger: Walk) -> None:
    messenger.press("Adopt none")
    assert "As drafted, 1 of 4 measures is owed; as amended (0 of 9), 1 of 4." in messenger.text
    switch(messenger, "IJM-RES-1", True)
    assert "Recommendations adopted: 1 of 9" in [
        popover.proto.popover.label for popover in messenger.app.get("popover")
    ]
    assert "4 gaps, 5 of 8 points missing" in results(messenger)
    messenger.unfold()
    assert "Disrupt and deter sexual exploitation material (CSEM) too: 2 points missing" in messenger.text
    assert "As amended (1 of 9): 3 of 8 points (38 %)." in messenger.text
    rows = list(csv.DictReader(io.StringIO(messenger.downloaded("csv").decode("utf-8-sig"))))
    assert {row["regime_amended"] for row in rows} == {"IJM-RES-1"}
    to_do = list(csv.DictReader(io.StringIO(messenger.downloaded("to_do").decode("utf-8-sig"))))
    assert [(row["rank"], row["list"], row["requirement"]) for row in to_do] == [
        ("1", "In any case", "RES-MCM10.a"),
        ("1", "In any case", "RES-MCM10.b"),
        ("1", "In any case", "RES-MCM10.c"),
        ("2", "Only as amended", "RES-MCM10.d"),
    ]
    assert not messenger.app.query_params
    messenger.back()
    messenger.next()
    assert "as amended (1 of 9), 1 of 4." in messenger.text


def test_the_report_has_the_recommendations_of_the_page(rules: Rules) -> None:
    now = from_json((ROOT / "tests" / "assessments" / "encrypted_messenger.json").read_bytes(), rules)
    report = report_html(rules, now, adopting(rules, ["IJM-RES-1"])).decode()
    assert "As amended (1 of 9): CSEM too (IJM-RES-1)." in re.sub("</?span[^>]*>", "", report)


def test_what_is_behind_the_result_is_drawn_only_when_it_is_opened(messenger: Walk) -> None:
    assert "Why it is owed" not in messenger.text and "Points known to be missing" not in messenger.text
    messenger.unfold()
    assert "Why it is owed" in messenger.text and "Points known to be missing" in messenger.text


def test_a_service_without_a_name_is_named_beside_its_files() -> None:
    walk = Walk()
    walk.open_sample("Cloud drive")
    assert not walk.is_asked("name")
    walk.back()
    walk.press("Change Name")
    walk.give("name", "")
    walk.next()
    walk.next()
    assert "A service without a name, " in walk.text
    walk.give("name", "Acme Drive")
    assert not walk.is_asked("name")
    assert b"Acme Drive" in walk.downloaded("csv")
