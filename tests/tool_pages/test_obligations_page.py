"""The Obligations page as a regulator uses it: switches, views, and an address that says what is shown."""

from html_tables import Read
from walk import Walk, as_read, opened


def owed(walk: Walk) -> dict[str, tuple[str, str, str]]:
    """Measure -> what the page says of it as drafted, as amended, and of the difference."""
    table = next(as_read(each.value) for each in walk.app.table if "Difference" in each.value.columns)
    return {row[0].rpartition("(")[2].rstrip(")"): tuple(row[1:]) for row in table.itertuples(index=False)}


def address(walk: Walk) -> dict[str, str]:
    return {name: value[0] if isinstance(value, list) else value for name, value in dict(walk.app.query_params).items()}


def choose(walk: Walk, label: str, value: str) -> None:
    next(each for each in walk.app.selectbox if each.label == label).set_value(value)
    walk._run()


def switch(walk: Walk, recommendation: str, on: bool) -> None:
    next(each for each in walk.app.checkbox if each.key.endswith(recommendation)).set_value(on)
    walk._run()


MESSENGER = {
    "category": "res",
    "tier": "tier_1",
    "encryption": "end_to_end",
    "communication": "closed",
    "hosting": "provider_managed",
    "livestream": "yes",
    "capable": "no",
}


def test_an_encrypted_messenger_is_let_out_of_three_measures_as_drafted_and_of_none_as_amended() -> None:
    walk = opened(**MESSENGER)
    assert owed(walk) == {
        "RES-MCM3": ("○ Exempt", "● Owed (1 requirement)", "An exemption is narrowed: IJM-RES-2 or IJM-RES-3"),
        "RES-MCM8": ("○ Exempt", "● Owed (2 requirements)", "An exemption is withdrawn: IJM-RES-2"),
        "RES-MCM10": ("● Owed (3 requirements)", "● Owed (4 requirements)", "A requirement is new: IJM-RES-1"),
        "RES-MCM11": ("○ Exempt", "● Owed (1 requirement)", "An exemption is narrowed: IJM-RES-3"),
    }
    assert "As drafted: 1 measure, 3 requirements owed. As amended: 4 measures, 8 requirements owed." in walk.text


def test_approval_and_a_complete_report_are_the_way_out_as_amended() -> None:
    walk = opened(**MESSENGER, esafety_approval="granted", technology_report="complete")
    assert [owed(walk)[measure][1] for measure in ("RES-MCM3", "RES-MCM8", "RES-MCM11")] == [
        "○ Exempt",
        "● Owed (2 requirements)",
        "○ Exempt",
    ]
    choose(walk, "Report of the technologies examined", "incomplete")
    assert [owed(walk)[measure][1] for measure in ("RES-MCM3", "RES-MCM11")] == ["● Owed (1 requirement)"] * 2
    switch(walk, "IJM-RES-3", False)
    assert [owed(walk)[measure][1] for measure in ("RES-MCM3", "RES-MCM11")] == ["○ Exempt **(changed)**"] * 2


def test_none_and_all_are_adopted_at_a_press() -> None:
    walk = opened(**MESSENGER)
    walk.press("Adopt none")
    assert {after for _, after, _ in owed(walk).values()} == {
        "○ Exempt **(changed)**",
        "● Owed (3 requirements) **(changed)**",
    }
    assert address(walk)["adopted"] == "none"
    assert [each.value for each in walk.app.checkbox] == [False] * 9
    walk.press("Adopt all")
    assert address(walk)["adopted"] == "all"
    assert owed(walk)["RES-MCM8"][1] == "● Owed (2 requirements) **(changed)**"


def test_a_measure_that_a_recommendation_adds_covers_nobody_as_drafted() -> None:
    walk = opened(category="dis", hosting="end_user_managed")
    assert owed(walk)["DIS-NEW"] == ("– Not covered", "● Owed (2 requirements)", "The measure is new: IJM-DIS-2")
    assert "tier" not in address(walk)


def test_the_address_carries_the_kind_of_service_and_the_switches_and_a_link_shows_the_same() -> None:
    first = opened(**MESSENGER)
    switch(first, "IJM-RES-2", False)
    choose(first, "Communication", "open")
    link = address(first)
    assert link == {
        **MESSENGER,
        "communication": "open",
        "esafety_approval": "not_sought",
        "technology_report": "complete",
        "adopted": ",".join(
            each
            for each in (
                "IJM-SMS-1",
                "IJM-RES-1",
                "IJM-RES-3",
                "IJM-DIS-1",
                "IJM-DIS-2",
                "IJM-DIS-3",
                "IJM-DIS-4",
                "IJM-DIS-5",
            )
        ),
    }
    assert owed(first)["RES-MCM8"][1] == "○ Exempt **(changed)**"  # by the switch, which the link knows nothing of
    assert str(owed(opened(**link))) == str(owed(first)).replace(" **(changed)**", "")


def test_no_answer_is_ever_in_the_address() -> None:
    walk = Walk()
    walk.open_sample("Encrypted messenger")
    walk.visit("obligations")
    assert set(address(walk)) <= {*MESSENGER, "esafety_approval", "technology_report", "adopted", "view"}
    assert address(walk)["category"] == "sms"  # the page's own beginning, not what the provider said


def test_nonsense_in_the_address_is_ignored_with_a_notice() -> None:
    walk = opened(
        category="bogus",
        livestream="maybe",
        colour="red",
        adopted="IJM-RES-9",
        view="map",
        only="encryption:rot13,tier:tier_1",
    )
    assert walk.messages("warning") == [
        "The address says `bogus` for “Service category”, which it cannot be. It was ignored.",
        "The address says `maybe` for “Live video”, which it cannot be. It was ignored.",
        "The address says `colour=red`, which means nothing here. It was ignored.",
        "The address names a recommendation that there is not: `IJM-RES-9`. It was ignored; all are adopted.",
        "The address asks for services that are `encryption:rot13`, which no fact is. It was ignored.",
    ]
    assert address(walk)["adopted"] == "all"
    assert address(walk)["only"] == "tier:tier_1"


def test_markup_in_the_address_is_shown_as_text() -> None:
    walk = opened(category="`<b>![x](http://example.invalid/x.png)")
    assert walk.messages("warning") == [
        "The address says `<b>![x](http://example.invalid/x.png)` for “Service category”, which it cannot be. It was ignored."
    ]


def by_id(rows: list[list[Read]]) -> dict[str, list[Read]]:
    """The rows of a table by the id at the end of their first cell."""
    return {row[0].said.rpartition("(")[2].rstrip(")"): row[1:] for row in rows}


def test_it_opens_on_typical_services_and_says_what_brings_each_measure_in() -> None:
    walk = opened()
    assert "As drafted, 2 of 7 typical services are bound by a measure. As amended, 6." in walk.text
    rows = walk.html_table("Typical services")
    assert [
        (measure.said, *cell.signs, by.said)
        for service, measure, cell, by in rows
        if "tier 2 tier 2 · end-to-end" in service.said
    ] == [
        ("Act on breaches of terms: class 1A material", "▲ Owed only as amended", "IJM-RES-2 or IJM-RES-3"),
        ("Detect and remove known CSAM", "▲ Owed only as amended", "IJM-RES-2"),
        ("Disrupt and deter CSAM", "– Not covered", ""),
        ("Act on breaches of terms: class 1B material", "▲ Owed only as amended", "IJM-RES-3"),
    ]
    assert all(len(cell.why) == 3 and cell.why[0].startswith("As drafted: ") for _, _, cell, _ in rows)


def test_a_switch_is_seen_to_act_and_what_it_changed_is_marked() -> None:
    walk = opened()
    before = walk.html_table("Typical services")
    assert not any(cell.changed for row in before for cell in row)
    switch(walk, "IJM-RES-2", False)
    assert "IJM-RES-2 switched off: 3 lines changed, outlined." in walk.text
    after = walk.html_table("Typical services")
    for was, now in zip(before, after, strict=True):
        assert now[2].changed == (was[2].signs != now[2].signs)
        if now[2].changed:
            assert (now[2].signs, now[2].said) == (["○ Exempt"], "was ▲ owed only as amended")
    assert sum(row[2].changed for row in after) == 3
    switch(walk, "IJM-RES-1", False)
    assert [row[2].said for row in walk.html_table("Typical services") if row[2].changed] == ["3 requirements, was 4"]
    walk.press("Adopt none")
    assert "7 recommendations switched: 11 lines changed, outlined." in walk.text
    assert "As drafted, 2 of 7 typical services are bound by a measure. As amended (0 of 9), 2." in walk.text


def test_the_map_answers_who_lets_encrypted_services_out_and_what_changes_that() -> None:
    walk = opened(view="map", only="encryption:end_to_end")
    assert "Of the 708 kinds that there are, 236 are looked at here" in walk.text
    assert "All 708 kinds that there are stand here" in opened(view="map").text
    let_out = by_id(walk.html_table("Measures with"))["RES-MCM8"]
    by = "Bind encrypted and closed communication services (IJM-RES-2)"
    assert [cell.said for cell in let_out] == ["216 of 216", "216", by]
    walk.press("Adopt none")
    assert [cell.said for cell in by_id(walk.html_table("Measures with"))["RES-MCM8"]] == ["216 of 216", "–", "–"]


def test_the_map_names_what_would_bind_each_kind_that_slips_through() -> None:
    walk = opened(view="map", only="category:dis,hosting:provider_managed", adopted="none")
    ((who, let_out, by, now),) = walk.html_table("Groups of services that no measure binds")
    assert who.said == "Designated internet · tier 2 or tier 3 · provider-managed 12 kinds"
    assert let_out.said == "Only for a service that is in tier 1 or is end-user-managed hosting: DIS-MCM8 and DIS-MCM9"
    assert by.said == "First-generation CSAM (IJM-DIS-2)"
    assert now.said == "✗ Bound by no measure"


def test_each_recommendation_says_what_became_of_it_and_leads_to_sources() -> None:
    rows = by_id(opened().html_table("What each recommendation"))
    assert len(rows) == 9
    binds, asks, outcome = rows["IJM-RES-2"]
    assert (binds.said, asks.said, outcome.said) == ("256 kinds", "176 kinds", "Adopted in part (reported) Sources")
    assert outcome.links == ["sources?recommendation=IJM-RES-2"]
    assert binds.why == [
        "Relevant electronic · tier 2 or tier 3 · end-to-end encrypted · open · not capable (64)",
        "Relevant electronic · tier 2 or tier 3 · closed · not capable (192)",
    ]
    assert "Only together with IJM-DIS-4: 6 kinds" in rows["IJM-DIS-1"][1].said


def test_services_of_the_file_under_portfolio_are_counted_beside_the_kinds() -> None:
    walk = Walk()
    walk.visit("portfolio")
    walk.press("Show the example")
    walk.visit("obligations")
    assert "Of your 12 services under Portfolio a measure binds 8 as drafted; as amended, 11." in walk.text
    slips = walk.html_table("Groups of services that no measure binds")
    assert sum(int(row[0].said.rpartition(": ")[2]) for row in slips) == 4
    assert "of your" not in opened().text


def test_a_filter_that_no_service_fits_says_so() -> None:
    page = opened(view="map", only="category:sms,communication:closed")
    assert page.messages("info") == ["No service has all of these facts. Take one away."]
    assert "None of the typical services has the facts chosen." in page.text and "tables below" not in page.text


def test_the_start_page_leads_to_obligations() -> None:
    assert "Obligations: who is bound, and who slips through" in {link.label for link in Walk().app.get("page_link")}
