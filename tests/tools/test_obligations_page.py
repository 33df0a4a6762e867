"""The Obligations page as a regulator uses it: switches, views, and an address that says what is shown."""

from walk import Walk, opened


def owed(walk: Walk) -> dict[str, tuple[str, str, str]]:
    """Measure -> what the page says of it as drafted, as amended, and of the difference."""
    table = next(each.value for each in walk.app.table if "Difference" in each.value.columns)
    return {row[0].rpartition("(")[2].rstrip(")"): tuple(row[1:]) for row in table.itertuples(index=False)}


def address(walk: Walk) -> dict[str, str]:
    return {name: value[0] if isinstance(value, list) else value for name, value in dict(walk.app.query_params).items()}


def choose(walk: Walk, label: str, value: str) -> None:
    next(each for each in walk.app.selectbox if each.label == label).set_value(value)
    walk._run()


def switch(walk: Walk, recommendation: str, on: bool) -> None:
    next(each for each in walk.app.checkbox if each.label.endswith(f"({recommendation})")).set_value(on)
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
        "RES-MCM3": ("○ Exempt", "● Owed (1 requirement)", "An exemption is narrowed"),
        "RES-MCM8": ("○ Exempt", "● Owed (2 requirements)", "An exemption is withdrawn"),
        "RES-MCM10": ("● Owed (3 requirements)", "● Owed (4 requirements)", "A requirement is new"),
        "RES-MCM11": ("○ Exempt", "● Owed (1 requirement)", "An exemption is narrowed"),
    }
    assert (
        "As drafted: 1 measure applies, 3 requirements are owed. With the recommendations adopted: 4 measures apply, 8 requirements are owed."
        in walk.text
    )


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
    assert [owed(walk)[measure][1] for measure in ("RES-MCM3", "RES-MCM11")] == ["○ Exempt"] * 2


def test_none_and_all_are_adopted_at_a_press() -> None:
    walk = opened(**MESSENGER)
    walk.press("Adopt none")
    assert {after for _, after, _ in owed(walk).values()} == {"○ Exempt", "● Owed (3 requirements)"}
    assert address(walk)["adopted"] == "none"
    assert [each.value for each in walk.app.checkbox] == [False] * 9
    walk.press("Adopt all")
    assert address(walk)["adopted"] == "all"
    assert owed(walk)["RES-MCM8"][1] == "● Owed (2 requirements)"


def test_a_measure_that_a_recommendation_adds_is_not_in_the_drafted_text() -> None:
    walk = opened(category="dis", hosting="end_user_managed")
    assert owed(walk)["DIS-NEW"] == ("– Not in this text", "● Owed (2 requirements)", "The measure is new")
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
    assert owed(opened(**link)) == owed(first)


def test_no_answer_is_ever_in_the_address() -> None:
    walk = Walk()
    walk.open_sample("Encrypted messenger")
    walk.visit("obligations")
    assert set(address(walk)) <= {*MESSENGER, "esafety_approval", "technology_report", "adopted"}
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


def test_the_map_answers_who_lets_encrypted_services_out_and_what_changes_that() -> None:
    walk = opened(view="map", only="encryption:end_to_end")
    assert "236 of the 708 distinct kinds of service." in walk.text
    assert (
        "Detect and remove known CSAM** (RES-MCM8): an exemption lets out all 216 kinds of service under the Relevant electronic services code. "
        "“Bind encrypted and closed communication services” (IJM-RES-2) would bind all of them."
    ) in walk.text
    walk.press("Adopt none")
    assert (
        "(RES-MCM8): an exemption lets out all 216 kinds of service under the Relevant electronic services code. No recommendation adopted here changes that."
        in walk.text
    )


def test_the_map_names_what_would_bind_each_kind_that_slips_through() -> None:
    walk = opened(view="map", only="category:dis,hosting:provider_managed")
    assert "Bound by no measure as drafted, by some as amended: 12" in walk.text
    assert (
        "(12 kinds). Bound once “Disrupt and deter first-generation CSAM on every designated internet service” (IJM-DIS-2) is adopted."
        in walk.text
    )
    assert "Bound by no measure under either text: 0" in walk.text


def test_a_filter_that_no_service_fits_says_so() -> None:
    assert opened(view="map", only="category:sms,communication:closed").messages("info") == [
        "No service has all of these facts. Take one away."
    ]


def test_the_start_page_leads_to_the_map_of_encrypted_services() -> None:
    links = {each.label: each for each in Walk().app.get("page_link")}
    assert "For instance: end-to-end encrypted services, and who lets them out" in links
