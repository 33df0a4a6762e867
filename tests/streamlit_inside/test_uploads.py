"""What users upload: one file of a session beside the one that it works on, a limit for all; large files take turns."""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from itertools import repeat
from time import monotonic
from types import SimpleNamespace
from urllib.error import HTTPError

import pytest
from browser import Server, served
from services import NETWORK, as_file
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from wire import User, fetch, put

from questionnaire.streamlit_inside.keepers import UploadedFiles
from questionnaire.streamlit_inside.places import largest
from questionnaire.streamlit_inside.uploads import LimitedUploads
from questionnaire.tool_pages.turns import Turns

PATIENCE = 60
LARGEST = 1
"""Megabytes that a file may have on this server, so that all together may have five."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with served("--server.maxUploadSize", str(LARGEST), "--server.disconnectedSessionTTL", "2") as server:
        yield server


def services(count: int) -> bytes:
    return as_file([NETWORK | {"service": f"Service {number:05d} {'x' * 150}"} for number in range(count)])


NEARLY_A_MEGABYTE = services(4_450)


def held(server: Server) -> int:
    """The bytes of uploads that the server says it has."""
    found = re.search(
        r'cache_memory_bytes\{cache_type="UploadedFileManager"[^}]*\} (\d+)',
        fetch(f"{server.address}/_stcore/metrics").decode(),
    )
    return int(found[1]) if found else 0


def until_held(server: Server, expected: int) -> None:
    """Wait until the server has so many bytes and no others; it counts anew every few seconds."""
    until = monotonic() + PATIENCE
    while (now := held(server)) != expected:
        assert monotonic() < until, f"the server has {now:,} bytes of uploads, not {expected:,}"
        asyncio.run(asyncio.sleep(0.5))


def with_user(server: Server, address: str, steps) -> None:
    """Have a user on a page do something, with the window open until the end of it."""

    async def go() -> None:
        user = await User(server.address).open(address)
        try:
            await steps(user)
        finally:
            await user.close()

    asyncio.run(go())


def test_the_file_for_a_page_is_large_enough_to_take_a_turn_and_small_enough_to_be_taken() -> None:
    assert 0.9 * 2**20 < len(NEARLY_A_MEGABYTE) < LARGEST * 2**20 - 1_000


# ------------------------------------------------------------------------------------------ over a real server
def test_a_file_that_is_taken_away_is_gone_from_the_server_at_once(server: Server) -> None:
    async def go(user: User) -> None:
        await user.upload("portfolio.upload.0", "services.csv", NEARLY_A_MEGABYTE)
        assert "Of 4,450 services, " in user.text
        assert held(server) == len(NEARLY_A_MEGABYTE)
        await user.press("Show the example")  # which takes the file away
        await asyncio.to_thread(until_held, server, 0)
        await user.upload("portfolio.upload.1", "services.csv", NEARLY_A_MEGABYTE)
        for address in ("sources", "portfolio"):
            await user.close()
            user.page = ""
            await user.open(address)
        assert "Open here: services.csv" in user.text and "Of 4,450 services, " in user.text
        await asyncio.to_thread(until_held, server, len(NEARLY_A_MEGABYTE))
        await user.press("Remove this file")
        assert "bound by at least one measure" not in user.text
        await asyncio.to_thread(until_held, server, 0)

    with_user(server, "portfolio", go)


def test_a_session_holds_one_file_a_page_however_many_it_sends_and_whether_they_turn_up_in_the_page_or_not(
    server: Server,
) -> None:
    async def go(user: User) -> None:
        for number in range(1, 11):
            await user.upload("portfolio.upload.0", "services.csv", services(number * 300))
        assert "Of 3,000 services, " in user.text
        await asyncio.to_thread(until_held, server, len(services(3_000)))
        for number in range(1, 11):  # not a word of these to the page
            await user.send_file("other.csv", services(number * 30))
        await asyncio.to_thread(until_held, server, len(services(3_000)) + len(services(300)))
        await user.rerun()
        assert "Of 3,000 services, " in user.text

    with_user(server, "portfolio", go)
    until_held(server, 0)  # and with the session, all of it goes


def test_a_page_that_reads_a_file_has_the_last_one_and_no_other(server: Server) -> None:
    async def go(user: User) -> None:
        for number in range(1, 6):
            await user.upload("upload", "x.json", b"x" * number * 1_000)
        await asyncio.to_thread(until_held, server, 5_000)

    with_user(server, "", go)


def test_a_page_that_takes_several_has_none_of_them_once_they_are_read(server: Server) -> None:
    async def go(user: User) -> None:
        await user.upload("returns.upload.0", "x.csv", b"x" * 1_000)
        assert "This file cannot be verified." in user.text
        await asyncio.to_thread(until_held, server, 0)

    with_user(server, "returns", go)


def test_over_the_limit_of_all_users_a_file_is_refused_in_words_on_the_page_too_and_taken_when_there_is_room_again(
    server: Server,
) -> None:
    until_held(server, 0)  # what other tests left

    async def go() -> None:
        users = [await User(server.address).open("portfolio") for _ in range(7)]
        for user in users[:5]:
            await user.upload("portfolio.upload.0", "services.csv", NEARLY_A_MEGABYTE)
            assert "Of 4,450 services, " in user.text
        for user, about in ((users[5], "portfolio"), (users[6], "portfolio")):
            with pytest.raises(HTTPError) as refused:
                await user.upload(f"{about}.upload.0", "services.csv", NEARLY_A_MEGABYTE)
            assert refused.value.code == 507
            said = refused.value.read().decode()
            assert said.startswith("There is no room for this file now: ") and "may have 5 MB together" in said
            assert "Try again" in said
            await user.drawn()
            assert said.strip() in user.text
            await user.rerun()
            assert said.strip() not in user.text  # said once
        await users[0].press("Show the example")
        await users[5].upload("portfolio.upload.0", "services.csv", NEARLY_A_MEGABYTE)
        assert "Of 4,450 services, " in users[5].text
        await users[5].upload(
            "portfolio.upload.0", "services.csv", services(10)
        )  # in the place of another there is room
        for user in users:
            await user.close()

    asyncio.run(go())


def test_a_file_that_nobody_may_send_is_refused_as_before(server: Server) -> None:
    async def go(user: User) -> None:
        with pytest.raises(HTTPError, match="413") as refused:
            await user.upload("portfolio.upload.0", "services.csv", b"x" * (LARGEST * 2**20 + 1))
        assert refused.value.read() == b"This file is too large: one may have 1 MB.\n"
        await user.drawn()
        assert "This file is too large" in user.text
        with pytest.raises(HTTPError, match="400"):
            await asyncio.to_thread(
                put, server.address, "/_stcore/upload_file/00000000-0000-4000-8000-000000000000/x", "x.csv", b"x"
            )

    with_user(server, "portfolio", go)


# ------------------------------------------------------------------------------------------ the keeper by itself
def file(name: str, size: int = 10) -> UploadedFileRec:
    return UploadedFileRec(name, f"{name}.csv", "text/csv", b"x" * size)


def test_what_a_session_works_on_stays_until_it_works_on_another_or_takes_it_away_and_everything_else_gives_way() -> (
    None
):
    files = UploadedFiles("/up")
    for name in ("old", "work", "shown"):
        files.add_file("a", file(name))
    files.add_file("b", file("of another"))
    files.work_on("a", "work")
    assert [*files.file_storage["a"]] == ["work"]
    files.add_file("a", file("new"))
    files.make_room("a", "new")
    assert [*files.file_storage["a"]] == ["work", "new"]
    files.make_room("a")
    assert [*files.file_storage["a"]] == ["work"]
    files.take_away("a")
    assert files.bytes_together() == 10 and files.get_files("a", ["work"]) == []
    files.remove_session_files("b")
    assert files.bytes_together() == 0


def test_a_page_that_takes_several_files_has_them_side_by_side_and_another_page_finds_none_of_them() -> None:
    files = UploadedFiles("/up")
    files.add_file("a", file("work"))
    files.work_on("a", "work")
    files.take_several("a", True)
    with files.coming("a", 90 * 2**20), files.coming("a", 1), files.coming("a", 1):
        assert files.refusal("a", 100 * 2**20) == (0, "")
        assert files.refusal("a", 110 * 2**20)[0] == 413 and "200 MB together" in files.refusal("a", 110 * 2**20)[1]
    for name in ("one", "another"):
        files.make_room("a")
        files.add_file("a", file(name))
        files.make_room("a", name)
    files.take_several("a", True)  # the page is drawn again
    assert [*files.file_storage["a"]] == ["work", "one", "another"]
    files.take_several("a", False)
    assert [*files.file_storage["a"]] == ["work"]
    assert files.refusal("a", 200 * 2**20) == (0, "")


def test_what_is_on_its_way_counts_and_one_session_sends_no_more_than_two_files_at_once() -> None:
    files = UploadedFiles("/up")
    assert files.refusal("a", 200 * 2**20) == (0, "")
    with files.coming("a", 700 * 2**20), files.coming("a", 200 * 2**20):
        assert files.refusal("a", 1)[0] == 429
        assert files.refusal("b", 101 * 2**20)[0] == 507 and "1,000 MB together" in files.refusal("b", 101 * 2**20)[1]
        assert files.refusal("b", 100 * 2**20) == (0, "")
    assert files.bytes_together() == 0


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, UploadedFiles]]:
    """Send a file past the limit to a server whose sessions are alive, or end meanwhile; `alive` says so each time that it is asked."""

    def send(headers: dict[str, str], alive: Iterator[bool]) -> tuple[int, UploadedFiles]:
        files, statuses = UploadedFiles("/_stcore/upload_file"), []
        running = SimpleNamespace(
            uploaded_file_mgr=files, is_active_session=lambda session: next(alive), get_app_session=lambda session: None
        )
        monkeypatch.setattr("streamlit.runtime.exists", lambda: True)
        monkeypatch.setattr("streamlit.runtime.get_instance", lambda: running)

        async def streamlit(scope, receive, send) -> None:
            statuses.append(files.bytes_together())
            files.add_file("one", file("a", 100))
            await send({"type": "http.response.start", "status": 204, "headers": []})

        async def receive() -> dict:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def say(message) -> None:
            pass

        scope = {
            "type": "http",
            "method": "PUT",
            "path": "/_stcore/upload_file/one/a",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        asyncio.run(LimitedUploads(streamlit)(scope, receive, say))
        return statuses[0], files

    return send


def test_a_file_that_comes_in_pieces_counts_as_one_of_the_largest_whatever_length_it_is_said_to_have(
    sent: Callable[..., tuple[int, UploadedFiles]],
) -> None:
    assert sent({"content-length": "100"}, repeat(True))[0] == 100
    assert sent({"content-length": "1", "transfer-encoding": "chunked"}, repeat(True))[0] == largest()
    assert sent({}, repeat(True))[0] == largest()


def test_an_upload_that_brings_next_to_nothing_is_broken_off_and_its_room_is_free_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files, said = UploadedFiles("/_stcore/upload_file"), []
    running = SimpleNamespace(uploaded_file_mgr=files, is_active_session=lambda session: True)
    monkeypatch.setattr("streamlit.runtime.exists", lambda: True)
    monkeypatch.setattr("streamlit.runtime.get_instance", lambda: running)
    monkeypatch.setattr("questionnaire.streamlit_inside.uploads.GRACE", 0.05)
    silent = asyncio.Event()

    async def streamlit(scope, receive, send) -> None:
        while (await receive())["more_body"]:
            pass

    parts = iter([{"type": "http.request", "body": b"x" * 10, "more_body": True}])

    async def receive() -> dict:
        part = next(parts, None)
        if part is None:
            await silent.wait()
        return part

    async def say(message) -> None:
        said.append(message.get("status"))

    scope = {
        "type": "http",
        "method": "PUT",
        "path": "/_stcore/upload_file/one/a",
        "headers": [(b"content-length", b"1000000")],
    }
    asyncio.run(LimitedUploads(streamlit)(scope, receive, say))
    assert said[0] == 408
    assert files.bytes_together() == 0


def test_whoever_loses_the_connection_while_a_file_is_on_its_way_finds_it_when_they_come_back(
    sent: Callable[..., tuple[int, UploadedFiles]],
) -> None:
    assert sent({"content-length": "100"}, iter((True, False)))[1].bytes_together() == 100


def test_why_a_file_was_refused_is_given_out_once_and_to_its_own_session() -> None:
    files = UploadedFiles("/up")
    files.refuse("a", "No room.")
    assert (files.refused("b"), files.refused("a"), files.refused("a")) == ("", "No room.", "")


# ------------------------------------------------------------------------------------------ turns
class Worker(threading.Thread):
    """Somebody who takes a turn, in their own thread, until they are told to stop."""

    def __init__(self, turns: Turns, size: int, most: int) -> None:
        super().__init__(daemon=True)
        self.turns, self.size, self.most = turns, size, most
        self.heard: list[int] = []
        self.hears, self.works, self.may_stop = threading.Event(), threading.Event(), threading.Event()
        self.start()

    def told(self, before: int) -> None:
        self.heard.append(before)
        self.hears.set()

    def run(self) -> None:
        with self.turns.turn(self.size, self.most, self.told):
            self.works.set()
            self.may_stop.wait(PATIENCE)

    def stop(self) -> None:
        self.may_stop.set()
        self.join(PATIENCE)


def test_large_files_take_turns_in_the_order_in_which_they_came_and_whoever_waits_is_told_how_many_go_before() -> None:
    turns = Turns()
    first = Worker(turns, 150, 200)
    assert first.works.wait(PATIENCE)
    second = Worker(turns, 150, 200)
    assert second.hears.wait(PATIENCE)
    third = Worker(turns, 40, 200)  # which there would be room for, but it came later
    assert third.hears.wait(PATIENCE)
    assert (first.heard, set(second.heard), third.heard[0]) == ([], {1}, 2) and not second.works.is_set()
    first.stop()
    assert second.works.wait(PATIENCE) and third.works.wait(PATIENCE)  # 150 and 40 are not more than 200
    for each in (second, third):
        each.stop()


def test_a_file_that_is_larger_than_all_may_be_together_has_its_turn_when_nobody_else_works() -> None:
    with Turns().turn(300, 200, pytest.fail):
        pass


def test_whoever_leaves_while_they_wait_holds_nobody_up() -> None:
    turns = Turns()

    def leave(before: int) -> None:
        raise KeyboardInterrupt

    with turns.turn(150, 200, pytest.fail), pytest.raises(KeyboardInterrupt), turns.turn(150, 200, leave):
        pass
    with turns.turn(150, 200, pytest.fail):
        pass


def test_whoever_fails_while_they_work_holds_nobody_up() -> None:
    turns = Turns()
    with pytest.raises(ValueError), turns.turn(150, 200, pytest.fail):
        raise ValueError
    with turns.turn(150, 200, pytest.fail):
        pass
