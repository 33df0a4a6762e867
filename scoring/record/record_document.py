"""The compliance record: the whole assessment as a document (DOCX) that is edited, signed and filed."""

from datetime import date

from scoring.documents import words
from scoring.documents.charts import bars, sides
from scoring.follow_up.doubts import doubts
from scoring.follow_up.plan import Outlook, PlanLine, outlook
from scoring.record.answers_chapter import answers_chapter, review_chapter
from scoring.record.dossier_document import TITLE as DOSSIER
from scoring.record.dossier_document import dossier_chapter
from scoring.record.new_document import Bar, NewDocument
from scoring.rules.in_words import facts_in_words, in_short, with_names
from scoring.rules.model import Regimes, Rules
from scoring.score.assessment import ANSWER, STATUS, Assessment, Review, day_in_words, version_notice
from scoring.score.attribution import attribution
from scoring.score.attribution import sentence as share_sentence
from scoring.score.dossier import dossier
from scoring.score.scorecard import Scorecard, scorecard, sentence
from scoring.score.trace import trace

TITLE = "Compliance record"
_SIGNATURE = 1.5  # centimetres, the room for a signature


def record_document(rules: Rules, assessment: Assessment, today: date, regimes: Regimes | None = None) -> bytes:
    """The record as the bytes of a DOCX file, with all recommendations adopted unless told otherwise.

    today: the user's day, on which plans are overdue and evidence is no longer good. Raises IncompleteProfile while a fact that is asked is missing.
    """
    card = scorecard(rules, assessment, regimes)
    traces = trace(rules, card.facts, card.regimes)
    document = NewDocument(TITLE, assessment.saved_at)
    _head(document, rules, assessment, card, today)
    _result(document, rules, card)
    document.heading("What is open to doubt", 1)
    said = [doubt.sentence for doubt in doubts(rules, assessment, today, card.regimes)]
    document.say(f"Said, and not scored. As of {day_in_words(today.isoformat())}." if said else "No doubt was found.")
    document.list(said)
    _plan(document, outlook(rules, card, assessment, today))
    answers_chapter(document, rules, assessment, card, traces)
    _technologies(document, rules, assessment, card)
    if assessment.review != Review():
        review_chapter(document, rules, assessment)
    document.heading("How the submission was read", 1)
    document.say(
        "The one source for the rules is IJM's submission on version 2.0 of the draft Codes, of March 2023; every place above points into it. Where it leaves a question open, it was read so:"
    )
    readings = dict.fromkeys(reading for traced in traces for reading in traced.interpretations)
    document.list([with_names(reading.text, rules) for reading in readings] or ["No such question concerns this service."])  # fmt: skip
    _sign_off(document, assessment)
    return document.finished()


def _head(document: NewDocument, rules: Rules, assessment: Assessment, card: Scorecard, today: date) -> None:
    document.say(card.service.strip() or "A service without a name", bold=True)
    if assessment.provider.strip():
        document.say(assessment.provider)
    document.say(
        f"The answers as of {day_in_words(assessment.assessed_on)}; plans and evidence as of {day_in_words(today.isoformat())}; under the rules {rules.version}."
    )
    if notice := version_notice(assessment, rules):
        document.say(notice, bold=True)
    document.heading("What this is, and what it is not", 1)
    document.say(
        "This document puts together what a provider says of one service, and what follows from it. The answers, the evidence and the plans are the provider's own: "
        "evidence is named here, and nobody has checked it."
    )
    document.say(
        f"{words.RESULTS.replace('**', '')} This is not legal advice. No technology is prescribed by a measure."
    )
    document.heading("The service", 1)
    adopted = card.regimes.adopted
    every = len(adopted) == len(rules.recommendations)
    document.table(
        (("Fact", 1), ("Answer", 2)),
        (
            *facts_in_words(rules, card.facts),
            ("Code", f"{card.code.title} ({card.code.id})"),
            ("Recommendations adopted", f"All {len(adopted)}" if every else "; ".join(map(in_short, adopted)) or "None"),
        ),
    )  # fmt: skip


def _result(document: NewDocument, rules: Rules, card: Scorecard) -> None:
    document.heading("Result", 1)
    document.say(sentence(card))
    drawn, most = bars(card), max(card.drafted.sums.out_of, card.amended.sums.out_of)
    for name, what, _, result, said, points in sides(card, drawn):
        document.heading(name, 2)
        document.say(f"{what}. {said}", head=f"{words.gaps(result)}.")
        if sum(points):
            document.bar(Bar(points, f"{name}: {words.parts(points)}", sum(points) / most))
            document.say(f"{words.score(result.sums)} {'; '.join(filter(None, words.key(points)))}.")
    document.heading("Points by measure", 2)
    longest = max(*(sum(bar.points) for bar in drawn), 2)
    document.table(
        (("Measure", 3), ("Result", 2), ("Status", 3), ("Points", 5)),
        [
            (
                bar.measure,
                card.names[bar.regime],
                words.STATUS[bar.status],
                (Bar(bar.points, words.parts(bar.points), sum(bar.points) / longest), words.parts(bar.points))
                if sum(bar.points)
                else "",
            )
            for bar in drawn
        ],
    )
    document.say("In the bars, points met are plain, partly met hatched, missing crossed, and unanswered dotted.")
    document.heading("What each recommendation brings", 2)
    brought = [share_sentence(share) for share in attribution(rules, card).shares]
    if brought:
        document.say(
            "What a recommendation brings is what it adds, averaged over every order in which those that are adopted could be adopted: what two bring together, each "
            "brings by half."
        )
    document.list(brought or ["No recommendation that is adopted concerns this service."])


def _plan(document: NewDocument, plan: Outlook) -> None:
    document.heading("Plan", 1)
    if not plan.lines:
        document.say("There is nothing to plan: no owed requirement that is answered has points missing.")
        return
    document.say(" ".join(filter(None, (plan.sentence, plan.overdue_sentence))))
    columns = (("Requirement", 5), ("What is to be done", 6), ("Who", 4), ("Until", 3), ("Answer then", 3))
    document.table(columns, [_planned(line) for line in plan.lines])
    if plan.planned:
        document.label("The points when it is done")
        document.table(
            (("When all is done that is due by", 2), *((name, 1) for name in plan.names.values())),
            [
                (
                    "Today, as the answers are" if stage is plan.today else day_in_words(stage.day) or "All of the plan",
                    words.points(stage.drafted),
                    words.points(stage.amended),
                )
                for stage in (*plan.course, plan.all_done)
            ],
        )  # fmt: skip


def _planned(line: PlanLine) -> tuple[str | tuple[str, ...], ...]:
    plan = line.plan
    missing = words.count(line.gap.points_missing, "point") + " missing" if line.gap else words.UNANSWERED
    return (
        (f"{line.requirement.title} ({line.requirement.id})", f"{missing}. {words.in_which_case(line.in_any_case)}."),
        (plan.action, *line.said) if line.planned else "No plan yet.",
        plan.owner,
        (day_in_words(plan.due), STATUS.get(plan.status, "")),
        ANSWER.get(plan.grade, ""),
    )


def _technologies(document: NewDocument, rules: Rules, assessment: Assessment, card: Scorecard) -> None:
    claim = dossier(rules, assessment, card.regimes)
    if claim:
        document.heading(DOSSIER, 1)
        dossier_chapter(document, claim, 2)
    elif assessment.technologies:
        document.heading("Technologies examined", 1)
        document.say("Nothing turns on them, since the service is not said to be not capable.")
        titles = {technology.id: technology.title for technology in rules.technologies}
        document.table(
            (("Technology", 1), ("Why it does not work for this service", 2)),
            [(titles[examined], reason) for examined, reason in assessment.technologies.items()],
        )


def _sign_off(document: NewDocument, assessment: Assessment) -> None:
    document.heading("Prepared, approved and signed", 1)
    signed = assessment.sign_off
    document.table(
        (("Role", 2), ("Name", 4), ("Signature", 4), ("Date", 3)),
        (
            ("Prepared by", signed.prepared_by, "", ""),
            ("Approved by", signed.approved_by, "", day_in_words(signed.approved_on)),
        ),
        height=_SIGNATURE,
    )
    document.say("A name in this table is what the provider has said; it is no signature.")
