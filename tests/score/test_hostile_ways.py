"""Hostile input all the way: text that a user types, to every file that is made of it; bad files on the command line and on the pages; large ones."""

import io
import json
import time
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import examples
import pytest
from docx import Document
from hostile import CARDS, SAVED, TEXTS, Case, many, saved_anyhow, wrong_in_saved
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_hostile import card_anyhow, card_holds, is_plain, of_card, of_services, quick, services_anyhow  # noqa: F401
from walk import Walk, opened

from questionnaire.page_parts.frame import escaped
from questionnaire.session import state
from scoring.__main__ import main
from scoring.documents.report import report_html
from scoring.files.messages import isolated, printable
from scoring.portfolio.columns import PortfolioError
from scoring.portfolio.headings import headings
from scoring.portfolio.summary import portfolio
from scoring.record.dossier_document import dossier_document
from scoring.rules.load import load
from scoring.score.assessment import (
    Answer,
    Assessment,
    Evidence,
    Mark,
    Plan,
    Review,
    SignOff,
    all_requirements,
    allowed_grades,
    without_controls,
)
from scoring.score.assessment_file import LARGEST_FILE, AssessmentError, from_json, to_json
from scoring.score.dossier import dossier
from scoring.score.scorecard import scorecard
from scoring.score.scorecard_file import ScorecardError
from scoring.score.verify import verify

RULES = load()
settings.register_profile(
    "the same each time", derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
SAME = settings.get_profile("the same each time")
TYPED = st.one_of(
    st.sampled_from(TEXTS),
    st.text(st.characters(exclude_categories=())),
    st.tuples(st.sampled_from("=+-@\t\r'"), st.sampled_from(TEXTS), st.text(max_size=5)).map("".join),
)
NOTES = 200
"""Texts that go all the way to each file."""


# ------------------------------------------------------------------------------------- from the keyboard to the file
class Shape(HTMLParser):
    """The tags of an HTML file with what stands in them, and its text, apart."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.tags: list[object] = []
        self.text = ""
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(tag)

    def handle_comment(self, data: str) -> None:
        self.tags.append(("a comment", data))

    def handle_data(self, data: str) -> None:
        self.text += data


def typed(text: str) -> Assessment:
    """An assessment in which this was typed wherever something can be typed."""
    text = without_controls(text)
    profile = {**examples.MESSENGER.profile, "esafety_approval": "pending"}
    beside = {"evidence": (Evidence(what=text, where=text),), "plan": Plan(action=text, owner=text)}
    answers = {each.id: Answer(grade=allowed_grades(each)[-1], note=text, **beside) for each in all_requirements(RULES)}
    marks = {name: Mark(mark="revise", comment=text, of=answer) for name, answer in answers.items()}
    return Assessment(
        rulebook=RULES.version,
        provider=text,
        service_name=text,
        saved_at="2026-11-22T10:15:00+00:00",
        profile=profile,
        technologies={each.id: text for each in RULES.technologies},
        answers=answers,
        sign_off=SignOff(prepared_by=text, approved_by=text),
        review=Review(reviewer=text, comment=text, marks=marks),
    )


def one_way(text: str) -> str:
    """Line ends and blanks as HTML has them, which makes no difference between them."""
    return " ".join(text.split())


@pytest.mark.slow
def test_what_is_typed_is_the_same_text_in_every_file_and_never_markup_or_a_formula() -> None:
    tried: set[str] = set()
    plain = Shape(report_html(RULES, typed("word"))).tags

    @settings(SAME, max_examples=NOTES + 60)
    @given(TYPED)
    def all_the_way(text: str) -> None:
        tried.add(text)
        given_text = without_controls(text)
        found = typed(text)
        assert without_controls(given_text) == given_text and from_json(to_json(found, RULES), RULES) == found
        card_holds(scorecard(RULES, found), found)
        if given_text.strip() and len(tried) % 3 == 0:  # a report takes longer than all the rest
            shape = Shape(report_html(RULES, found))
            assert shape.tags == plain
            assert one_way(given_text) in one_way(shape.text)

    all_the_way()
    assert len(tried) >= NOTES


@pytest.mark.slow
@pytest.mark.parametrize("text", [each for each in TEXTS if without_controls(each).strip()][::3])
def test_the_document_holds_what_was_typed_as_text(text: str) -> None:
    found = typed(text)
    made = dossier(RULES, found)
    assert made is not None
    document = Document(io.BytesIO(dossier_document(RULES, found, made)))
    said = [each.text for each in document.paragraphs]
    assert said.count(found.service_name.replace("\r", "\n")) >= len(RULES.technologies)
    tags = {each.tag.rpartition("}")[2] for each in document.element.iter()}
    harmless = Document(io.BytesIO(dossier_document(RULES, typed("word"), made)))
    assert tags - {each.tag.rpartition("}")[2] for each in harmless.element.iter()} <= {"br", "tab"}


# --------------------------------------------------------------------------------------------------- the command line
def bad_files() -> list[tuple[tuple[str, ...], Case]]:
    """Commands, and what each is to read."""
    found: list[tuple[tuple[str, ...], Case]] = []
    for command, make in (
        (("score",), wrong_in_saved),
        (("explain",), saved_anyhow),
        (("record",), wrong_in_saved),
        (("questionnaire",), saved_anyhow),
        (("verify",), of_card),
        (("verify",), card_anyhow),
        (("portfolio",), of_services),
        (("portfolio", "--by", "measure"), services_anyhow),
        (("portfolio", "--keep-going"), services_anyhow),
    ):
        found += [(command, case) for case in many(16, make)]
    return found


@pytest.mark.slow
def test_a_hostile_file_on_the_command_line_ends_in_a_message_and_nothing_is_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    source, codes = tmp_path / "given", []
    for command, case in bad_files():
        out = tmp_path / f"out{ {'record': '.docx', 'questionnaire': '.xlsx'}.get(command[0], '') }"
        source.write_bytes(case.data)
        out.write_bytes(b"the previous file")
        codes.append(code := main([*command, str(source), "--out", str(out)]))
        said = capfd.readouterr()
        assert code in (0, 1, 2) and said.out == "", (command, case.what)
        assert {path.name for path in tmp_path.iterdir()} <= {"given", out.name, "out.rejected.csv"}, case.what
        if code == 2:
            assert out.read_bytes() == b"the previous file", (command, case.what)
            head, *rest = said.err.removesuffix("\n").split("\n")
            assert head.startswith(f"error: {source}: ") and len(rest) <= 20
            for line in (head, *rest):
                is_plain(line.replace(str(source), ""))
        out.unlink()
    assert len(codes) == 144 and {0, 1, 2} == set(codes) and codes.count(2) > 50


@pytest.mark.parametrize(
    "arguments",
    [
        ("score", "\x1b[31m\u202e.json"),
        ("score", "x" * 300),
        (
            "score",
            str(next((Path(__file__).parents[1] / "assessments").glob("*.json"))),
            "--amendments",
            "\u202e" * 20_000,
        ),
        ("explain", str(next((Path(__file__).parents[1] / "assessments").glob("*.json"))), "\x1b" * 20_000),
        ("verify", "\udcff.csv"),
        ("portfolio", "\x9b2J.csv"),
    ],
    ids=["a name with escapes", "a name too long", "amendments", "a measure", "half a character", "a control sequence"],
)
def test_a_hostile_argument_ends_in_a_message(arguments: tuple[str, ...], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    said = capfd.readouterr()
    assert said.out == "" and said.err.startswith("error: ")
    is_plain(said.err.removesuffix("\n"))


# ----------------------------------------------------------------------------------------------------------- the pages
def answers(walk: Walk) -> object:
    return walk.app.session_state[state.OURS]["assessment"]


def give(walk: Walk, data: bytes, kind: str) -> list[str]:
    """Upload a file, and what the page says in a box of red."""
    walk.app.file_uploader[0].set_value((f"file.{kind}", data, f"text/{kind}"))
    walk._run()
    return walk.messages("error")


@pytest.fixture(scope="module")
def walk() -> Walk:
    """A session with answers in it."""
    found = Walk()
    found.open_sample("Encrypted messenger")
    return found


def refused(read: Callable[[bytes], object], error: type[Exception], make: Callable[[Random], Case]) -> list[bytes]:
    """Half a dozen files that are refused."""
    found = []
    for case in many(200, make):
        try:
            read(case.data)
        except error:
            found.append(case.data)
    return found[:6]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "kind", "read", "error", "make", "says"),
    [
        (
            "",
            "json",
            lambda data: from_json(data, RULES),
            AssessmentError,
            wrong_in_saved,
            "This file was not opened. Your answers are as they were.",
        ),
        (
            "verify",
            "csv",
            lambda data: verify(RULES, data),
            ScorecardError,
            card_anyhow,
            "This file cannot be verified.",
        ),
        (
            "portfolio",
            "csv",
            lambda data: portfolio(RULES, data),
            PortfolioError,
            services_anyhow,
            "This file cannot be scored. Nothing was done with it.",
        ),
    ],
    ids=["start", "verify", "portfolio"],
)
def test_a_hostile_upload_is_refused_in_words_and_the_answers_stay(
    walk: Walk,
    page: str,
    kind: str,
    read: Callable[[bytes], object],
    error: type[Exception],
    make: Callable[[Random], Case],
    says: str,
) -> None:
    before = answers(walk)
    walk.visit(page)
    for data in refused(read, error, make):
        said = give(walk, data, kind)
        assert answers(walk) == before and not walk.has_button("Open this file")
        if page == "portfolio" and (own := headings(RULES, data)):  # only its headings are wrong: they can be matched
            with pytest.raises(PortfolioError, match="header: "):
                portfolio(RULES, data)
            assert said == [] and "Match your columns" in [header.value for header in walk.app.header]
            labels = [box.label for box in walk.app.selectbox]
            assert labels == [
                escaped(isolated(printable(heading.written[:100])))
                for heading in sorted(own, key=lambda heading: heading.known)
            ]
            for label in labels:
                is_plain(label.translate(dict.fromkeys(map(ord, "\u2068\u2069"))))
            assert "The result" not in walk.text
            continue
        assert said == [says]
        (message,) = [each.value for each in walk.app.text if each.value.startswith(f"file.{kind}: ")]
        is_plain(message)


@pytest.mark.slow
def test_a_hostile_address_changes_no_answer(walk: Walk) -> None:
    for number, text in enumerate(TEXTS[::9]):
        found = opened(
            **{
                "category": text,
                "only": f"{text},encryption:none,encryption:none",
                "adopted": ",".join([text, *map(str, range(500))]),
                f"key{number}": text,
                "view": "map",
            }
        )
        assert 0 < len(found.messages("warning")) <= 11
        before = answers(walk)
        walk.app.query_params["only"] = text
        walk.visit("obligations")
        assert answers(walk) == before


@pytest.mark.parametrize("text", [each for each in TEXTS if len(each) < 100][3::9])
def test_what_is_pasted_into_a_note_is_saved_as_text(text: str) -> None:
    found = Walk()
    found.open_sample("Encrypted messenger")
    pasted = f"a{text}\x00\x1b\uffffz"
    while not found.asked("note"):
        found.back()
    requirement = found.asked("note")[0]
    found.give(f"note.{requirement}", pasted)
    kept = Assessment.model_validate(answers(found))
    assert kept.answer(requirement).note == without_controls(pasted) == f"a{text}z"
    assert from_json(to_json(kept, RULES), RULES) == kept


# ------------------------------------------------------------------------------------------------------------ large ones
READERS: dict[str, Callable[[bytes], object]] = {
    "saved": lambda data: from_json(data, RULES),
    "scorecard": lambda data: verify(RULES, data),
    "services": lambda data: portfolio(RULES, data),
}
BEGINNINGS = {
    "saved": (
        b"",
        b'"',
        b"[",
        b'{"format": "mcm-assessment/1", "service_name": "',
        b'{"format": "mcm-assessment/1", "profile": {',
    ),
    "scorecard": (b"", b'"', CARDS[0].partition(b"\n")[0] + b"\n", CARDS[0]),
    "services": (b'"', b"service,category\n"),
}
REPEATED = {
    "saved": (b'"', b"[", b'{"a":', b"9", b"9,", b"\\", b"\\u0000", b"\n", b"x", b" ", b'"%d":1,', b'"%d":"",'),
    "scorecard": (b'"', b",", b"\n", b"\r", b"x", b'"\n', b",\n", b'x,"",', b"," * 25 + b"\n", b"x,"),
    "services": (b'"', b",", b"\n", b"\r", b"x", b'"\n', b",\n", b'x,"",', b"x,x\n", b"%d,\n", b"x,"),
}
SMALL, TIMES = 8 * 1024, 8
"""Bytes, and how much larger the large file is."""


def cost(read: Callable[[bytes], object], data: bytes, tries: int) -> float:
    """Processor seconds that it takes to read a file, the least of some tries."""
    taken = []
    for _ in range(tries):
        start = time.process_time()
        try:
            read(data)
        except (AssessmentError, ScorecardError, PortfolioError) as error:
            is_plain(str(error))
        taken.append(time.process_time() - start)
    return min(taken)


def large(beginning: bytes, repeated: bytes, size: int) -> bytes:
    count = size // len(repeated)
    return beginning + (
        b"".join(repeated % number for number in range(count)) if b"%d" in repeated else repeated * count
    )


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("reader", READERS)
def test_a_file_eight_times_as_large_costs_some_eight_times_as_much_whatever_it_is_made_of(reader: str) -> None:
    """Four times that is still let pass, and so is what costs next to nothing: a cost that grows with the square would be sixty-four times as much."""
    read = READERS[reader]
    for beginning in BEGINNINGS[reader]:
        for repeated in REPEATED[reader]:
            little, much = (large(beginning, repeated, SMALL * times) for times in (1, TIMES))
            assert any(
                cost(read, much, tries) < 4 * TIMES * max(cost(read, little, tries), 0.001) for tries in (1, 3)
            ), (beginning[:50], repeated)


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("sign", [b'"', b",", b"[", b"\n", b"9", b"\\", b"\x00", b"x"], ids=repr)
def test_a_megabyte_of_one_sign_is_refused_in_words(reader: str, sign: bytes) -> None:
    with pytest.raises((AssessmentError, ScorecardError, PortfolioError)) as refused:
        READERS[reader](sign * (LARGEST_FILE - 1))
    is_plain(str(refused.value))


@pytest.mark.slow
@pytest.mark.parametrize("text", ["n", '"', "\n", "=", "é", "'"])
@pytest.mark.parametrize("where", ["service_name", "note"])
def test_an_assessment_as_large_as_may_be_is_saved_and_opened_again_and_its_scorecard_is_verified(
    text: str, where: str
) -> None:
    content = json.loads(SAVED[0])
    del content["technologies"]
    content["answers"] = {key: {} for key in content["answers"]}
    (content if where == "service_name" else next(iter(content["answers"].values())))[where] = "@@"
    shell, each = (
        json.dumps(content, separators=(",", ":")).encode(),
        json.dumps(text, ensure_ascii=False)[1:-1].encode(),
    )
    data = shell.replace(b"@@", each * ((LARGEST_FILE - len(shell) + 2) // len(each)))
    found = from_json(data, RULES)
    assert LARGEST_FILE - 2 < len(data) <= LARGEST_FILE
    assert from_json(to_json(found, RULES), RULES) == found
    card_holds(scorecard(RULES, found), found)
