"""Several services of one provider, side by side in one browser: named with their results, copied, and left as they are."""

import json
import re
from typing import Any

import pytest
from browser import SAMPLES, Visitor

pytestmark = pytest.mark.browser
FIRST = json.dumps({**json.loads((SAMPLES / "encrypted_messenger.json").read_bytes()), "service_name": "First"}).encode()  # fmt: skip
RESULT = "As drafted: 3 gaps, 3 of 6 points missing. As amended: 8 gaps, 13 of 16 points missing."


def on_device(visitor: Visitor) -> dict[str, dict[str, Any]]:
    """What the browser keeps on the device: each assessment by the name of its service, with what is kept beside it."""
    slots = visitor.page.evaluate(
        "() => Object.keys(localStorage).filter(name => name.startsWith('mcm-kept.')).map(name => JSON.parse(localStorage[name]))"
    )
    return {json.loads(slot["assessment"])["service_name"]: slot for slot in slots}


def test_a_service_is_copied_as_the_beginning_of_another_and_each_is_gone_on_with_beside_its_result(
    visitor: Visitor,
) -> None:
    visitor.open_with(FIRST, "check", "Check your answers")
    visitor.jump("", "What would the draft codes ask of your service?")
    visitor.page.get_by_text("You have answers here, of First.").wait_for()
    visitor.page.get_by_text("Several services", exact=True).click()
    visitor.press("Copy this one as the beginning of another", "Your service")
    visitor.page.get_by_text("What you copied stays as it is.").wait_for()
    assert visitor.field("name").input_value() == ""
    visitor.field("name").fill("Second")
    visitor.until_kept(lambda kept: kept["service_name"] == "Second")
    visitor.jump("", "What would the draft codes ask of your service?")
    visitor.page.get_by_text("Several services (1 kept beside this one)").click()
    first, second = (json.loads(on_device(visitor)[name]["assessment"]) for name in ("First", "Second"))
    assert first == json.loads(FIRST) | {"format": first["format"]}
    assert second["answers"] == first["answers"] and second["profile"] == first["profile"]
    beside = visitor.page.get_by_text(re.compile(r"^First\n"))
    assert RESULT in beside.inner_text()
    visitor.page.get_by_role("button", name=re.compile("^Go on with this one")).click()
    visitor.see("Check your answers")
    visitor.until_kept(lambda kept: kept["service_name"] == "First")
    visitor.until_settled()
    visitor.jump("", "What would the draft codes ask of your service?")
    visitor.page.get_by_text("Several services (1 kept beside this one)").wait_for()
    assert set(on_device(visitor)) == {"First", "Second"}
    visitor.jump("returns", "Returns: what providers sent")
    visitor.press("Take the services that this browser keeps")
    visitor.page.get_by_text("2 files are in: 2 with answers are read. 2 services are counted.").wait_for()


@pytest.mark.parametrize("press", ["Begin another service", "Copy this one as the beginning of another"])
def test_where_the_device_has_no_room_nothing_takes_the_place_of_the_answers(visitor: Visitor, press: str) -> None:
    visitor.page.add_init_script(
        "const put = Storage.prototype.setItem; Storage.prototype.setItem = function (name, text) { if (this === localStorage && name.startsWith('mcm-kept.')) throw new DOMException('full', 'QuotaExceededError'); put.call(this, name, text); }"
    )
    visitor.open_with(FIRST, "check", "Check your answers")
    visitor.jump("", "What would the draft codes ask of your service?")
    visitor.page.get_by_text("Several services", exact=True).click()
    visitor.press(press)
    visitor.page.get_by_text("Nothing has changed: this browser does not keep the answers that are here").wait_for()
    visitor.page.get_by_text("You have answers here, of First.").wait_for()
    assert visitor.kept()["service_name"] == "First"
