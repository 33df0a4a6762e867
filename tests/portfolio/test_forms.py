"""A portfolio reads the same in whatever form a spreadsheet left it, and what cannot be read says what it is and what to do. Cases after `shared/cases`."""

import codecs
import csv
import io
import random
import unicodedata
from pathlib import Path

import naive
import pytest
import xlsxwriter
from office import CSV, LOCALES, save_as
from services import COLUMNS, MESSENGER, NETWORK, NOTE, as_file, cells, graded

from scoring.form.questionnaire_out import questionnaire
from scoring.portfolio.columns import PortfolioError, PortfolioRefused
from scoring.portfolio.one_service import example_csv, template_csv
from scoring.portfolio.tables import portfolio_csv, rejected_csv
from scoring.rules.load import load

RULES = load()
NAMES = (
    "Café Galah",
    "Straße; Zürich",
    'The "forum", old',
    "two\nlines",
    "İstanbul",
    "5 > 4",
    "naïve\tlist",
    "007",
    "Ελλάδα",
    "NA",
)
SERVICES = [NETWORK | {"service": "Café, “the” forum", "SMS-MCM10.a": "partly", NOTE: 'Tried "both"'}, MESSENGER]
PLAIN = as_file(SERVICES)
SEMICOLONS = "\r\n".join(
    ";".join(f'"{cell}"' if ";" in cell or '"' in cell else cell for cell in row)
    for row in csv.reader(io.StringIO(as_file([NETWORK, MESSENGER]).decode()))
)
TITLE_ROW = b"Services; state of March" + b"," * len(COLUMNS) + b"\n" + PLAIN


def in_excel(rows: list[list[str]], about: bool = True) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        if about:
            book.add_worksheet("About").write_string(0, 0, "What this is")
        sheet = book.add_worksheet("services")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, place, cell)
    return data.getvalue()


def padded(cell: str, chance: random.Random) -> str:
    return chance.choice(("", " ", "\u00a0", "\u200b")) + cell + chance.choice(("", " ", "\u00a0"))


def variant(rows: list[list[str]], chance: random.Random) -> bytes:
    """The same portfolio as another program, another country or a careless hand leaves it."""
    header, *services = [[padded(cell, chance) for cell in row] for row in rows]
    known = [place for place, cell in enumerate(rows[0]) if cell != "service" and not cell.endswith(".note")]
    header = [chance.choice((str.upper, str.title, str))(cell) for cell in header]
    services = [
        [cell.upper() if place in known else cell for place, cell in enumerate(row)] if chance.random() < 0.3 else row
        for row in services
    ]
    services = [[unicodedata.normalize("NFC", cell) for cell in row] for row in services]
    chance.shuffle(services)
    table = [row + [""] * extra for extra in [chance.randrange(3)] for row in (header, *services)]
    for _ in range(chance.randrange(4)):
        table.insert(chance.randrange(1, len(table) + 1), chance.choice(([], [""] * len(header), [" "] * 3)))
    if chance.random() < 0.25:
        return in_excel(table)
    separator, text = chance.choice(",;\t"), io.StringIO()
    end, quoting = chance.choice(("\n", "\r\n", "\r")), chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    if end == "\r":
        quoting = csv.QUOTE_ALL  # the csv module does not quote a cell that holds the other line end
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows(table)
    whole = (
        (f"sep={separator}{end}" if chance.random() < 0.3 else "") + text.getvalue() + chance.choice(("", "", "\x1a"))
    )
    return chance.choice((whole.encode(), codecs.BOM_UTF8 + whole.encode(), whole.encode("utf-16")))


@pytest.mark.slow
@pytest.mark.parametrize("number", range(10))
def test_generated_variants_of_a_portfolio_give_the_same_scores(number: int) -> None:
    chance = random.Random(number)
    profiles = chance.sample(naive.profiles(), 10)
    services = [graded(profile, name, chance.choice, "") for profile, name in zip(profiles, NAMES, strict=True)]
    rows = cells(as_file(services))
    for by_measure in (False, True):
        expected = sorted(cells(portfolio_csv(RULES, as_file(services), by_measure=by_measure)))
        for _ in range(5):
            data = variant(rows, chance)
            assert sorted(cells(portfolio_csv(RULES, data, by_measure=by_measure))) == expected, data[:200]


READ = {
    "03 rows of empty cells": (PLAIN + b"," * len(COLUMNS) + b"\n" + b",,\n" * 50, SERVICES),
    "04 columns without a name": (PLAIN.replace(b"\n", b",,\n"), SERVICES),
    "04 commas at the ends of rows alone": (PLAIN.replace(b"\n", b",,\n").replace(b",,\n", b"\n", 1), SERVICES),
    "06 a workbook": (in_excel(cells(PLAIN)), SERVICES),
    "08 rejected rows that were mended": (rejected_csv(RULES, PLAIN.replace(b"tier_1", b"tier_9")).replace(b",tier_9,", b",tier_1,"), SERVICES),
    "11 semicolons": (SEMICOLONS.encode(), [NETWORK, MESSENGER]),
    "17 a first line sep=;": (b"sep=;\r\n" + SEMICOLONS.encode(), [NETWORK, MESSENGER]),
    "20 rows that end early": (as_file([NETWORK, MESSENGER]).replace(b"," * 20 + b"\n", b"\n"), [NETWORK, MESSENGER]),
    "21 blanks before a quotation mark": (PLAIN.replace(b',"Tried', b', "Tried'), SERVICES),
    "22 capitals": (PLAIN.upper().replace("CAFÉ, “THE” FORUM".encode(), "Café, “the” forum".encode()).replace(b"WHISPER", b"Whisper").replace("CAFé, “THE” FORUM".encode(), "Café, “the” forum".encode()), SERVICES),
    "31 a last U+001A": (PLAIN + b"\x1a", SERVICES),
    "yes and no as true and false": (PLAIN.replace(b",no,", b",FALSE,").replace(b",yes,", b",WAHR,"), SERVICES),
    "full-width letters": (PLAIN.replace(b"tier_1", "ｔｉｅｒ＿１".encode()), SERVICES),
    "signs of print in ids and values": (PLAIN.replace(b"-MCM", "–MCM".encode()).replace(b"tier_1", "“tier_\u00ad1”".encode()).replace(b",res,", b",'res,"), SERVICES),
    "two files put together": (as_file(SERVICES[:1]) + as_file(SERVICES[1:], bom=True), SERVICES),
}  # fmt: skip


@pytest.mark.parametrize("case", READ)
def test_what_a_spreadsheet_leaves_is_read(case: str) -> None:
    data, services = READ[case]
    expected = [line for service in services for line in naive.service_lines(service, naive.RECOMMENDATIONS)]
    assert cells(portfolio_csv(RULES, data))[1:] == expected


REFUSED = {
    "05 Windows-1252": (PLAIN.decode().replace("“the”", "the").encode("cp1252"), "is not UTF-8 text (byte 0xe9); allowed: the workbook itself (.xlsx), or in Excel, Save as: CSV UTF-8"),
    "10 a comma file that an Excel with semicolons saved": ("".join(f"{line};;\n" for line in PLAIN.decode().splitlines()).encode(), "was opened and saved by a spreadsheet program that separates cells by semicolons"),
    "20 rows that end before what is asked": (b"service,category,tier\nA,sms\n", "'tier' is empty; allowed: tier_1, tier_2, tier_3"),
    "25 a scorecard": (b"service,code,measure,requirement,drafted_because\n", "a scorecard, which Returns takes"),
    "a note that a spreadsheet took for a formula": (PLAIN.replace(b'"Tried ""both"""', b"#NAME?"), "is '#NAME?'; allowed: the text itself: a spreadsheet took it for a formula"),
    "a name that is an error": (PLAIN.replace("Café, “the” forum".encode(), b"#N/A").replace(b'"#N/A"', b"#N/A"), "'service' is '#N/A'; allowed: the text itself"),
    "25 a questionnaire": (questionnaire(RULES), "a questionnaire, which the start page takes"),
    "29 a title row": (TITLE_ROW, "the first row has to name the columns; row 2 seems to"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_says_what_it_is_and_what_to_do(case: str) -> None:
    data, said = REFUSED[case]
    with pytest.raises((PortfolioError, PortfolioRefused)) as refused:
        portfolio_csv(RULES, data)
    assert said in str(refused.value)


@pytest.mark.slow
@pytest.mark.parametrize("locale", LOCALES)
def test_a_portfolio_that_libreoffice_saved_gives_the_same_scores_in_every_country(locale: str, tmp_path: Path) -> None:
    services = [service | {"service": name} for name, service in zip(NAMES[:8], [NETWORK, MESSENGER] * 4, strict=True)]
    given = tmp_path / "services.xlsx"
    given.write_bytes(in_excel(cells(as_file(services)), about=False))
    for kind in ("xlsx", f"csv:{CSV},,0,false,true,false"):
        save_as(kind, [given], locale, tmp_path)
    expected = portfolio_csv(RULES, as_file(services))
    for saved in ("services.xlsx", "services.csv"):
        assert portfolio_csv(RULES, tmp_path / "out" / saved) == expected


def test_07_every_csv_begins_with_a_mark_so_that_a_spreadsheet_keeps_its_accents() -> None:
    bad = PLAIN.replace(b"tier_1", b"tier_9")
    for written in (portfolio_csv(RULES, PLAIN), rejected_csv(RULES, bad), template_csv(RULES), example_csv()):
        assert written.startswith(codecs.BOM_UTF8)
