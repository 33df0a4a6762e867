"""The days on which something of the plan is due, as a calendar file (.ics): icalendar escapes and folds what a user typed."""

from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from scoring.files.messages import isolated
from scoring.follow_up.plan import Outlook, PlanLine
from scoring.score.assessment import ANSWER, STATUS, Assessment, without_controls


def due_dates(outlook: Outlook) -> tuple[PlanLine, ...]:
    """What has a day and is not done."""
    return tuple(line for line in outlook.lines if line.plan.due and line.plan.status != "done")


def calendar(outlook: Outlook, assessment: Assessment, now: str) -> bytes:
    """An all-day event for each day on which something is due that is not done. now: the moment, with its offset, at which the file is made.

    An event keeps its name (UID) for as long as provider and service keep theirs, so that a later file moves it and adds no second one.
    """
    from icalendar import Calendar, Event  # only who asks for the file waits for it

    made = Calendar()
    made.add("prodid", "-//MCM Scorecard//Plan//EN")
    made.add("version", "2.0")
    service = assessment.service_name.strip() or "A service without a name"
    for line in due_dates(outlook):
        event = Event()
        about = "\n".join((assessment.provider, assessment.service_name, line.requirement.id))
        event.add("uid", f"{uuid5(NAMESPACE_URL, about)}@mcm-scorecard")
        event.add("dtstamp", datetime.fromisoformat(now))
        event.add("dtstart", date.fromisoformat(line.plan.due))
        event.add("transp", "TRANSPARENT")  # it is due on that day, and takes none of its hours
        event.add("summary", _one_line(line.plan.action.strip() or line.requirement.title, line.plan.owner))
        event.add("description", _description(line, service))
        made.add_component(event)
    return made.to_ical()


def _one_line(action: str, owner: str) -> str:
    """What is to be done and by whom, on one line."""
    return " ".join(f"{action} ({owner})".split()) if owner.strip() else " ".join(action.split())


def _description(line: PlanLine, service: str) -> str:
    plan = line.plan
    said = {
        "Service": service,
        "Requirement": f"{line.requirement.title} ({line.requirement.id})",
        "Measure": line.measure.title,
        "Action": plan.action,
        "Owner": plan.owner,
        "Status": STATUS.get(plan.status, ""),
        "Answer today": ANSWER.get(line.answer.grade, "Unanswered"),
        "Answer when it is done": ANSWER.get(plan.grade, ""),
    }
    return "\n".join(f"{name}: {isolated(without_controls(text))}" for name, text in said.items() if text.strip())
