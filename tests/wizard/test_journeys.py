"""Whole journeys in a real browser: each sample service by hand from the start page to the CSV, two people at once, a link, a portfolio."""

import csv
import io
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import ROOT, Visit, Visitor
from examples import DRIVE, EXAMPLES, MESSENGER, Example

from scoring.rules.model import Rules
from scoring.score.assessment import Answer, Assessment
from scoring.score.scorecard import COLUMNS, scorecard
from scoring.score.scorecard_file import csv_bytes

pytestmark = pytest.mark.browser


@dataclass
class Journey:
    """Somebody who walks the wizard with the answers of an example, a step at a time."""

    visitor: Visitor
    example: Example
    name: str

    def start(self) -> None:
        self.visitor.open()
        self.visitor.press("Start", "Your service")
        self.visitor.field("name").fill(self.name)

    def step(self) -> None:
        """Answer what this page asks, and go on."""
        visitor = self.visitor
        for kind, given in (("fact", self.example.profile), ("grade", self.example.grades)):
            for what, value in given.items():
                if visitor.asks(f"{kind}.{what}").count():
                    visitor.choose(f"{kind}.{what}", value)
                    visitor.see()
        for requirement, note in self.example.notes.items():
            if visitor.asks(f"note.{requirement}").count():
                visitor.field(f"note.{requirement}").fill(note)
        before = visitor.title
        visitor.next()
        visitor.page.wait_for_function(
            "before => document.querySelector('h1') && document.querySelector('h1').innerText.trim() !== before",
            arg=before,
        )
        visitor.see()

    def finish(self) -> bytes:
        while self.visitor.title != "Scorecard":
            self.step()
        return self.visitor.download("Download the scorecard (CSV)")

    def expected(self, rules: Rules) -> bytes:
        """The scorecard as the engine gives it for these answers, with the moment that the browser keeps."""
        answers = {
            key: Answer(grade=grade, note=self.example.notes.get(key, "")) for key, grade in self.example.grades.items()
        }
        kept = self.visitor.kept()
        assert kept is not None
        return csv_bytes(
            scorecard(
                rules,
                Assessment(
                    rulebook=rules.version,
                    service_name=self.name,
                    saved_at=kept["saved_at"],
                    profile=self.example.profile,
                    answers=answers,
                ),
            )
        )


@pytest.mark.parametrize("example", EXAMPLES, ids=[each.sample for each in EXAMPLES])
def test_each_sample_service_goes_by_hand_from_the_start_page_to_a_csv_that_says_what_the_engine_and_the_page_say(
    visitor: Visitor, rules: Rules, example: Example
) -> None:
    journey = Journey(visitor, example, f"By hand: {example.sample}")
    journey.start()
    downloaded = journey.finish()
    assert downloaded == journey.expected(rules)
    rows = list(csv.DictReader(io.StringIO(downloaded.decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    text = visitor.text()
    for regime, said in zip(("drafted", "amended"), example.points, strict=True):
        points, out_of = (sum(int(row[f"{regime}_{what}"] or 0) for row in rows) for what in ("points", "out_of"))
        assert said == (f"{points} of {out_of}" if out_of else "Nothing is owed")
        gaps = f"{out_of - points} of {out_of} points missing" if points < out_of else "No gap"
        assert (gaps if out_of else said) in text


def test_two_people_at_once_each_get_their_own_scorecard(visit: Visit, rules: Rules) -> None:
    journeys = [Journey(visit(), MESSENGER, "The messenger of one"), Journey(visit(), DRIVE, "The drive of another")]
    for each in journeys:
        each.start()
    while any(each.visitor.title != "Scorecard" for each in journeys):  # a step of one, a step of the other
        for each in journeys:
            if each.visitor.title != "Scorecard":
                each.step()
    for one, other in (journeys, journeys[::-1]):
        assert one.finish() == one.expected(rules)
        assert other.name not in one.visitor.page.content()


def test_a_link_to_the_obligations_shows_somebody_else_the_same_kind_of_service_and_the_same_recommendations(
    visit: Visit,
) -> None:
    regulator, colleague = visit(), visit()
    regulator.open(
        "obligations?category=res&encryption=end_to_end&capable=no&adopted=IJM-RES-2",
        "Who is bound, and who slips through",
    )
    assert regulator.page.locator("table").first.inner_text().count("Exempt") > 0
    regulator.page.wait_for_function(
        "() => location.search.includes('esafety_approval')"
    )  # the address says all that is chosen
    chosen = parse_qs(urlsplit(regulator.page.url).query)
    assert (chosen["category"], chosen["encryption"], chosen["adopted"]) == (["res"], ["end_to_end"], ["IJM-RES-2"])
    colleague.page.goto(regulator.page.url)
    colleague.see("Who is bound, and who slips through")
    assert colleague.text() == regulator.text()
    assert parse_qs(urlsplit(colleague.page.url).query) == chosen


def test_a_portfolio_is_uploaded_scored_and_downloaded_and_one_service_of_it_is_looked_at(visitor: Visitor) -> None:
    visitor.open("portfolio", "Portfolio: many services at once")
    services = (ROOT / "scoring" / "portfolio" / "example_services.csv").read_bytes()
    names = [row["service"] for row in csv.DictReader(io.StringIO(services.decode("utf-8-sig")))]
    visitor.page.locator("input[type=file]").set_input_files(
        {"name": "services.csv", "mimeType": "text/csv", "buffer": services}
    )
    visitor.page.get_by_role("heading", name="The result").wait_for()
    visitor.see()
    rows = list(
        csv.DictReader(io.StringIO(visitor.download("Download the scores by service (CSV)").decode("utf-8-sig")))
    )
    assert [row["service"] for row in rows if row["regime"] == "amended"] == names
    visitor.page.get_by_label("The name of a service, as it stands in the file").fill(names[1])
    visitor.page.keyboard.press("Enter")
    visitor.button("Download this scorecard (CSV)").wait_for()
    visitor.see()
    card = list(csv.DictReader(io.StringIO(visitor.download("Download this scorecard (CSV)").decode("utf-8-sig"))))
    assert {row["service"] for row in card} == {names[1]}
    of_all = next(row for row in rows if row["service"] == names[1] and row["regime"] == "amended")
    assert sum(int(row["amended_points"] or 0) for row in card) == int(of_all["points"])
