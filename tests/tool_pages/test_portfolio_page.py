"""The Portfolio page and verifying on the Returns page, walked without a browser: a good file, every kind of bad one, the ranking, one service, a scorecard checked."""

import csv
import io
from pathlib import Path

import pytest
from examples import MESSENGER as MESSENGER_SAMPLE
from naive import FACTS, REQUIREMENTS
from services import MESSENGER, NETWORK, as_file
from walk import Walk, as_read

from questionnaire.session import state
from scoring.portfolio.headings import LEFT_OUT
from scoring.portfolio.one_service import assessment_of, example_csv, template_csv
from scoring.portfolio.tables import portfolio_csv, rejected_csv
from scoring.rules.load import load

RULES = load()
WIKI = NETWORK | {"category": "dis", "tier": "tier_3"}


@pytest.fixture
def page() -> Walk:
    return Walk.opened_at("portfolio")


@pytest.fixture
def example(page: Walk) -> Walk:
    page.press("Show the example")
    return page


def give(walk: Walk, data: bytes, name: str = "services.csv") -> Walk:
    walk.app.file_uploader[0].set_value((name, data, "text/csv"))
    walk._run()
    return walk


def download(walk: Walk, label: str) -> tuple[str, bytes]:
    """The name and the bytes of what a download button gives."""
    button = next(each for each in walk.app.get("download_button") if each.proto.label == label)
    file = walk.media.get_file(button.proto.url.rpartition("/")[2])
    return file.filename, file.content


def frames(walk: Walk) -> list:
    return [each.value for each in walk.app.dataframe]


def wrong(walk: Walk) -> list[list[str]]:
    """What is wrong in the file, line by line."""
    return [[cell.said for cell in line] for line in walk.html_table("What is wrong")]


def ranking(walk: Walk):
    return next(each for each in frames(walk) if "Rank" in each)


def table(walk: Walk, column: str):
    return next(as_read(each.value) for each in walk.app.table if column in each.value.columns)


def pictures(walk: Walk) -> str:
    """The page's own HTML, with what its pictures say to those who do not see them."""
    return "".join(element.proto.body for element in walk.app.get("html"))


def newly(walk: Walk):
    return table(walk, "Brought in by")


def scored(walk: Walk) -> bool:
    return "The result" in [each.value for each in walk.app.header]


def choose(walk: Walk, label: str, value: str) -> None:
    next(each for each in walk.app.radio if each.label == label).set_value(value)
    walk._run()


def name_service(walk: Walk, name: str) -> None:
    walk.app.text_input[0].set_value(name)
    walk._run()


# ------------------------------------------------------------------------------------------------- to start from
def test_before_a_file_is_given_the_page_says_what_to_do_and_offers_a_template_and_an_example(page: Walk) -> None:
    assert page.messages("info") == [
        "Upload a file to see the result here, or press “Show the example” to see one for twelve made-up services."
    ]
    assert download(page, "Download a template (CSV)")[1] == template_csv(RULES)
    assert download(page, "Download an example (CSV)")[1] == example_csv()
    assert not scored(page)


def test_the_example_that_is_downloaded_shows_what_the_button_shows(page: Walk) -> None:
    given = give(page, download(page, "Download an example (CSV)")[1]).text
    shown = Walk.opened_at("portfolio")
    shown.press("Show the example")
    assert given.partition("The result")[2] == shown.text.partition("The result")[2] != ""


# -------------------------------------------------------------------------------------------------- a good file
def test_the_headline_says_who_is_bound_who_meets_everything_and_who_has_not_answered(example: Walk) -> None:
    assert (
        "**Of 12 services, 8 are bound by at least one measure as drafted, and 11 as amended: 3 are newly bound.**"
        in example.text
    )
    assert "Two bars of 12 services. As drafted, 8 are bound; as amended, 11." in pictures(example)
    assert (
        "**As drafted:** of 8 bound services, 3 meet everything that they owe. 1 has unanswered requirements: more may be missing than is known."
        in example.text
    )
    assert (
        "**As amended:** of 11 bound services, 1 meets everything that it owes. 3 have unanswered requirements"
        in example.text
    )
    assert "Neither result is the law, and this is not legal advice" in example.text


def test_who_has_answered_nothing_stands_apart_from_who_misses_nothing(page: Walk) -> None:
    good = MESSENGER | dict.fromkeys(REQUIREMENTS["RES-MCM10"], "met")
    give(page, as_file([MESSENGER | {"service": "Silent"}, good | {"service": "Best"}]))
    assert "2 have unanswered requirements (1 of them has answered nothing)" in page.text
    found = table(page, "Points known to be missing")
    assert found.iloc[0].tolist() == ["Nothing answered", "1", "1", "1", "1"] and found.iloc[1].tolist() == [
        "0",
        "1",
        "0",
        "1",
        "1",
    ]
    assert "1 has answered nothing, 1 misses 0" in page.text
    assert ranking(page)["Service"].tolist() == ["Best"]
    assert "1 bound service has answered nothing: what is missing is not known" in page.text
    choose(page, "Ranked by", "possible_shortfall")
    assert ranking(page)["Service"].tolist() == ["Silent", "Best"] and list(ranking(page).columns[:3]) == [
        "Rank",
        "Service",
        "May be missing",
    ]


def test_the_measures_are_named_once_and_who_meets_them_is_a_share_in_words(example: Walk) -> None:
    found = table(example, "Meet it, of those bound")
    drafted, amended = found["Measure"].tolist()[::2], found["Measure"].tolist()[1::2]
    names = [name.removesuffix(", as drafted") for name in drafted]
    assert amended == [f"{name}, as amended" for name in names] and drafted != names
    row = found[found["Measure"] == "Detect and remove known CSAM (RES-MCM8), as drafted"].index[0]
    assert found["Meet it, of those bound"].tolist()[row : row + 2] == ["2 of 2 (100 %)", "2 of 5 (40 %)"]
    assert found["Meet it, of those bound"].tolist()[-2] == "None is bound"


def test_ties_share_a_rank_and_who_owes_nothing_stands_apart(example: Walk) -> None:
    found = ranking(example)
    assert found["Rank"].tolist() == [1, 1, 3, 4, 5, 5, 7, 7, 7, 7, 11]
    assert list(found.columns[:3]) == ["Rank", "Service", "Missing"]
    assert "Billabong Boards" not in found["Service"].tolist()
    assert "1 service owes nothing and is not ranked" in example.text
    assert any(each["Service"].tolist() == ["Billabong Boards"] for each in frames(example))
    choose(example, "Which result", "drafted")
    assert (
        list(ranking(example).columns[:3]) == ["Rank", "Service", "Missing"]
        and "4 services owe nothing and are not ranked" in example.text
    )


def test_who_is_ranked_and_not_bound_as_drafted_is_said_in_words(example: Walk) -> None:
    found = ranking(example)
    bound = dict(zip(found["Service"], found["Bound as drafted"], strict=True))
    assert [name for name, said in bound.items() if said == "No"] == ["Cloud Cassowary", "Brolga Rooms", "Wombat Wiki"]
    assert found["Missing as drafted"].isna().tolist() == [said == "No" for said in bound.values()]


def test_a_long_ranking_is_shown_a_page_at_a_time(page: Walk) -> None:
    give(page, as_file([NETWORK | {"service": f"S{number}", "SMS-MCM10.a": "partly"} for number in range(60)]))
    assert ranking(page)["Service"].tolist() == [f"S{number}" for number in range(50)]
    page.app.number_input[0].set_value(2)
    page._run()
    assert ranking(page)["Service"].tolist() == [f"S{number}" for number in range(50, 60)] and set(
        ranking(page)["Rank"]
    ) == {1}


# ------------------------------------------------------------------------------------------------- who is bound
def test_who_is_newly_bound_is_told_by_name_with_what_brings_each_in(example: Walk) -> None:
    assert newly(example).values.tolist() == [
        ["Brolga Rooms", "1", "Encrypted and closed services (IJM-RES-2) or Not capable only if approved (IJM-RES-3)"],
        [
            "Cloud Cassowary",
            "1",
            "First-generation CSAM (IJM-DIS-2) or Hosting: ongoing investment (IJM-DIS-4) or Hosting: detect and remove (IJM-DIS-5)",
        ],
        ["Wombat Wiki", "1", "First-generation CSAM (IJM-DIS-2)"],
    ]


def test_each_recommendation_has_what_it_newly_binds_and_of_what_it_asks_more_as_chart_table_and_names(
    example: Walk,
) -> None:
    brings = table(example, "Newly binds")
    row = brings[brings["Recommendation"] == "First-generation CSAM (IJM-DIS-2)"]
    assert row.values.tolist() == [["First-generation CSAM (IJM-DIS-2)", "2", "2"]]
    assert "First-generation CSAM (IJM-DIS-2) newly binds 2, asks more of 2" in pictures(example)
    assert "Newly binds: Cloud Cassowary, Wombat Wiki" in example.text
    assert "Asks more of: Pelican Pics, Kookaburra Live" in example.text


def test_without_grades_coverage_alone_is_shown(page: Walk) -> None:
    give(page, as_file([MESSENGER, NETWORK | {"tier": "tier_3", "service": "Small"}], ["service", *FACTS]))
    assert "Of 2 services, 1 is bound by at least one measure as drafted, and 1 as amended" in page.text
    assert "The file has no grades for what is owed, so nothing is said of who meets it." in page.text
    assert "Nothing changes for these services through" in page.text
    assert not frames(page) and not {"Who meets what is owed", "Who falls furthest short"} & {
        header.value for header in page.app.header
    }


def test_long_lists_of_names_are_cut_with_a_count(page: Walk) -> None:
    give(page, as_file([WIKI | {"service": f"Wiki {number}"} for number in range(60)]))
    assert newly(page).values.tolist()[0][1:] == ["60", "First-generation CSAM (IJM-DIS-2)"]
    assert newly(page)["Services"][0].endswith("Wiki 28, Wiki 29 and 30 more")


def test_while_a_file_is_open_the_result_comes_first_and_what_to_upload_last(example: Walk) -> None:
    headers = [header.value for header in example.app.header]
    assert headers[:2] == ["The result", "Newly bound: 3"] and headers[-1] == "Another file"
    shown = example.shown()
    assert shown.index("Another file") < shown.index("What the columns may hold")


# ------------------------------------------------------------------------------------- columns matched, rows pasted
OWN = b"Name;Kind;Risk;Encrypted?;Who hosts;Live streaming;Contact\nAlpha;sms;Tier 1;None;provider_managed;No;Jo\n"


def select(walk: Walk, label: str):
    return next(box for box in walk.app.selectbox if box.label == label)


def test_headings_of_a_users_own_are_matched_with_the_likely_column_set(page: Walk) -> None:
    give(page, OWN)
    assert [box.value for box in page.app.selectbox] == [
        "service",
        "category",
        "tier",
        "encryption",
        "hosting",
        "livestream",
        LEFT_OUT,
    ]
    assert "Leave out" in select(page, "Contact").options and not scored(page)
    page.press("Score with these columns")
    assert scored(page) and "Of 1 service, 1 is bound" in page.text
    name_service(page, "Alpha")
    assert b"tier=tier_1" in download(page, "Download this scorecard (CSV)")[1]
    page.visit("sources")
    page.visit("portfolio")
    assert scored(page)
    page.press("Match the columns again")
    assert select(page, "Name").value == "service" and not scored(page)


def test_a_matching_that_cannot_be_scored_says_why_and_keeps_the_choices(page: Walk) -> None:
    give(page, OWN)
    select(page, "Contact").set_value("service")
    page._run()
    page.press("Score with these columns")
    assert page.messages("error") == ["These columns cannot be scored yet."]
    assert "repeated columns: 'service'" in page.text and select(page, "Contact").value == "service"
    page.press("Remove this file")
    give(page, OWN)
    assert select(page, "Contact").value == LEFT_OUT


def test_what_is_wrong_in_a_matched_column_is_told_with_the_users_heading(page: Walk) -> None:
    give(page, OWN.replace(b"Tier 1", b"high"))
    select(page, "Risk").set_value("tier")
    page._run()
    page.press("Score with these columns")
    assert [line[0] for line in wrong(page)] == ["tier (Risk tier; yours: Risk)"]


def test_rows_are_pasted_as_a_spreadsheet_puts_them_on_the_clipboard(page: Walk) -> None:
    page.app.text_area[0].set_value(example_csv().decode("utf-8-sig").replace(",", "\t"))
    page.press("Score these rows")
    assert scored(page) and "Open here: pasted rows" in page.text and "Of 12 services, " in page.text
    assert page.app.session_state[state.OURS]["target"][0] == page.app.title[0].value  # what comes next is at the top
    assert page.app.text_area[0].value == ""
    page.press("Score these rows")
    assert page.messages("warning") == [
        "Nothing was pasted. Copy the rows in your spreadsheet, the row of headings with them."
    ]


# ----------------------------------------------------------------------------------------------- after a reload
def test_after_a_reload_the_page_says_that_the_file_is_gone_and_knows_nothing_else_of_it(page: Walk) -> None:
    give(page, example_csv(), "secret.csv")
    assert {name: page.app.query_params[name] for name in page.app.query_params} == {"file": "open"}
    again = Walk()
    again.app.query_params["file"] = "open"
    again.visit("portfolio")
    assert again.messages("warning") == [
        "A file was open at this address. A reload takes it away, and an address carries nothing of it: please choose it again."
    ]
    again.press("Show the example")
    again.press("Remove this file")
    assert not again.messages("warning") and "file" not in again.app.query_params


# ---------------------------------------------------------------------------------------------- recommendations
def test_the_recommendations_are_switches_and_the_result_names_the_ones_adopted(example: Walk) -> None:
    example.press("Adopt none")
    assert (
        "8 are bound by at least one measure as drafted, and 8 as amended (0 of 9): 0 are newly bound" in example.text
    )
    assert "No recommendation is adopted, so nothing differs." in example.text
    for recommendation in ("IJM-RES-2", "IJM-DIS-5"):
        next(box for box in example.app.checkbox if box.key.endswith(recommendation)).set_value(True)
        example._run()
    assert (
        "Recommendations adopted: 2 of 9" in example.text
        and "10 as amended (2 of 9): 2 are newly bound" in example.text
    )
    assert (
        "Adopted: Encrypted and closed services (`IJM-RES-2`) and Hosting: detect and remove (`IJM-DIS-5`)."
        in example.text
    )
    assert newly(example)["Brought in by"].tolist() == [
        "Encrypted and closed services (IJM-RES-2)",
        "Hosting: detect and remove (IJM-DIS-5)",
    ]
    example.press("Adopt all")
    assert "and 11 as amended: 3 are newly bound" in example.text and "Adopted:" not in example.text


def test_the_switches_here_and_on_the_obligations_page_do_not_touch_each_other(example: Walk) -> None:
    example.press("Adopt none")
    example.visit("obligations")
    assert "**Recommendations: 9 of 9**" in example.text
    example.visit("portfolio")
    assert "Recommendations adopted: 0 of 9" in example.text


# ------------------------------------------------------------------------------------------------ nothing is lost
def test_the_result_is_there_again_after_another_page(page: Walk) -> None:
    give(page, as_file([NETWORK | {"SMS-MCM10.a": "met"}]), "mine.csv")
    page.visit("sources")
    page.visit("portfolio")
    assert scored(page) and "Of 1 service, " in page.text and "Open here: mine.csv" in page.text
    page.press("Remove this file")
    assert not scored(page) and "Open here" not in page.text


def test_a_decision_to_leave_bad_rows_out_and_the_service_looked_at_are_there_again_after_another_page(
    page: Walk,
) -> None:
    give(page, as_file([NETWORK, MESSENGER | {"tier": "x"}]))
    page.app.checkbox(
        next(each.key for each in page.app.checkbox if each.label.startswith("Leave the bad rows out"))
    ).set_value(True)
    page._run()
    name_service(page, "Square")
    page.visit("sources")
    page.visit("portfolio")
    assert scored(page) and page.app.text_input[0].value == "Square" and "Every requirement, and why" in page.text


def test_taking_the_file_out_of_the_uploader_takes_the_result_away(page: Walk) -> None:
    give(page, example_csv())
    page.app.file_uploader[0].set_value(None)
    page._run()
    assert not scored(page) and page.messages("info")


def test_one_session_does_not_see_the_file_of_another(example: Walk) -> None:
    assert not scored(Walk.opened_at("portfolio"))


# ----------------------------------------------------------------------------------------------------- one service
def test_a_service_is_read_from_the_file_once_and_not_on_every_rerun(
    example: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def counted(*arguments):
        read.append(arguments[-2])
        return assessment_of(*arguments)

    monkeypatch.setattr("questionnaire.tool_pages.portfolio.assessment_of", counted)
    name_service(example, "Quokka Square")
    example._run()
    example._run()
    assert len(read) == 1
    name_service(example, "Whisperwren")
    assert len(read) == 2 and "Whisperwren" in example.text


@pytest.mark.parametrize("name", ["Quokka Square", "Whisperwren", "Cloud Cassowary", "Billabong Boards"])
def test_one_service_has_the_figures_of_the_output(example: Walk, name: str) -> None:
    name_service(example, name)
    lines = {
        line["regime"]: line
        for line in csv.DictReader(io.StringIO(portfolio_csv(RULES, example_csv()).decode("utf-8-sig")))
        if line["service"] == name
    }
    if lines["amended"]["measures_applying"] == "0":
        assert "nothing to do, and so there is no score" in example.text
        return
    summary = example.summary()
    for place, regime in enumerate(("drafted", "amended")):
        line = lines[regime]
        assert (
            summary["Points known to be missing"][place] == line["shortfall"]
            and summary["Requirements unanswered"][place] == line["unanswered"]
        )
        assert (
            summary["Measures owed"][place].startswith(line["measures_applying"])
            and summary["Measures met"][place] == line["measures_met"]
        )
    rows = list(csv.DictReader(io.StringIO(download(example, "Download this scorecard (CSV)")[1].decode("utf-8-sig"))))
    assert {row["service"] for row in rows} == {name}
    assert sum(int(row["amended_points"] or 0) for row in rows) == int(lines["amended"]["points"])


def test_one_service_has_all_that_is_behind_its_result(example: Walk) -> None:
    name_service(example, "Whisperwren")
    folds = [fold.label for fold in example.app.expander]
    first = folds.index("What to do")
    assert folds[first : first + 5] == [
        "What to do",
        "Points by measure",
        "What each recommendation brings",
        "Every requirement, and why",
        "How is this counted?",
    ]


def test_a_name_that_is_not_exact_is_said_and_names_that_come_near_are_offered(example: Walk) -> None:
    name_service(example, "whisperWREN")
    assert example.messages("warning") == ["No scored service in the file has exactly this name. Capitals count."]
    near = next(each for each in example.app.selectbox if each.label == "Names that come near")
    assert list(near.options) == ["Whisperwren"]
    near.set_value("Whisperwren")
    example._run()
    assert (
        not example.messages("warning")
        and example.app.text_input[0].value == "Whisperwren"
        and "Every requirement, and why" in example.text
    )


def test_a_name_that_is_like_none_is_said_and_nothing_is_offered(example: Walk) -> None:
    name_service(example, "Nobody")
    assert example.messages("warning") and not example.app.selectbox


def test_a_name_full_of_signs_is_shown_as_text(page: Walk) -> None:
    name = "**bold** [x](https://example.org) $y$ <b>"
    give(page, as_file([NETWORK | {"service": name, "SMS-MCM10.a": "met"}]))
    name_service(page, name)
    assert ("text", name) in page.visible() and not [
        said for kind, said in page.visible() if kind not in ("text", "text_input") and "example.org" in said
    ]


# -------------------------------------------------------------------------------------------------------- bad files
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7\n1 0 obj", "this is a PDF file, not a CSV"),
        (b"Services of 2026,,\nservice,tier,category\nA,tier_1,sms\n", "the first row has to name the columns; row 2"),
        (b"service,tier\nCaf\xe9,tier_1\n", "row 1 (row 2 of a spreadsheet): is not UTF-8 text"),
        (as_file([]), "has no services"),
        (b"", "is empty"),
    ],
)
def test_a_file_that_cannot_be_scored_is_refused_with_the_reason(page: Walk, data: bytes, said: str) -> None:
    give(page, data)
    assert page.messages("error") == ["This file cannot be scored. Nothing was done with it."]
    assert any(text.startswith(f"services.csv: {said}") for text in page.shown()) and not scored(page)


def test_a_column_that_many_rows_need_is_missing_once_and_nothing_is_scored(page: Walk) -> None:
    columns = ["service", *(each for each in FACTS if each != "encryption")]
    give(
        page,
        as_file(
            [
                {key: value for key, value in NETWORK.items() if key in columns} | {"service": f"S{number}"}
                for number in range(700)
            ],
            columns,
        ),
    )
    assert page.messages("error") == ["700 cells are wrong, in 700 rows. Nothing is scored until you decide."]
    assert (
        "**The column `encryption` (Encryption) is missing: 700 rows need it. Allowed in it: none (None), " in page.text
    )
    assert "No row is good. Mend the file and upload it again." in page.text and not frames(page) and not scored(page)


def test_equal_errors_are_one_line_and_nothing_is_scored_until_that_is_decided(page: Walk) -> None:
    bad = [NETWORK | {"service": f"S{number}", "tier": "four"} for number in range(7)]
    data = as_file([*bad, NETWORK | {"SMS-MCM10.a": "yes"}, NETWORK | {"service": "Good", "SMS-MCM10.a": "partly"}])
    give(page, data)
    assert page.messages("error") == [
        "8 cells are wrong, in 8 rows. Nothing is scored until you decide."
    ] and not scored(page)
    found = wrong(page)
    assert found[0] == [
        "tier (Risk tier)",
        "'four'",
        "7",
        "1 (2), 2 (3), 3 (4), 4 (5), 5 (6) …",
        "tier_1 (Tier 1), tier_2 (Tier 2), tier_3 (Tier 3)",
    ]
    assert found[1] == [
        "SMS-MCM10.a (Invest in detecting, disrupting and deterring CSAM)",
        "'yes'",
        "1",
        "8 (9)",
        "met (In place), partly (Partly in place), not_met (Not in place), or empty",
    ]
    assert rejected_csv(RULES, data).count(b"\n") == 9
    page.app.checkbox(
        next(each.key for each in page.app.checkbox if each.label == "Leave the bad rows out, and score the other 1")
    ).set_value(True)
    page._run()
    assert scored(page) and "Of 1 service, " in page.text and "8 bad rows were left out." in page.text
    assert ranking(page)["Service"].tolist() == ["Good"]
    give(page, data)
    assert not scored(page)


def test_many_kinds_of_error_are_counted_and_the_first_are_shown(page: Walk) -> None:
    give(page, as_file([NETWORK | {"service": f"S{number}", "tier": f"t{number}"} for number in range(250)]))
    assert len(wrong(page)) == 200 and "The first 200 of 250 are shown; the download has all." in page.text


# ------------------------------------------------------------------------------------------ Returns, one scorecard
@pytest.fixture(scope="module")
def card() -> bytes:
    walk = Walk()
    walk.open_sample(MESSENGER_SAMPLE.sample)
    return walk.downloaded("csv")


@pytest.fixture
def checking() -> Walk:
    return Walk.opened_at("verify")


def changed(card: bytes, column: str, value: str, rows: slice) -> bytes:
    table = list(csv.DictReader(io.StringIO(card.decode("utf-8-sig"))))
    for row in table[rows]:
        row[column] = value
    out = io.StringIO()
    writer = csv.DictWriter(out, list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return out.getvalue().encode()


def test_a_match_says_what_it_does_not_show(checking: Walk, card: bytes) -> None:
    give(checking, card)
    assert checking.messages("success") == ["✓ The figures match the rules."]
    assert "Computed again and compared: 160 cells, those of the columns code, measure, " in checking.text
    assert (
        "Taken as given and not checked: the name of the service, the date, the profile (the facts about the service), which recommendations are adopted, the grades and the notes."
        in checking.text
    )
    assert "Nor does a match show who made the file" in checking.text
    assert "Neither result is the law, and this is not legal advice" in checking.text


def test_few_cells_that_differ_are_a_line_each(checking: Walk, card: bytes) -> None:
    give(checking, changed(card, "amended_points", "2", slice(1, 2)))
    assert checking.messages("error") == ["✗ The figures do not match the rules."]
    assert (
        "**1 cell differs in 1 row.**" in checking.text and "By the rules, it would be: As drafted: " in checking.text
    )
    assert any(
        each.replace("`", "").startswith(
            "Row 3, “Detect known CSAM” (RES-MCM8.a), column amended_points: is '2', should be "
        )
        for each in checking.shown()
    ) and not frames(checking)


def test_many_cells_that_differ_are_an_overview_and_one_table_of_plain_text(checking: Walk, card: bytes) -> None:
    profile = next(csv.DictReader(io.StringIO(card.decode("utf-8-sig"))))["profile"]
    give(checking, changed(card, "profile", profile.replace("tier_1", "tier_3"), slice(None)))
    (found,) = frames(checking)
    assert list(found.columns) == ["Row", "Requirement", "Column", "Is", "Should be"] and len(found) > 10
    assert f"**{len(found)} cells differ in {found['Row'].nunique()} rows." in checking.text
    assert not [each for each in checking.shown() if each.startswith("Row 3, ")]


def test_what_a_file_says_is_never_markup(checking: Walk, card: bytes) -> None:
    give(checking, changed(card, "measure_title", "[x](https://example.org)", slice(1, 2)))
    (said,) = (said for _, said in checking.visible() if "example" in said)
    assert r"is '\[x\]\(https\:\/\/example\.org\)'".replace("'", r"\'") in said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04", "is damaged or not whole, and cannot be unpacked"),
        (b"%PDF-1.7", "this is a PDF file"),
        (b"", "is empty"),
        ("service,code,measure,caf\u00e9".encode("cp1252"), "header: is not UTF-8 text"),
    ],
)
def test_what_is_no_scorecard_is_refused_with_what_to_do(checking: Walk, data: bytes, said: str) -> None:
    give(checking, data)
    assert checking.messages("error") == ["This file cannot be verified."]
    assert any(line.startswith(f"services.csv: {said}") for line in checking.shown())
    assert "**What to do:** ask whoever sent it for the scorecard as it was downloaded" in checking.text


@pytest.mark.parametrize(
    ("data", "said", "link"),
    [
        (example_csv(), "a file of services (a portfolio), which Portfolio takes", "Portfolio: many services at once"),
    ],
)
def test_what_another_page_takes_is_led_to_that_page(checking: Walk, data: bytes, said: str, link: str) -> None:
    give(checking, data)
    assert any(line.startswith(f"services.csv: this is not a scorecard but {said}") for line in checking.shown())
    assert link in [shown.proto.label for shown in checking.app.get("page_link")]
    assert "**What to do:**" not in checking.text


def test_one_service_is_called_by_its_name_in_whatever_script_and_dated_as_the_session_is(page: Walk) -> None:
    give(page, as_file([NETWORK | {"service": "Кафе / Галах №1", "SMS-MCM10.a": "met"}]))
    name_service(page, "Кафе / Галах №1")
    called, data = download(page, "Download this scorecard (CSV)")
    (row, *_) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    assert called == "кафе-галах-1-scorecard.csv" and row["assessed_on"] == state.now()[:10]


def test_a_scorecard_is_named_as_that_with_the_way_to_the_page_that_takes_it(page: Walk) -> None:
    card = (Path(__file__).parents[1] / "golden" / "encrypted_messenger.csv").read_bytes()
    give(page, card, "card.csv")
    assert any("a scorecard, which Returns takes" in text.value for text in page.app.text)
    assert "Returns: verify a scorecard" in [link.proto.label for link in page.app.get("page_link")]
