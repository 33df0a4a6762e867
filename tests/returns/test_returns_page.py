"""The page Returns, walked without a browser: one file, many, what is hidden, what is opened, and the way to Portfolio."""

from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

import pytest
from sent import RECORD, card, edited, mixed, packed, saved
from walk import Walk

from scoring.rules.model import Rules
from scoring.score.assessment_file import from_json

TITLE = "Returns: what providers sent"
SENT = {
    "first.json": saved(RECORD, provider="One", service_name="Whisper"),
    "second.csv": card(saved("large_social_network")),
    "third.csv": edited(saved("cloud_drive")),
    "letter.pdf": b"%PDF-1.7",
    "round.json": saved(RECORD, provider="One", service_name="Whisper", saved_at="2026-01-01T10:00:00+00:00"),
}


def send(walk: Walk, files: dict[str, bytes]) -> None:
    walk.app.file_uploader[0].set_value([(name, data, "application/octet-stream") for name, data in files.items()])
    walk._run()


@pytest.fixture
def page() -> Walk:
    return Walk.opened_at("returns")


@pytest.fixture
def many(page: Walk) -> Walk:
    send(page, SENT)
    return page


def table(walk: Walk) -> list[dict[str, object]]:
    """The rows of the table of files."""
    frame = next(each.value for each in walk.app.dataframe if "State" in each.value.columns)
    return frame.to_dict("records")


def choose(walk: Walk, label: str, value: str) -> None:
    next(box for box in walk.app.selectbox if box.label == label).select(value)
    walk._run()


def test_the_former_address_leads_to_the_page() -> None:
    walk = Walk.opened_at("verify")
    assert walk.title == TITLE and "Drop in one scorecard or many files at once" in walk.text


def test_many_files_are_told_in_a_sentence_and_what_is_wrong_is_named_by_file(many: Walk) -> None:
    assert "5 files are in: 1 scorecard holds, 2 with answers are read, 1 scorecard does not hold, 1 is refused. 3 services are counted, 1 earlier round not." in many.text  # fmt: skip
    shown = many.shown()
    assert any(line.startswith("third.csv: 1 cell differs in 1 row. Row 2, “") for line in shown)
    assert any(line.startswith("letter.pdf: this is a PDF file") for line in shown)


def test_files_that_come_later_are_added_and_what_is_wrong_with_a_zip_stops_nothing(many: Walk) -> None:
    send(many, {"more.zip": packed({"fourth.json": saved("website_with_live_video"), "inner.zip": packed({"a": b""})})})
    assert (
        "7 files are in: 1 scorecard holds, 3 with answers are read, 1 scorecard does not hold, 2 are refused."
        in many.text
    )
    assert any(line.startswith("more.zip/inner.zip: is a zip in a zip") for line in many.shown())


def test_services_by_requirements_have_a_word_and_a_sign_in_each_cell_and_gaps_say_when(many: Walk) -> None:
    (row,) = many.html_table("Services by requirements: Relevant electronic services code")
    assert row[0].said == "Whisper One"
    assert {(*cell.signs, cell.said) for cell in row[1:]} == {("✗ Not met", "Only as amended"), ("◐ Partly met", "In any case")}  # fmt: skip
    bars = next(each.proto.body for each in many.app.get("html") if "mcm-counts" in each.proto.body)
    assert (
        "Detect known CSAM (RES-MCM8.a)" in bars
        and "1 of 1 lack it, in any case" in bars
        and "1 of 1 lack it, only as amended" in bars
        and bars.count('<div style="width: 100.0%">') == 6
    )


def test_what_no_service_owes_is_left_out_and_who_owes_nothing_is_named(page: Walk) -> None:
    send(page, {"a.json": saved("small_forum"), "b.json": saved("large_social_network")})
    assert "1 service owing nothing: Small forum" in page.text
    assert len(page.html_table("Services by requirements: Social media services code")) == 1


def test_the_table_is_ranked_filtered_and_searched(many: Walk) -> None:
    assert [row["Missing as amended"] for row in table(many)[:3]] == [13, 13, 6]
    choose(many, "Order", "Most missing only as amended")
    assert [(row["Missing as drafted"], row["Only as amended"]) for row in table(many)[:3]] == [
        (3, 10),
        (3, 10),
        (0, 6),
    ]
    choose(many, "Order", "In the order of the files")
    assert [row["File"] for row in table(many)] == [*SENT]
    choose(many, "Show", "Have a problem")
    assert [row["File"] for row in table(many)] == ["third.csv", "letter.pdf"]
    choose(many, "Show", "Counted, one a service")
    assert [row["File"] for row in table(many)] == ["first.json", "second.csv", "third.csv"]
    choose(many, "Show", "Have a plan that is overdue")
    assert [row["File"] for row in table(many)] == ["first.json", "round.json"]
    assert [row["Counts"] for row in table(many)] == ["Yes", "No, earlier"]
    choose(many, "Show", "All")
    choose(many, "Code", "DIS")
    assert [row["File"] for row in table(many)] == ["third.csv"]
    choose(many, "Code", "")
    next(field for field in many.app.text_input if field.label == "Search by name").set_value("ONE")
    many._run()
    assert [row["Service"] for row in table(many)] == ["Whisper", "Whisper"]


def test_hidden_names_are_nowhere_on_the_page_or_in_a_file_and_stay_the_same(many: Walk) -> None:
    hide = next(box for box in many.app.checkbox if box.label.startswith("Hide the names"))
    hide.check()
    many._run()
    send(many, {"zero.json": saved("website_with_live_video", service_name="Aardvark")})
    rows = table(many)
    assert {"Service 1", "Service 2", "Service 3", "Service 4"} < {row["Service"] for row in rows}
    assert rows[0]["Missing as amended"] == 13 and rows[0]["Service"] == rows[1]["Service"]
    choose(many, "Order", "In the order of the files")
    sent = [
        sha256(data).digest() for data in (*SENT.values(), saved("website_with_live_video", service_name="Aardvark"))
    ]
    states = {"second.csv": "✓ Holds", "third.csv": "✗ Does not hold", "letter.pdf": "✗ Refused"}
    came = {sha256(SENT[name]).digest(): state for name, state in states.items()}
    assert [row["State"] for row in table(many)] == [came.get(mark, "✓ Read") for mark in sorted(sent)], (
        "the order in which files came would tell whose each number is"
    )
    assert not [name for name in ("Whisper", "One\n", "Aardvark", "Large social", "first.json") if name in many.text]
    many.press("Go on to Portfolio")
    assert "Whisper" not in many.text


def test_one_press_goes_on_to_portfolio_with_the_same_services_and_figures(many: Walk) -> None:
    many.press("Adopt none")
    many.press("Go on to Portfolio")
    assert many.title == "Portfolio: many services at once"
    assert "Of 3 services, " in many.text and "Recommendations adopted: 0 of 9" in many.text
    many.visit("returns")
    assert "5 files are in" in many.text  # nothing was lost by the way


def test_one_return_is_opened_by_itself_and_the_way_back_leads_to_all_of_them(page: Walk) -> None:
    send(page, {"first.json": SENT["first.json"]})
    assert page.messages("success") == ["✓ It was read, and nothing in it is wrong."]
    page.press("Open this return and mark its answers")
    assert "One return" in page.text and "Your marks" in page.text
    page.press("Back to all returns")
    assert "Open here: first.json" in page.text


def open_one(walk: Walk, data: bytes) -> None:
    """Open a file by itself, as selecting its row does."""
    walk.app.session_state["mcm"]["returns_open"] = sha256(data).hexdigest()
    walk._run()


def test_of_one_among_many_each_cell_that_differs_is_named(many: Walk) -> None:
    open_one(many, SENT["third.csv"])
    assert any(line.startswith("Row 2, “") and "should be" in line for line in many.shown())


def test_files_are_taken_out_and_the_others_stay(many: Walk) -> None:
    many.press("Take out the file that is refused")
    assert "4 files are in: 1 scorecard holds, 2 with answers are read, 1 scorecard does not hold." in many.text
    open_one(many, SENT["third.csv"])
    many.press("Take this return out")
    assert [row["File"] for row in table(many)] == ["first.json", "round.json", "second.csv"]
    for name in ("first.json", "round.json"):
        open_one(many, SENT[name])
        many.press("Take this return out")
    assert "Open here: second.csv" in many.text
    many.press("Open this return and mark its answers")
    many.press("Take this return out")
    assert "Drop in one scorecard" in many.text


def test_of_many_services_those_with_the_most_gaps_are_shown_first_and_all_when_asked(page: Walk) -> None:
    send(page, {f"{number}.json": saved(service_name=f"Service {number}") for number in range(12)})
    about = "Services by requirements: Relevant electronic services code"
    assert len(page.html_table(about)) == 10
    next(box for box in page.app.checkbox if box.label == "Show all 12 services").check()
    page._run()
    assert len(page.html_table(about)) == 12


def test_the_rounds_of_a_service_are_compared_with_one_press_and_until_they_are_removed(many: Walk) -> None:
    open_one(many, SENT["second.csv"])
    assert not [button for button in many.app.button if button.label.startswith("Compare the")]
    open_one(many, SENT["round.json"])
    many.press("Compare the 2 rounds of this service")
    assert many.title == "Compare rounds" and "From Returns: 2 files" in many.text and "Whisper of One" in many.text
    assert "Since 1 January 2026" in many.text
    assert "Back to all returns" in [link.proto.label for link in many.app.get("page_link")]
    many.press("Remove")
    assert "Since 1 January 2026" not in many.text


def test_a_reload_says_that_the_files_are_gone(many: Walk) -> None:
    assert dict(many.app.query_params) == {"files": "open"}
    again = Walk()
    again.app.query_params["files"] = "open"
    again.visit("returns")
    assert again.messages("warning") == ["Files were open at this address. A reload takes them away, and an address carries nothing of them: please choose them again."]  # fmt: skip
    many.press("Remove")
    assert "files" not in many.app.query_params and not many.messages("warning")


def test_what_came_in_is_the_sessions_alone_and_is_gone_when_it_is_removed(many: Walk) -> None:
    assert "files are in" not in Walk.opened_at("returns").text
    many.press("Remove")
    assert "Drop in one scorecard" in many.text and "files are in" not in many.text


@pytest.mark.slow
def test_two_hundred_files_are_shown(page: Walk) -> None:
    send(page, mixed(60))
    assert "60 files are in" in page.text and len(table(page)) == 60


def test_the_replies_to_all_returns_that_are_marked_are_there_as_one_zip(page: Walk, rules: Rules) -> None:
    files = {"a.json": saved(service_name="Whisper"), "b.json": saved(service_name="Whisper", provider="Other")}
    for name, data in files.items():
        send(page, {name: data})
        open_one(page, data)
        page.press("Accept all 8 answers")
        page.press("Back to all returns")
    with ZipFile(BytesIO(page.downloaded("returns.replies"))) as replies:
        read = [from_json(replies.read(name), rules) for name in replies.namelist()]
    assert [(reply.provider, len(reply.review.marks)) for reply in read] == [("", 8), ("Other", 8)]
    assert [row["Reviewed here"] for row in table(page)] == ["Begun", "Begun"]
