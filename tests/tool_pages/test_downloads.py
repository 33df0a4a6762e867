"""What is downloaded is byte for byte what was made: every kind of file, beside the engine's and the command line's."""

import asyncio
import gzip
import urllib.request
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browser import Server
from naive import FACTS, REQUIREMENTS
from services import MESSENGER, NETWORK, as_file
from wire import User

from questionnaire.tool_pages import map
from scoring.__main__ import main
from scoring.documents.obligations_tables import Beside, obligations_page
from scoring.documents.report import report_html
from scoring.kinds.obligations import obligations
from scoring.kinds.slips import ways
from scoring.portfolio.coverage import coverage
from scoring.portfolio.one_service import example_csv, template_csv
from scoring.portfolio.summary import portfolio as services_of
from scoring.portfolio.tables import portfolio_csv
from scoring.record.dossier_document import dossier_document
from scoring.record.record_document import record_document
from scoring.rules.amend import adopting
from scoring.rules.load import load
from scoring.score.assessment_file import from_json, to_json
from scoring.score.dossier import dossier

RULES = load()
SAVED = Path(__file__).parents[1] / "assessments"
NAMES = sorted(path.stem for path in SAVED.glob("*.json"))


@asynccontextmanager
async def opened(server: Server, name: str):
    """A user who has opened a saved assessment, on the page that follows."""
    user = await User(server.address).open()
    await user.upload("upload", f"{name}.json", (SAVED / f"{name}.json").read_bytes())
    await user.press("open")
    yield user
    await user.close()


@asynccontextmanager
async def portfolio(server: Server, data: bytes):
    user = await User(server.address).open("portfolio")
    await user.upload("portfolio.upload.0", "services.csv", data)
    yield user
    await user.close()


def command(tmp_path: Path, *arguments: str) -> bytes:
    """What the command line writes."""
    out = tmp_path / "out"
    main([*arguments, "--out", str(out)])
    return out.read_bytes()


def as_a_browser(address: str) -> bytes:
    """What a browser makes of it, which takes what is compressed and unpacks it."""
    with urllib.request.urlopen(
        urllib.request.Request(address, headers={"Accept-Encoding": "gzip, br"}), timeout=60
    ) as answer:
        body = answer.read()
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Cache-Control"] == "no-store"
        return gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body


@pytest.mark.parametrize("name", NAMES)
def test_the_scorecard_the_report_and_the_saved_answers_are_what_the_engine_and_the_command_line_make(
    server: Server, tmp_path: Path, name: str
) -> None:
    assessment = from_json((SAVED / f"{name}.json").read_bytes(), RULES)

    async def go() -> None:
        async with opened(server, name) as user:
            while user.title != "Scorecard":
                await user.next()
            assert await user.download("csv") == command(tmp_path, "score", str(SAVED / f"{name}.json"))
            assert await user.download("report") == report_html(RULES, assessment)
            assert await user.download("json") == to_json(assessment, RULES)
            made = await user.made("report")
            assert await asyncio.to_thread(as_a_browser, server.address + made) == report_html(RULES, assessment)

    asyncio.run(go())


def test_the_record_and_the_report_of_the_technologies_are_what_the_engine_makes(server: Server) -> None:
    assessment = from_json((SAVED / "encrypted_messenger.json").read_bytes(), RULES)

    async def go() -> tuple[bytes, bytes]:
        async with opened(server, "encrypted_messenger") as user:
            record = await user.download("record")
            while user.title != "Not capable?":
                await user.back()
            return record, await user.download("dossier")

    before = datetime.now(UTC).date()
    record, report = asyncio.run(go())
    assert report == dossier_document(RULES, assessment, dossier(RULES, assessment))
    assert record in {record_document(RULES, assessment, day) for day in (before, datetime.now(UTC).date())}


def test_the_map_of_all_kinds_is_what_the_command_line_writes(server: Server, tmp_path: Path) -> None:
    async def go() -> bytes:
        user = await User(server.address).open("obligations")
        found = await user.download("map.csv")
        await user.close()
        return found

    assert asyncio.run(go()) == command(tmp_path, "obligations")


def test_the_one_page_is_what_the_engine_makes_and_says_which_recommendations_are_adopted(server: Server) -> None:
    async def go() -> bytes:
        user = await User(server.address).open("obligations")
        await user.press("obligations.none")
        page = await user.download("map.page")
        await user.close()
        return page

    page = asyncio.run(go())
    assert page == obligations_page(
        RULES,
        obligations(RULES, adopting(RULES, [])),
        ways(RULES),
        map.outcomes(RULES),
        Beside(),
        datetime.now(UTC).date(),
    )
    assert b"As amended (0 of 9)" in page


def test_the_example_and_the_template_are_what_the_engine_makes(server: Server) -> None:
    async def go() -> None:
        user = await User(server.address).open("portfolio")
        assert await user.download("portfolio.example") == example_csv()
        assert await user.download("portfolio.template") == template_csv(RULES)
        await user.close()

    asyncio.run(go())


def test_the_scores_and_the_rejected_rows_of_a_portfolio_are_what_the_command_line_writes(
    server: Server, tmp_path: Path
) -> None:
    good, bad = as_file([NETWORK, MESSENGER]), as_file([NETWORK, MESSENGER | {"tier": "=1+1"}])
    path, wrong = tmp_path / "services.csv", tmp_path / "wrong.csv"
    path.write_bytes(good)
    wrong.write_bytes(bad)

    async def go() -> None:
        async with portfolio(server, good) as user:
            assert await user.download("portfolio.services") == command(tmp_path, "portfolio", str(path))
            assert await user.download("portfolio.measures") == command(
                tmp_path, "portfolio", str(path), "--by", "measure"
            )
            covered = coverage(services_of(RULES, good), ways(RULES))
            assert await user.download("portfolio.coverage") == covered.csv()
        async with portfolio(server, bad) as user:
            command(tmp_path, "portfolio", str(wrong), "--keep-going")
            (rejected,) = (each for each in tmp_path.iterdir() if "rejected" in each.name)
            assert await user.download("portfolio.rejected") == rejected.read_bytes()

    asyncio.run(go())


def test_what_is_made_of_a_file_with_matched_headings_is_what_is_made_of_the_right_ones(server: Server) -> None:
    own = b"Name;Kind;Risk;Encrypted?;Who hosts;Live streaming;Contact\nA;sms;Tier 1;None;provider_managed;No;Jo\n"
    right = b"service,category,tier,encryption,hosting,livestream\nA,sms,tier_1,none,provider_managed,no\n"

    async def go() -> None:
        async with portfolio(server, own) as user:
            await user.press("portfolio.match")
            for key, by_measure in (("portfolio.services", False), ("portfolio.measures", True)):
                assert await user.download(key) == portfolio_csv(RULES, right, by_measure=by_measure)
            assert (await user.download("portfolio.xlsx")).startswith(b"PK")
            assert (await user.download("portfolio.coverage")).count(b"\n") == 2
        async with portfolio(server, own + b"B;sms;Tier 9;None;provider_managed;No;Jo\n") as user:
            await user.press("portfolio.match")
            assert (await user.download("portfolio.rejected")).startswith(b"\xef\xbb\xbf" + right.partition(b"\n")[0])

    asyncio.run(go())


def test_two_large_files_that_differ_in_the_middle_are_not_taken_for_one_another(server: Server) -> None:
    """As long as one another, and alike at the beginning, in the middle and at the end."""
    services = [
        NETWORK | {"service": f"Service {number:05d}", **dict.fromkeys(REQUIREMENTS["SMS-MCM10"], "partly")}
        for number in range(20_000)
    ]
    columns = ["service", *FACTS, *REQUIREMENTS["SMS-MCM10"]]
    first = as_file(services, columns)
    services[5_000] |= {"SMS-MCM10.a": "not_met"}
    second = as_file(services, columns)
    made = [portfolio_csv(RULES, data, by_measure=True) for data in (first, second)]
    assert len(made[0]) == len(made[1]) > 2**20 and made[0] != made[1]

    async def go() -> None:
        async with portfolio(server, first) as one, portfolio(server, second) as other:
            for user, expected in ((one, made[0]), (other, made[1])):
                assert await user.download("portfolio.measures") == expected

    asyncio.run(go())
