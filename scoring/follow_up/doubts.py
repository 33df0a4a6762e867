"""Doubts: what in an assessment would not convince a reader. They are said, and never scored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scoring.files.messages import isolated
from scoring.rules.conditions import join
from scoring.rules.model import Regimes, Requirement, Rules
from scoring.score.assessment import ANSWER, Answer, Assessment, Evidence, Plan, day_in_words
from scoring.score.dossier import technologies_report
from scoring.score.tally import NOT_FEASIBLE, POINTS
from scoring.score.verdict import verdicts

SOON = 60
"""Days. Evidence that is good for no longer than that is said to be so."""
ENOUGH_WORDS = 8
"""A reason why something is not feasible is thin where it has fewer words."""
_LONGEST_NAME = 100
"""Characters of the name of a piece of evidence that a sentence has."""
_MOST_NAMED = 5
"""Pieces of evidence that a sentence names."""


@dataclass(frozen=True)
class Doubt:
    """One doubt, as a sentence; what a user typed stands in it as text, never as markup.

    kind: which doubt of `doubts` it is; requirements: the ids of those that it is about, none where it is about the whole;
    path: where in a saved assessment it is put right, the first place where there are several.
    """

    kind: str
    requirements: tuple[str, ...]
    sentence: str
    path: tuple[str, ...]


def owed_requirements(rules: Rules, assessment: Assessment, regimes: Regimes | None = None) -> tuple[Requirement, ...]:
    """What the service owes as drafted or as amended, in the order of the rulebook; nothing while a fact is missing."""
    regimes = regimes or rules.regimes
    if assessment.missing(rules):
        return ()
    facts = assessment.facts(rules)
    owed = {
        id_ for text in (regimes.drafted, regimes.amended) for by in verdicts(text, facts, rules) for id_ in by.owed
    }
    return tuple(requirement for requirement in rules.regimes.amended.requirements() if requirement.id in owed)


def overdue(plan: Plan, today: date) -> bool:
    """A plan is overdue when it was due before today and is not done. What is due today is not overdue yet."""
    return bool(plan.due) and plan.status != "done" and date.fromisoformat(plan.due) < today


def doubts(rules: Rules, assessment: Assessment, today: date, regimes: Regimes | None = None) -> tuple[Doubt, ...]:
    """The doubts, those about a requirement first. Only of what the service owes under either text; of what is unanswered only its plan and evidence.

    today: the day where the user is. Doubts that say the same of several requirements are one sentence.
    """
    owed = [
        (requirement, assessment.answer(requirement.id))
        for requirement in owed_requirements(rules, assessment, regimes)
    ]
    said = [doubt for requirement, answer in owed for doubt in _dated(requirement, answer, today)]
    met = [(requirement, answer) for requirement, answer in owed if answer.grade == "met"]
    unproved = [one for one, answer in met if not any((piece.what + piece.where).strip() for piece in answer.evidence)]
    said += _alike("no_evidence", "in place, and no evidence is named", unproved, "evidence")
    planned = [one for one, answer in met if answer.plan != Plan() and answer.plan.status != "done"]
    said += _alike("plan_for_met", "in place, and has a plan that is not done", planned, "plan")
    not_feasible = [(requirement, answer) for requirement, answer in owed if answer.grade == NOT_FEASIBLE]
    thin = [one for one, answer in not_feasible if 0 < len(answer.note.split()) < ENOUGH_WORDS]
    why = f"said to be not feasible or appropriate, with a reason of fewer than {ENOUGH_WORDS} words"
    said += _alike("thin_reason", why, thin, "note")
    report = technologies_report(rules, assessment)
    if report and not report.complete:
        claim = "The service is said not to be capable."
        said.append(Doubt("report_incomplete", (), f"{claim} {report.sentence}", ("technologies",)))
    if any(answer.grade for _, answer in owed) and not assessment.sign_off.approved_by.strip():
        said.append(Doubt("no_approver", (), "Nobody is named as approver.", ("sign_off", "approved_by")))
    return tuple(said)


def _dated(requirement: Requirement, answer: Answer, today: date) -> Iterator[Doubt]:
    """What has to do with a day, or with a plan that is done, of one requirement."""
    plan = answer.plan

    def doubt(kind: str, what: str, part: str) -> Doubt:
        return Doubt(kind, (requirement.id,), f"“{requirement.title}”: {what}.", ("answers", requirement.id, part))

    if answer.grade != "met" and overdue(plan, today):
        yield doubt("plan_overdue", f"the plan was due on {day_in_words(plan.due)} and is not done", "plan")
    if (
        plan.status == "done"
        and POINTS.get(answer.grade, -1) < POINTS.get(plan.grade, -1)
        and answer.grade != NOT_FEASIBLE
    ):
        now = f"“{ANSWER[answer.grade]}”" if answer.grade else "missing"
        yield doubt(
            "plan_done",
            f"the plan is done, which was to make it “{ANSWER[plan.grade]}”, and the answer is still {now}",
            "plan",
        )
    dated = sorted((piece for piece in answer.evidence if piece.good_until), key=lambda piece: piece.good_until)
    left = [(date.fromisoformat(piece.good_until) - today).days for piece in dated]
    old = [piece for piece, days in zip(dated, left, strict=True) if days < 0]
    soon = [piece for piece, days in zip(dated, left, strict=True) if 0 <= days <= SOON]
    if old:
        one = f"{_named(old[0])} was good until {day_in_words(old[0].good_until)}"
        several = f"{len(old)} pieces of evidence are no longer good: {_until(old)}"
        yield doubt("evidence_old", one if len(old) == 1 else several, "evidence")
    if soon:
        days = left[len(old)]
        when = "today" if not days else f"in {days} {'day' if days == 1 else 'days'}"
        one = f"{_named(soon[0])} is good until {day_in_words(soon[0].good_until)}, which is {when}"
        several = f"{len(soon)} pieces of evidence are good for no more than {SOON} days: {_until(soon)}"
        yield doubt("evidence_soon_old", one if len(soon) == 1 else several, "evidence")


def _named(evidence: Evidence) -> str:
    name = _quoted(evidence)
    return f"the evidence {name}" if name else "a piece of evidence"


def _quoted(evidence: Evidence) -> str:
    """A piece of evidence as a user named it, on one line; empty where it has no name."""
    name = " ".join(evidence.what.split()) or " ".join(evidence.where.split())
    short = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
    return f"“{isolated(short)}”" if name else ""


def _until(pieces: list[Evidence]) -> str:
    """Several pieces of evidence, each with the day until which it is good; of many the first."""
    said = [f"{_quoted(piece) or 'one without a name'} until {day_in_words(piece.good_until)}" for piece in pieces]
    return join(said if len(said) <= _MOST_NAMED else [*said[:_MOST_NAMED], f"{len(said) - _MOST_NAMED} more"])


def _alike(kind: str, what: str, requirements: list[Requirement], part: str) -> Iterator[Doubt]:
    """One doubt for all the requirements of which the same is to be said. what: goes on after "is", or after "are" where they are several."""
    ids = tuple(requirement.id for requirement in requirements)
    titles = join(f"“{requirement.title}”" for requirement in requirements)
    sentence = f"{titles} is {what}."
    if len(ids) > 1:
        sentence = f"{len(ids)} requirements are {what.replace(' has ', ' have ')}: {titles}."
    if ids:
        yield Doubt(kind, ids, sentence, ("answers", ids[0], part))
