"""A document (DOCX) in the making: headings, paragraphs, tables and bars, on A4, in Australian English. python-docx writes it.

Every text is a text, whatever it looks like; what a word processor cannot hold is left out of it. A text that begins from right to left
makes its paragraph one from right to left. Give what a user typed a paragraph or a cell of its own: no sign of direction reaches further.
A bar of points is drawn without a browser. It has no text: what it shows is said beside it and in its alternative text.
"""

import struct
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from unicodedata import bidirectional
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from scoring.documents.colours import PARTS
from scoring.files.messages import link_of
from scoring.score.assessment import without_controls

_FONT, _SIZE, _DARK, _LINK, _SHADE = "Arial", Pt(10), RGBColor(0x16, 0x20, 0x2C), RGBColor(0x05, 0x4B, 0x8A), "E6EBF0"
_CELL, _GRID = "Cell", "Table Grid"
"""The style of a paragraph in a table, whose name is its id too; and that of a table."""
_WIDTH, _MARGIN = 16.6, 2.2  # centimetres: of the text, and beside it
_BAR = 0.45  # centimetres, the height of a bar
_UNCHANGED = (1980, 1, 1, 0, 0, 0)
"""The moment that each part of the file has, so that the same content gives the same bytes; no document is said to be older."""
_WHOLE, _LINES = 300, 10
"""Characters and line ends of a text in a row that is not to be split. A row taller than a page has to be: LibreOffice leaves lines of it out."""


@dataclass(frozen=True)
class Link:
    """What may be an address: it becomes a link where it is one of http or https, and is shown whole either way."""

    text: str


@dataclass(frozen=True)
class Bar:
    """A bar of points, by part as PARTS has them; about: what it shows, in words; share: how long it is, as a part of the room there is."""

    points: tuple[int, ...]
    about: str
    share: float


Piece = str | Link | Bar
Content = Piece | tuple[Piece, ...]
"""What a cell of a table holds: a piece, or several, each in a paragraph of its own."""


class NewDocument:
    """A document in the making. title: what it is, also in its properties; saved_at: the moment that it is about, in ISO 8601."""

    def __init__(self, title: str, saved_at: str) -> None:
        self._document = Document()
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(_MARGIN)
        section.top_margin = section.bottom_margin = Cm(2)
        self._set_styles()
        moment = datetime.fromisoformat(saved_at)
        with suppress(OverflowError):
            moment = moment.astimezone(UTC)
        properties = self._document.core_properties
        properties.author, properties.comments, properties.language, properties.title = "", "", "en-AU", title
        properties.created = properties.modified = max(moment, datetime(*_UNCHANGED, tzinfo=UTC))
        foot = section.footer.paragraphs[0]
        foot.add_run(f"{title}. Page ")
        _field(foot, "PAGE")
        foot.add_run(" of ")
        _field(foot, "NUMPAGES")
        self.heading(title, 0)

    def heading(self, text: str, level: int) -> None:
        """A heading; level 0 is the title of the whole."""
        self._document.add_heading(text, level)

    def say(self, text: str, head: str = "", bold: bool = False, with_next: bool = False) -> None:
        """A paragraph. head: what stands before the text, in bold; with_next: keep its end on one page with what follows."""
        paragraph = self._document.add_paragraph()
        if paragraph._p.getprevious().tag == qn("w:tbl"):
            paragraph.paragraph_format.space_before = Pt(8)
        if head:
            _put(paragraph, f"{head} ", bold=True)
        _put(paragraph, text, bold)
        if with_next:
            paragraph.paragraph_format.keep_with_next = True

    def label(self, text: str) -> None:
        """A line in bold that stays with what follows, and is no heading."""
        self.say(text, bold=True, with_next=True)

    def list(self, texts: Sequence[str]) -> None:
        """A list, each text with a sign before it."""
        for text in texts:
            _put(self._document.add_paragraph(style="List Bullet"), text)

    def bar(self, bar: Bar) -> None:
        """A bar on a line of its own."""
        _draw(self._document.add_paragraph(), bar, _WIDTH)

    def table(
        self,
        columns: Sequence[tuple[str, float]],
        rows: Sequence[Sequence[Content]],
        height: float = 0,
    ) -> None:
        """A table, whose header row is there again on each page; put something between two, which else become one. columns: headings, and widths in parts of the whole; height: of a row, in centimetres, at least."""
        table = self._document.add_table(rows=0, cols=len(columns), style=_GRID)
        table.autofit = False
        whole = sum(width for _, width in columns)
        widths = [_WIDTH * width / whole for _, width in columns]
        for place, column in enumerate(table.columns):
            column.width = Cm(widths[place])
        head = self._row(table, [heading for heading, _ in columns], widths)
        head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell in head.cells:
            cell.paragraphs[0].runs[0].bold = cell.paragraphs[0].paragraph_format.keep_with_next = True
            shade = OxmlElement("w:shd")
            for name, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADE)):
                shade.set(qn(f"w:{name}"), value)
            cell._tc.get_or_add_tcPr().append(shade)
        for content in rows:
            row = self._row(table, content, widths)
            if height:
                row.height = Cm(height)

    def finished(self) -> bytes:
        """The document as the bytes of a file; the same content gives the same bytes."""
        made, packed = BytesIO(), BytesIO()
        self._document.save(made)
        with ZipFile(made) as parts, ZipFile(packed, "w") as file:
            for part in parts.infolist():
                file.writestr(ZipInfo(part.filename, _UNCHANGED), parts.read(part), ZIP_DEFLATED)
        return packed.getvalue()

    def _row(self, table: Any, contents: Sequence[Content], widths: Sequence[float]) -> _Row:
        row = table.add_row()
        cells = [content if isinstance(content, tuple) else (content,) for content in contents]
        texts = [
            piece if isinstance(piece, str) else piece.text
            for pieces in cells
            for piece in pieces
            if not isinstance(piece, Bar)
        ]
        if all(len(text) <= _WHOLE and len(text.splitlines()) <= _LINES for text in texts):
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, pieces, width in zip(row.cells, cells, widths, strict=True):
            cell.width = Cm(width)
            _fill(cell, pieces, width)
        return row

    def _set_styles(self) -> None:
        styles = self._document.styles
        for style in list(styles):  # the template has a hundred of tables
            if style.type == WD_STYLE_TYPE.TABLE and style.name not in (_GRID, "Normal Table"):
                style.delete()
        for fonts in styles.element.iter(qn("w:rFonts")):
            fonts.attrib.clear()
            for name in ("ascii", "hAnsi", "cs", "eastAsia"):
                fonts.set(qn(f"w:{name}"), _FONT)
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), "en-AU")
        styles["Normal"].font.size = _SIZE
        styles["Normal"].paragraph_format.space_after = Pt(6)
        in_table = styles.add_style(_CELL, WD_STYLE_TYPE.PARAGRAPH)
        in_table.base_style = styles["Normal"]
        in_table.paragraph_format.space_before = in_table.paragraph_format.space_after = Pt(2)
        in_table.paragraph_format.line_spacing = 1
        for name in ("Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4"):
            styles[name].font.color.rgb = _DARK


def _put(paragraph: Paragraph, text: str, bold: bool = False) -> None:
    run = paragraph.add_run(without_controls(text.replace("\r\n", "\n")))
    run.bold = run.font.cs_bold = bold or None
    strong = (bidirectional(sign) for sign in text)
    if next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L":
        run.font.rtl = True
        paragraph._p.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), "w:spacing")


def _fill(cell: _Cell, pieces: Sequence[Piece], width: float) -> None:
    for place, piece in enumerate(pieces):
        paragraph = cell.add_paragraph() if place else cell.paragraphs[0]
        paragraph._p.style = _CELL  # by its id, which takes no search among the styles
        if isinstance(piece, Bar):
            _draw(paragraph, piece, width - 0.5)  # the margins within a cell
        elif isinstance(piece, Link) and (address := link_of(piece.text)):
            _link(paragraph, piece.text, address)
        else:
            _put(paragraph, piece.text if isinstance(piece, Link) else piece)


def _draw(paragraph: Paragraph, bar: Bar, room: float) -> None:
    shape = paragraph.add_run().add_picture(BytesIO(points_bar(bar.points)), Cm(room * bar.share), Cm(_BAR))
    shape._inline.docPr.set("descr", bar.about)
    for side in "TBLR":  # without them a word processor leaves room beside the picture
        shape._inline.set(f"dist{side}", "0")


def _link(paragraph: Paragraph, text: str, address: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(text)
    run.font.underline, run.font.color.rgb = True, _LINK
    link.append(run._r)
    paragraph._p.append(link)


def _field(paragraph: Paragraph, instruction: str) -> None:
    """A number that the word processor puts in: the page, or how many there are."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)


# ----------------------------------------------------------------------------------------------------- a bar of points
_POINT, _HEIGHT = 60, 36  # pixels
_DARKER = 0.65


def points_bar(points: Sequence[int]) -> bytes:
    """A bar of at least one point, as the bytes of a PNG. points: by part, in the order of PARTS; each part has its colour and its pattern."""
    image = np.zeros((_HEIGHT, _POINT * sum(points), 3), dtype=np.uint8)
    down, across = np.indices(image.shape[:2])
    patterns = {
        "": np.zeros_like(down, dtype=bool),
        "/": (across + down) % 14 < 4,
        "x": ((across + down) % 12 < 2) | ((across - down) % 12 < 2),
        ".": (across % 10 - 5) ** 2 + (down % 10 - 5) ** 2 < 6,
    }
    start = 0
    for part, count in zip(PARTS, points, strict=True):
        end = start + _POINT * count
        image[:, start:end] = tuple(bytes.fromhex(part.colour[1:]))
        image[:, start:end][patterns[part.pattern][:, start:end]] = [
            int(_DARKER * light) for light in bytes.fromhex(part.colour[1:])
        ]
        start = end
    return _png(image)


def _png(image: np.ndarray) -> bytes:
    """An image, its rows of pixels of red, green and blue, as a PNG. Source: the PNG specification, sections 5 and 11."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    height, width, _ = image.shape
    unfiltered = b"".join(b"\x00" + row.tobytes() for row in image)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits each of red, green and blue
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(unfiltered)) + chunk(b"IEND", b"")
