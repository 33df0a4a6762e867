"""The not-capable dossier as a document of its own (DOCX), to be edited, filed and sent with an application for approval."""

from datetime import datetime
from io import BytesIO

from docx import Document
from docx.document import Document as DocumentType
from docx.shared import Cm, Pt

from scoring.documents import words
from scoring.rules.model import Rules
from scoring.score.assessment import Assessment
from scoring.score.dossier import Concerned, Dossier, Entry

TITLE = "Report of the technologies examined"


def dossier_document(rules: Rules, assessment: Assessment, found: Dossier) -> bytes:
    """The dossier as the bytes of a DOCX file: the service, the claim, the measures concerned, what was examined and what was not.

    What the user typed stands in it as text, each piece in a paragraph of its own, so that no sign of direction in it
    reaches further.
    """
    document = _blank(assessment)
    document.add_heading(TITLE, 0)
    document.add_paragraph(found.service or "A service without a name").runs[0].bold = True
    document.add_paragraph(f"As of {assessment.assessed_on}, under the rules {rules.version}.")
    document.add_paragraph(
        "This document puts together what the provider says of its service. The measures named are those of a draft of March 2023, as IJM's submission reports them, and of "
        "IJM's proposal to amend it. Neither is the law, and this is not legal advice. No technology is prescribed by a measure."
    )
    document.add_heading("The service", 1)
    _table(document, found.facts)
    document.add_heading("The claim", 1)
    document.add_paragraph("The provider holds the service not capable of reviewing and assessing material.")
    document.add_paragraph(found.sentence)
    document.add_heading("The measures concerned", 1)
    for concerned in found.concerned:
        _concerned(document, concerned)
    if not found.concerned:
        missing = ", ".join(fact.title for fact in found.missing)
        document.add_paragraph(f"Which measures are concerned cannot be said before these facts are given: {missing}.")
    document.add_heading("Technologies examined", 1)
    examined = [entry for entry in found.technologies if entry.listed]
    for entry in examined:
        _entry(document, entry)
    if not examined:
        document.add_paragraph("None yet.")
    document.add_heading("Technologies not examined", 1)
    others = [entry for entry in found.technologies if not entry.listed]
    for entry in others:
        belongs = ": belongs in every report" if entry.belongs else ""
        document.add_paragraph(f"{entry.technology.title} ({entry.technology.who}){belongs}", style="List Bullet")
    if not others:
        document.add_paragraph("None: every technology that the submission names is listed above.")
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _blank(assessment: Assessment) -> DocumentType:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = "Arial", Pt(10.5)
    properties = document.core_properties
    properties.author, properties.comments, properties.language = "", "", "en-AU"
    properties.title = TITLE
    properties.created = properties.modified = datetime.fromisoformat(assessment.saved_at)
    return document


def _table(document: DocumentType, rows: tuple[tuple[str, str], ...]) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for name, value in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, value
        cells[0].paragraphs[0].runs[0].bold = True


def _concerned(document: DocumentType, concerned: Concerned) -> None:
    document.add_heading(f"{concerned.measure.title} ({concerned.measure.id})", 2)
    document.add_paragraph(f"Exemption “{concerned.exemption.title}” ({words.source(concerned.exemption)}).")
    for regime in (concerned.drafted, concerned.amended):
        document.add_paragraph(f"{regime.regime}: {regime.sentence}", style="List Bullet")


def _entry(document: DocumentType, entry: Entry) -> None:
    document.add_heading(entry.technology.title, 2)
    _table(document, entry.said)
    heading = document.add_paragraph("Why it does not work for this service")
    heading.runs[0].bold = True
    heading.paragraph_format.space_before, heading.paragraph_format.keep_with_next = Pt(6), True
    document.add_paragraph(entry.reason if entry.examined else "No reason given yet.")
