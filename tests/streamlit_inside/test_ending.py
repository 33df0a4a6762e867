"""What a session held goes when it ends: by the clock, though nobody else comes; and the memory goes back."""

import asyncio
import weakref
from collections.abc import Iterator
from time import monotonic
from types import SimpleNamespace
from unittest.mock import patch
from urllib.error import HTTPError

import pytest
from browser import Server, served
from services import NETWORK, as_file
from streamlit.runtime.media_file_storage import MediaFileKind, MediaFileStorageError
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from wire import User, fetch

from questionnaire.streamlit_inside import keepers
from questionnaire.streamlit_inside.ending import end_by_the_clock, give_memory_back
from questionnaire.streamlit_inside.keepers import GRACE, Disconnected, Downloads, UploadedFiles

AWAY = 4
"""Seconds after which a session without a connection ends on these servers."""
PATIENCE = 90
"""Seconds until something that is still there is a failure; never waited out when all is well."""


@pytest.fixture(scope="module")
def idle() -> Iterator[Server]:
    with served("--server.disconnectedSessionTTL", str(AWAY)) as server:
        yield server


def is_there(address: str) -> bool:
    try:
        return bool(fetch(address))
    except HTTPError as error:
        assert error.code == 404
        return False


def until_gone(*addresses: str) -> None:
    until = monotonic() + PATIENCE
    left = [*addresses]
    while left := [address for address in left if is_there(address)]:
        assert monotonic() < until, f"still there: {left}"
        asyncio.run(asyncio.sleep(0.5))


# ------------------------------------------------------------------------------------------ over a real server
def test_the_downloads_of_the_last_visitor_go_by_the_clock_though_nobody_else_comes(idle: Server) -> None:
    async def go() -> list[str]:
        user = await User(idle.address).open("portfolio")
        await user.upload("portfolio.upload.0", "services.csv", as_file([NETWORK]))
        found = [user.widget("portfolio.example").url, await user.made("portfolio.services")]
        await user.close()
        return [idle.address + path for path in found]

    addresses = asyncio.run(go())
    assert all(map(is_there, addresses))  # whoever only lost the connection may come back
    until_gone(*addresses)


def test_whoever_comes_back_in_time_finds_everything_and_whoever_comes_too_late_gets_a_new_session(
    idle: Server,
) -> None:
    async def go() -> None:
        user = await User(idle.address).open("portfolio")
        await user.press("Show the example")
        await user.close()
        session, address = user.session, idle.address + user.widget("portfolio.example").url
        await user.open()
        assert user.session == session and "Of 12 services, " in user.text
        await asyncio.sleep(AWAY * 2)  # a session with a connection never ends, however idle
        assert await asyncio.to_thread(is_there, address)
        await user.rerun()
        assert "Of 12 services, " in user.text
        await user.close()
        await asyncio.sleep(AWAY * 3)
        await user.open()
        assert user.session != session and "bound by at least one measure" not in user.text
        await user.close()

    asyncio.run(go())


def test_a_file_that_was_made_for_one_user_is_still_there_to_be_fetched_though_others_go_on_working(
    idle: Server,
) -> None:
    async def go() -> None:
        one, other = await User(idle.address).open("portfolio"), await User(idle.address).open()
        await one.press("Show the example")
        made = await one.made("portfolio.services")
        for _ in range(3):  # after each run Streamlit looks for files that no page has
            await other.rerun()
        assert (await asyncio.to_thread(fetch, idle.address + made)).startswith(b"\xef\xbb\xbfservice,")
        await one.close()
        await other.close()

    asyncio.run(go())


# ------------------------------------------------------------------------------------------ the keepers by themselves
def away(name: str) -> SessionInfo:
    return SessionInfo(None, SimpleNamespace(id=name), 0)


def test_a_session_is_overdue_when_its_time_is_over_and_can_be_taken_up_until_then() -> None:
    with patch.object(keepers, "monotonic") as clock:
        clock.return_value = 100.0
        sessions = Disconnected(ttl_seconds=60)
        sessions.save(away("one"))
        clock.return_value = 130.0
        sessions.save(away("other"))
        assert sessions.overdue() == [] and sessions.get("one").session.id == "one" and sessions.get("nobody") is None
        clock.return_value = 160.0
        assert sessions.overdue() == ["one"]
        sessions.save(away("one"))  # who came and went again has all the time again
        clock.return_value = 190.0
        assert sessions.overdue() == ["other"]
        sessions.delete("other")
        assert [each.session.id for each in sessions.list()] == ["one"]


def test_of_too_many_sessions_without_a_connection_whoever_left_first_ends_first() -> None:
    sessions = Disconnected(maxsize=2, ttl_seconds=60)
    for name in "abcd":
        sessions.save(away(name))
    assert sessions.overdue() == ["a", "b"]


def kept(downloads: Downloads, data: bytes, name: str = "x.csv") -> str:
    return downloads.load_and_get_id(data, "text/csv", MediaFileKind.DOWNLOADABLE, name)


def test_equal_downloads_have_one_address_and_any_other_byte_another_and_each_server_has_its_own() -> None:
    downloads, large = Downloads("/media"), bytearray(3 * 2**20)
    first = kept(downloads, bytes(large))
    assert (
        kept(downloads, bytes(large)) == first != kept(downloads, bytes(large), "y.csv")
        and kept(Downloads("/media"), bytes(large)) != first
    )
    large[700_000] = 1
    second = kept(downloads, bytes(large))
    assert second != first and downloads.get_file(f"{second}.csv").content == large


def test_a_download_that_was_given_up_stays_for_a_moment_and_for_good_when_it_is_wanted_again() -> None:
    downloads = Downloads("/media")
    with patch.object(keepers, "monotonic") as clock:
        clock.return_value = 0.0
        gone, again = kept(downloads, b"gone"), kept(downloads, b"again")
        for each in (gone, again):
            downloads.delete_file(each)
        clock.return_value = GRACE - 1.0
        kept(downloads, b"again")
        assert not downloads.sweep() and downloads.get_file(gone).content == b"gone"
        clock.return_value = float(GRACE)
        assert downloads.sweep() and downloads.get_file(again).content == b"again"
        with pytest.raises(MediaFileStorageError):
            downloads.get_file(gone)
        assert not downloads.sweep()


def test_a_streamlit_that_keeps_sessions_in_another_way_is_served_and_the_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    runtime = SimpleNamespace(media_file_mgr=SimpleNamespace(_storage=object()), uploaded_file_mgr=object())
    asyncio.run(end_by_the_clock(runtime))
    assert "not by the clock" in caplog.text


def test_a_file_that_arrives_after_its_session_has_ended_goes_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keepers, "monotonic", lambda: 0.0)  # nobody is overdue, though the clock is looked at often
    sessions, downloads, files = Disconnected(ttl_seconds=1), Downloads("/media"), UploadedFiles("/up")
    sessions.save(away("left"))
    for session in ("here", "left", "ended"):
        files.add_file(session, UploadedFileRec("x", "x.csv", "text/csv", b"x"))
    runtime = SimpleNamespace(
        _session_mgr=SimpleNamespace(_session_storage=sessions),
        media_file_mgr=SimpleNamespace(_storage=downloads, remove_orphaned_files=list),
        uploaded_file_mgr=files,
        is_active_session=lambda session: session == "here",
    )

    async def go() -> None:
        task = asyncio.create_task(end_by_the_clock(runtime))
        async with asyncio.timeout(PATIENCE):
            while "ended" in files.file_storage:
                await asyncio.sleep(0.05)
        task.cancel()

    asyncio.run(go())
    assert {*files.file_storage} == {"here", "left"}


def test_a_failure_of_the_clock_is_logged_and_it_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    sessions, downloads = Disconnected(ttl_seconds=0), Downloads("/media")
    sessions.save(away("x"))
    tries = []

    class Runtime:
        _session_mgr = SimpleNamespace(_session_storage=sessions)
        media_file_mgr = SimpleNamespace(_storage=downloads)
        uploaded_file_mgr = UploadedFiles("/up")

        def close_session(self, name: str) -> None:
            tries.append(name)
            raise RuntimeError("inner")

    async def go() -> None:
        task = asyncio.create_task(end_by_the_clock(Runtime()))
        while len(tries) < 2:
            await asyncio.sleep(0.05)
        task.cancel()

    asyncio.run(go())
    assert "it is tried again" in caplog.text


def test_memory_can_be_given_back_at_any_time_and_what_holds_on_to_itself_goes() -> None:
    class Ring:
        pass

    ring = Ring()
    ring.itself = ring
    watched = weakref.ref(ring)
    del ring
    give_memory_back()
    assert watched() is None
