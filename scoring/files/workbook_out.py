"""Tables become a workbook (.xlsx), in memory. XlsxWriter writes it.

Every text is a text, whatever it looks like: no formula, no link and no number is made of it, so nothing has to be guarded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

_LONGEST_TEXT = 32_767  # UTF-16 units; Excel keeps no more in a cell
_KEPT = 15_000
"""Characters that are kept of a text that is longer: a cell can hold as many whatever they are."""
_WIDEST, _NARROWEST = 60, 9  # characters
_WIDEST_HEADING = 18  # characters; a longer one is broken into lines
_MEASURED = 1_000  # rows of a table by which the width of its columns is chosen
_ABOUT = (28, 90)  # characters, the columns of the first sheet
_LINE = 15  # points, the height of a line of text
_HIGHEST = 400  # points; Excel has rows of up to 409
_LISTS = "Lists"


class TextTooLong(ValueError):
    """A text that no cell of a workbook can hold; the message says where it would stand and what to do."""


def fitting(text: str) -> str:
    """A text as a cell of a workbook can hold it: of one that is too long the beginning, which says so. For what is whole in another file."""
    if not too_long(text):
        return text
    return f"{text[:_KEPT]}… (cut here; the CSV has all of it)"


def too_long(text: str) -> bool:
    """Whether no cell of a workbook can hold a text."""
    return len(text) * 2 > _LONGEST_TEXT and len(text.encode("utf-16-le")) // 2 > _LONGEST_TEXT


@dataclass(frozen=True)
class ToFill:
    """A column of a table that is to be filled in: its heading, and what its cells may be, which is offered as a drop-down (empty: anything)."""

    heading: str
    choices: tuple[str, ...] = ()


class NewWorkbook:
    """A workbook in the making. about: what its first sheet says, as names and values; an empty name puts the value under the one before."""

    def __init__(self, title: str, about: Iterable[tuple[str, str]]) -> None:
        from xlsxwriter import Workbook

        self._file = BytesIO()
        as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = Workbook(self._file, {"in_memory": True, **as_text})
        plain = {"text_wrap": True, "valign": "top"}
        self._plain = self._book.add_format(plain)
        self._bold = self._book.add_format({**plain, "bold": True})
        self._heading = self._book.add_format({**plain, "bold": True, "bg_color": "#E6EBF0", "bottom": 1})
        self._to_fill = self._book.add_format(
            {**plain, "bg_color": "#FFF8DC", "border": 1, "border_color": "#C0C0C0", "num_format": "@"}
        )
        self._lists: dict[tuple[str, ...], str] = {}
        sheet = self._book.add_worksheet("About")
        for place, width in enumerate(_ABOUT):
            sheet.set_column(place, place, width)
        self._put(sheet, 0, 0, title, self._bold)
        for place, (name, value) in enumerate(about, start=2):
            self._put(sheet, place, 0, name, self._bold)
            self._put(sheet, place, 1, value, self._plain)
            self._make_high(sheet, place, (name, value), _ABOUT)

    def table(
        self, name: str, columns: Sequence[str | ToFill], rows: Iterable[Sequence[object]], room: int = 0
    ) -> None:
        """Add a sheet with a table: its header row stays in sight and can be filtered. A cell is a text, a number, or None for nothing.

        columns: each by its heading, or as one to be filled in. room: rows below the table that are to be filled in, for which the drop-downs hold too. Raises TextTooLong for a text that no cell can hold.
        """
        sheet = self._book.add_worksheet(name)
        table = [[column if isinstance(column, str) else column.heading for column in columns], *rows]
        widths = _widths(table)
        formats = [self._plain if isinstance(column, str) else self._to_fill for column in columns]
        for number, row in enumerate(table):
            for place, value in enumerate(row):
                self._put(sheet, number, place, value, formats[place] if number else self._heading)
            self._make_high(sheet, number, row, widths)
        last = len(table) - 1
        for place, column in enumerate(columns):
            sheet.set_column(place, place, widths[place])
            if isinstance(column, ToFill) and column.choices:
                self._offer(sheet, (1, place, max(last + room, 1), place), column.choices)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(columns) - 1)

    def offer(self, name: str, row: int, column: int, choices: Sequence[str]) -> None:
        """Offer values as a drop-down in one cell of a table; row 1 is the first below the header, column 0 the first."""
        self._offer(self._book.get_worksheet_by_name(name), (row, column, row, column), tuple(choices))

    def chart(
        self, name: str, title: str, series: Sequence[tuple[int, str]], rows: tuple[int, int], place: str
    ) -> None:
        """Put a stacked bar chart beside a table.

        series: the columns that are stacked, each with its colour; rows: the first and the last row that they are taken from; column 0
        names the bars. place: the cell at which the chart begins.
        """
        chart: Any = self._book.add_chart({"type": "bar", "subtype": "stacked"})
        first, last = rows
        for column, colour in series:
            chart.add_series(
                {
                    "name": [name, 0, column],
                    "categories": [name, first, 0, last, 0],
                    "values": [name, first, column, last, column],
                    "fill": {"color": colour},
                    "border": {"color": "#404040"},
                }
            )
        chart.set_title({"name": title, "name_font": {"size": 12}})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"num_format": "0", "major_gridlines": {"visible": True, "line": {"color": "#D0D0D0"}}})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 760, "height": 130 + 34 * (last - first + 1)})
        self._book.get_worksheet_by_name(name).insert_chart(place, chart, {"description": title})

    def finished(self) -> bytes:
        """The workbook as the bytes of a file. Nothing can be added afterwards."""
        if self._lists:
            sheet = self._book.add_worksheet(_LISTS)
            for column, choices in enumerate(self._lists):
                for row, choice in enumerate(choices):
                    self._put(sheet, row, column, choice, self._plain)
            sheet.hide()
        self._book.close()
        return self._file.getvalue()

    def _offer(self, sheet: Any, cells: tuple[int, int, int, int], choices: tuple[str, ...]) -> None:
        from xlsxwriter.utility import xl_col_to_name

        if choices not in self._lists:
            column = xl_col_to_name(len(self._lists))
            self._lists[choices] = f"={_LISTS}!${column}$1:${column}${len(choices)}"
        said = {
            "error_title": "Not one of the choices",
            "error_message": "Choose from the list, or leave the cell empty.",
        }
        sheet.data_validation(*cells, {"validate": "list", "source": self._lists[choices], **said})

    def _make_high(self, sheet: Any, number: int, row: Sequence[object], widths: Sequence[int]) -> None:
        """Make a row as high as its longest text needs: not every program does so by itself."""
        lines = max(
            (_lines(value, width) for value, width in zip(row, widths, strict=True) if isinstance(value, str)),
            default=1,
        )
        if lines > 1:
            sheet.set_row(number, min(lines * _LINE, _HIGHEST))

    def _put(self, sheet: Any, row: int, column: int, value: object, cell_format: Any) -> None:
        if value is None or value == "":
            sheet.write_blank(row, column, None, cell_format)
        elif isinstance(value, str):
            if too_long(value):
                units = len(value.encode("utf-16-le")) // 2
                raise TextTooLong(
                    f"the text for row {row + 1:,} of the sheet {sheet.name!r} has {units:,} characters, and a cell of a workbook holds {_LONGEST_TEXT:,}: "
                    "shorten it, or use the other format"
                )
            sheet.write_string(row, column, value, cell_format)
        else:
            sheet.write_number(row, column, value, cell_format)


def _widths(table: Sequence[Sequence[object]]) -> list[int]:
    """How wide each column is to be, in characters: as its cells need, within bounds. table: the headings, then the rows."""
    widths = [min(len(str(heading)) + 3, _WIDEST_HEADING) for heading in table[0]]  # room for the filter's button
    for row in table[1 : _MEASURED + 1]:
        for place, value in enumerate(row):
            if isinstance(value, str):
                widths[place] = max(widths[place], *(len(line) + 2 for line in value[: 20 * _WIDEST].split("\n")))
    return [min(max(width, _NARROWEST), _WIDEST) for width in widths]


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column, as far as the number of its letters tells."""
    return sum(1 + max(len(line) - 1, 0) // width for line in text.split("\n"))
