"""The not-capable dossier (DOCX), to be edited, filed and sent with an application for approval: a document of its own, and a chapter of the record."""

from scoring.documents import words
from scoring.record.new_document import NewDocument
from scoring.rules.in_words import facts_in_words
from scoring.rules.model import Rules
from scoring.rules.technologies import said_of
from scoring.score.assessment import Assessment, day_in_words
from scoring.score.dossier import Concerned, Dossier, Entry

TITLE = "Report of the technologies examined"


def dossier_document(rules: Rules, assessment: Assessment, dossier: Dossier) -> bytes:
    """The dossier as the bytes of a DOCX file: the service, the claim, the measures concerned, what was examined and what was not.

    What the user typed stands in it as text, each piece in a paragraph of its own, so that no sign of direction in it
    reaches further.
    """
    document = NewDocument(TITLE, assessment.saved_at)
    document.say(assessment.service_name.strip() or "A service without a name", bold=True)
    document.say(f"As of {day_in_words(assessment.assessed_on)}, under the rules {rules.version}.")
    document.say(
        "This document puts together what the provider says of its service. The measures named are those of a draft of March 2023, as IJM's submission reports them, and of "
        "IJM's proposal to amend it. Neither is the law, and this is not legal advice. No technology is prescribed by a measure."
    )
    document.heading("The service", 1)
    document.table((("Fact", 1), ("Answer", 1)), facts_in_words(rules, assessment.facts(rules)))
    dossier_chapter(document, dossier, 1)
    return document.finished()


def dossier_chapter(document: NewDocument, dossier: Dossier, level: int) -> None:
    """The claim, the measures concerned, and the technologies examined and not. level: that of its headings."""
    document.heading("The claim", level)
    document.say("The provider holds the service not capable of reviewing and assessing material.")
    document.say(dossier.sentence)
    document.heading("The measures concerned", level)
    for concerned in dossier.concerned:
        _concerned(document, concerned, level + 1)
    if not dossier.concerned:
        missing = ", ".join(fact.title for fact in dossier.missing)
        document.say(f"Which measures are concerned cannot be said before these facts are given: {missing}.")
    document.heading("Technologies examined", level)
    examined = [entry for entry in dossier.technologies if entry.listed]
    for entry in examined:
        _entry(document, entry, level + 1)
    if not examined:
        document.say("None yet.")
    document.heading("Technologies not examined", level)
    others = [entry for entry in dossier.technologies if not entry.listed]
    document.list(
        [
            f"{entry.technology.title} ({entry.technology.who}){': belongs in every report' if entry.belongs else ''}"
            for entry in others
        ]
    )
    if not others:
        document.say("None: every technology that the submission names is listed above.")


def _concerned(document: NewDocument, concerned: Concerned, level: int) -> None:
    document.heading(f"{concerned.measure.title} ({concerned.measure.id})", level)
    document.say(f"Exemption “{concerned.exemption.title}” ({words.source(concerned.exemption)}).")
    ways_out = zip(words.REGIME.values(), (concerned.drafted, concerned.amended), strict=True)
    document.list([f"{name}: {way_out.sentence}" for name, way_out in ways_out])


def _entry(document: NewDocument, entry: Entry, level: int) -> None:
    document.heading(entry.technology.title, level)
    document.table((("About it", 1), ("What the submission says", 2)), said_of(entry.technology))
    document.label("Why it does not work for this service")
    document.say(entry.reason if entry.examined else "No reason given yet.")
