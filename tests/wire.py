"""One user of the app over the wire, without a browser: what the page in the browser tells the server, and what comes back.

As the page does, a user sends what every widget says with every rerun, and a press only once; takes up the page that the
server says it is on; and forgets the widgets that the last run did not draw. Files are fetched over HTTP. The app's own
component never says anything, as in a browser that forbids storage.
"""

import asyncio
import re
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self
from uuid import uuid4

import pyarrow
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Block_pb2 import Block
from streamlit.proto.Common_pb2 import FileUploaderState, FileURLs, UploadedFileInfo
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 60
"""Seconds until a run that does not finish is a failure; never waited out when all is well."""
STATE = {
    "radio": "string_value",
    "text_input": "string_value",
    "text_area": "string_value",
    "checkbox": "bool_value",
    "file_uploader": "file_uploader_state_value",
}
"""Kind of widget -> the field of the protocol that says what it shows."""
WIDGETS = (*STATE, "button", "download_button")


class Failed(AssertionError):
    """The app showed an error, or broke off."""


@dataclass
class Widget:
    """A widget as the last run drew it, and what it shows now: a radio the words of an option, None where nothing is chosen."""

    kind: str
    id: str
    label: str
    options: tuple[str, ...] = ()
    value: str | bool | FileUploaderState | None = None
    url: str = ""
    deferred: str = ""

    @property
    def key(self) -> str:
        """The key that the app gave it; Streamlit ends the widget's id with it."""
        return self.id.split("-", 2)[2]

    @property
    def about(self) -> str:
        """What it is about: "fact.tier", "grade.RES-MCM8.a", "name"; the key without the generation in front of it."""
        return self.key.partition(".")[2]


@dataclass
class User:
    """Somebody with a page of the app open, in a session of their own.

    hears, where it is given, is called with every message from the server as it came, whatever it is.
    """

    address: str
    hears: Callable[[bytes], object] | None = None
    session: str = ""
    page: str = ""
    elements: list[Element] = field(default_factory=list)
    widgets: dict[str, Widget] = field(default_factory=dict)
    _socket: ClientConnection | None = None
    _answer: ForwardMsg | None = None

    # ------------------------------------------------------------------------------------------ coming and going
    async def open(self, address: str = "") -> Self:
        """Connect, with a session of their own unless they had one before, and get the page at an address."""
        protocols = ["streamlit", "no-token-needed", *([self.session] if self.session else [])]
        self._socket = await connect(
            f"{self.address.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=protocols,
            origin=self.address,
            proxy=None,
            max_size=None,
        )
        message = BackMsg()
        if self.page:
            message.rerun_script.page_script_hash = self.page
        else:
            message.rerun_script.page_name = address
        await self._run(message)
        return self

    async def close(self) -> None:
        """Close the window."""
        await self._socket.close()

    async def drop(self) -> None:
        """Lose the connection, without a word to the server; `open` connects again to the same session."""
        self._socket.transport.abort()
        await self._socket.wait_closed()

    # ------------------------------------------------------------------------------------------ what is seen
    @property
    def title(self) -> str:
        """The heading of the page."""
        return next(
            (
                each.heading.body
                for each in self.elements
                if each.WhichOneof("type") == "heading" and each.heading.tag == "h1"
            ),
            "",
        )

    @property
    def text(self) -> str:
        """Everything that the page says, in the order in which it says it."""
        return "\n".join(said for each in self.elements for said in _said(each))

    def widget(self, about: str) -> Widget:
        """The one widget that is about something, or has this key or these words on it."""
        found = [each for each in self.widgets.values() if about in (each.about, each.key, each.label)]
        assert len(found) == 1, (
            f"{len(found)} widgets {about!r} on {self.title!r}, which has {[each.key for each in self.widgets.values()]}"
        )
        return found[0]

    def asked(self, kind: str) -> list[str]:
        """What is asked of a kind ("fact", "grade", "note", "examined", "reason"), in the order of the page."""
        return [
            each.about.removeprefix(f"{kind}.") for each in self.widgets.values() if each.about.startswith(f"{kind}.")
        ]

    # ------------------------------------------------------------------------------------------ what is given
    async def give(self, about: str, value: str | bool) -> None:
        """Choose an option by its words, type, or tick."""
        widget = self.widget(about)
        assert widget.kind != "radio" or value in widget.options, f"{about!r} has {widget.options}"
        widget.value = value
        await self.rerun()

    async def press(self, about: str) -> None:
        """Press the button with this key or these words, and wait for the page that it leads to."""
        await self.rerun(pressed=self.widget(about).id)

    async def next(self) -> None:
        """Press the button that leads on, whatever it is called here."""
        await self.press(self._key("next."))

    async def back(self) -> None:
        """Press the button that leads back."""
        await self.press(self._key("back."))

    def _key(self, beginning: str) -> str:
        found = [each.key for each in self.widgets.values() if each.key.startswith(beginning)]
        assert len(found) == 1, f"{len(found)} buttons {beginning!r} on {self.title!r}"
        return found[0]

    async def download(self, about: str) -> bytes:
        """The bytes behind a download button; those that are made when they are asked for, too."""
        widget = self.widget(about)
        return await asyncio.to_thread(fetch, self.address + (widget.url or await self.made(about)))

    async def upload(self, about: str, name: str, data: bytes) -> None:
        """Choose a file, in the place of any that was chosen before."""
        urls = await self.send_file(name, data)
        file = UploadedFileInfo(file_id=urls.file_id, name=name, size=len(data), file_urls=urls)
        self.widget(about).value = FileUploaderState(uploaded_file_info=[file])
        await self.rerun()

    async def send_file(self, name: str, data: bytes) -> FileURLs:
        """Send a file to the server, and not a word to the page."""
        message = BackMsg()
        message.file_urls_request.request_id = uuid4().hex
        message.file_urls_request.file_names.append(name)
        message.file_urls_request.session_id = self.session
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while (found := await self._receive()).WhichOneof("type") != "file_urls_response":
                pass
        (urls,) = found.file_urls_response.file_urls
        await asyncio.to_thread(put, self.address, urls.upload_url, name, data)
        return urls

    async def rerun(self, pressed: str = "") -> None:
        """Say what every widget shows, and wait until the server has run the page."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        for each in self.widgets.values():
            if each.kind in STATE and each.value is not None:
                message.rerun_script.widget_states.widgets.append(
                    WidgetState(id=each.id, **{STATE[each.kind]: each.value})
                )
        if pressed:
            message.rerun_script.widget_states.widgets.append(WidgetState(id=pressed, trigger_value=True))
        await self._run(message)

    # ------------------------------------------------------------------------------------------ the wire
    async def _run(self, message: BackMsg) -> None:
        """Send what asks for a run, and take in what comes until it is done. A run that only leads to another is not the end."""
        message.rerun_script.context_info.timezone = "UTC"
        await self._socket.send(message.SerializeToString())
        await self.drawn()

    async def drawn(self) -> None:
        """Wait until the server has drawn the page, whoever asked it to."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = await self._receive()
                if (
                    found.WhichOneof("type") == "script_finished"
                    and found.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
                ):
                    break
        self._draw()

    async def _receive(self) -> ForwardMsg:
        raw = await self._socket.recv()
        if self.hears:
            self.hears(raw)
        message = ForwardMsg.FromString(raw)
        match message.WhichOneof("type"):
            case "new_session":
                self.session = message.new_session.initialize.session_id
                self.page = message.new_session.page_script_hash
                self._drawn: dict[tuple[int, ...], Element | Block] = {}
            case "navigation":
                self.page = message.navigation.page_script_hash
            case "delta":
                self._drawn[tuple(message.metadata.delta_path)] = (
                    message.delta.new_element
                    if message.delta.WhichOneof("type") == "new_element"
                    else message.delta.add_block
                )
        return message

    def _draw(self) -> None:
        """What the run that is done has drawn is the page. A widget that was there before shows what it showed, unless the app says otherwise."""
        self.elements = [
            each for _, each in sorted(self._drawn.items(), key=lambda item: item[0]) if isinstance(each, Element)
        ]
        failed = [
            each.exception.message or each.exception.type
            for each in self.elements
            if each.WhichOneof("type") == "exception"
        ]
        if failed:
            raise Failed(f"{self.title!r} shows an error: {failed}")
        before, self.widgets = self.widgets, {}
        for element in self.elements:
            kind = element.WhichOneof("type")
            if kind in WIDGETS:
                found = _widget(kind, getattr(element, kind))
                if found.id in before and not getattr(getattr(element, kind), "set_value", False):
                    found.value = before[found.id].value
                self.widgets[found.id] = found

    async def made(self, about: str) -> str:
        """Have a file made that is made only when it is asked for, and get its address."""
        message = BackMsg()
        message.backend_operation_request.request_id = uuid4().hex
        message.backend_operation_request.session_id = self.session
        message.backend_operation_request.deferred_file.file_id = self.widget(about).deferred
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            while (found := await self._receive()).WhichOneof("type") != "backend_operation_response":
                pass
        if found.backend_operation_response.error_msg:
            raise Failed(found.backend_operation_response.error_msg)
        return found.backend_operation_response.deferred_file.url


def fetch(address: str) -> bytes:
    """What the server has at an address."""
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        return answer.read()


def put(address: str, path: str, name: str, data: bytes) -> None:
    """Send a file to an address of the server as a browser does: with the word that only the server's pages know."""
    with urllib.request.urlopen(f"{address}/_stcore/health", timeout=PATIENCE) as answer:
        word = re.search("_streamlit_xsrf=([^;]+)", answer.headers["Set-Cookie"])[1]
    disposition = f'Content-Disposition: form-data; name="{name}"; filename="{name}"'
    head = f"--end-of-part\r\n{disposition}\r\nContent-Type: text/csv\r\n\r\n".encode()
    body = head + data + b"\r\n--end-of-part--\r\n"
    kind = "multipart/form-data; boundary=end-of-part"
    said = {"Cookie": f"_streamlit_xsrf={word}", "X-Xsrftoken": word, "Content-Type": kind}
    request = urllib.request.Request(address + path, data=body, headers=said, method="PUT")
    urllib.request.urlopen(request, timeout=PATIENCE).close()


def _widget(kind: str, drawn) -> Widget:
    found = Widget(kind, drawn.id, drawn.label)
    if kind == "radio":
        found.options = tuple(drawn.options)
        found.value = (
            drawn.raw_value
            if drawn.set_value and drawn.HasField("raw_value")
            else drawn.options[drawn.default]
            if drawn.HasField("default") and not drawn.set_value
            else None
        )
    elif kind in STATE and kind != "file_uploader":
        found.value = drawn.value if drawn.set_value else drawn.default
    elif kind == "download_button":
        found.url, found.deferred = drawn.url, drawn.deferred_file_id
    return found


def _said(element: Element) -> Iterator[str]:
    """What one element says, in its own order."""
    kind = element.WhichOneof("type")
    drawn = getattr(element, kind)
    match kind:
        case "heading" | "markdown" | "text" | "alert":
            yield drawn.body
        case "progress":
            yield drawn.text
        case "table":
            table = pyarrow.ipc.open_stream(drawn.arrow_data.data).read_all()
            yield from (" | ".join(map(str, row.values())) for row in table.to_pylist())
        case "radio":
            yield from (drawn.label, *drawn.options)
        case "text_input" | "text_area":
            yield from (drawn.label, drawn.value if drawn.set_value else drawn.default)
        case "checkbox" | "button" | "download_button" | "page_link" | "file_uploader":
            yield drawn.label
        case "plotly_chart":
            yield drawn.alt
