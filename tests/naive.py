"""The rules a second time, as plainly as they can be put: one service, one measure, one if after another.

Written from the rulebook's text alone. It imports nothing of the product and shares no table with it; the tests hold
every cell of the obligations and of both portfolio outputs against it.
"""

from itertools import product

RECOMMENDATIONS = (
    "IJM-SMS-1",
    "IJM-RES-1",
    "IJM-RES-2",
    "IJM-RES-3",
    "IJM-DIS-1",
    "IJM-DIS-2",
    "IJM-DIS-3",
    "IJM-DIS-4",
    "IJM-DIS-5",
)
FACTS = {
    "category": ("sms", "res", "dis"),
    "tier": ("tier_1", "tier_2", "tier_3"),
    "encryption": ("none", "provider_keys", "end_to_end"),
    "communication": ("open", "closed"),
    "hosting": ("provider_managed", "end_user_managed"),
    "livestream": ("yes", "no"),
    "capable": ("yes", "no"),
    "esafety_approval": ("not_sought", "pending", "refused", "granted"),
    "technology_report": ("complete", "incomplete"),
}
REQUIREMENTS = {
    "SMS-MCM10": ("SMS-MCM10.a", "SMS-MCM10.b", "SMS-MCM10.c", "SMS-MCM10.d"),
    "RES-MCM3": ("RES-MCM3.a",),
    "RES-MCM8": ("RES-MCM8.a", "RES-MCM8.b"),
    "RES-MCM10": ("RES-MCM10.a", "RES-MCM10.b", "RES-MCM10.c", "RES-MCM10.d"),
    "RES-MCM11": ("RES-MCM11.a",),
    "DIS-MCM8": ("DIS-MCM8.a", "DIS-MCM8.b"),
    "DIS-MCM9": ("DIS-MCM9.a", "DIS-MCM9.b", "DIS-MCM9.c", "DIS-MCM9.d", "DIS-MCM9.e", "DIS-MCM9.f"),
    "DIS-NEW": ("DIS-NEW.a", "DIS-NEW.b"),
}
MEASURES = {
    "sms": ("SMS-MCM10",),
    "res": ("RES-MCM3", "RES-MCM8", "RES-MCM10", "RES-MCM11"),
    "dis": ("DIS-MCM8", "DIS-MCM9", "DIS-NEW"),
}
CAVEAT = "SMS-MCM10.c"
GRADES = ("met", "partly", "not_met", "")


def behind_blanks(text):
    """What follows blanks, quotation marks and semicolons at the beginning of a text."""
    while text and (text[0].isspace() or text[0] in "\"';"):
        text = text[1:]
    return text


def begins_formula(text):
    return text[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def in_need(text):
    """Whether a text has a ' before it in a file for spreadsheets."""
    while text[:1] == "'":
        text = text[1:]
    return begins_formula(text) or text[:1] in ("\t", "\r")


def guarded(text):
    """A text as a cell of a file for spreadsheets."""
    cell = ""
    for place, sign in enumerate(text):
        cell += sign
        ends = sign in (";", "\t", "\n") or (sign == "\r" and text[place + 1 : place + 2] != "\n")
        if ends and begins_formula(behind_blanks(text[place + 1 :])):
            cell += "'"
    return "'" + cell if in_need(cell) else cell


def unguarded(cell):
    """The text of such a cell."""
    if cell[:1] == "'" and in_need(cell):
        cell = cell[1:]
    text = ""
    for place, sign in enumerate(cell):
        behind = sign == "'" and cell[place - 1 : place] in (";", "\t", "\n", "\r")
        text += "" if behind and begins_formula(behind_blanks(cell[place:])) else sign
    return text


def asked(fact, row):
    """Whether a fact is asked of a service (section 1)."""
    if fact == "tier":
        return not (row["category"] == "dis" and row["hosting"] == "end_user_managed")
    if fact in ("communication", "capable"):
        return row["category"] == "res"
    if fact in ("esafety_approval", "technology_report"):
        return row["category"] == "res" and row["capable"] == "no"
    return True


def profiles():
    """Every distinct profile, with an empty text for each fact that is not asked; in the order of the facts, empty first."""
    seen = []
    found = set()
    for values in product(*FACTS.values()):
        row = dict(zip(FACTS, values, strict=True))
        profile = {fact: value if asked(fact, row) else "" for fact, value in row.items()}
        key = tuple(profile.values())
        if key not in found:
            found.add(key)
            seen.append(profile)
    return sorted(
        seen, key=lambda profile: [FACTS[fact].index(value) if value else -1 for fact, value in profile.items()]
    )


def exists(measure, adopted):
    return measure != "DIS-NEW" or "IJM-DIS-2" in adopted


def standing(measure, row, adopted):
    """`not_applicable`, `exempt` or `applies` (sections 2 and 3), and whether a withdrawal or a proviso ended an exemption."""
    if not exists(measure, adopted):
        return "not_applicable", ""
    if measure in ("SMS-MCM10", "RES-MCM10"):
        return ("applies" if row["tier"] == "tier_1" else "not_applicable"), ""
    if measure == "RES-MCM8":
        if row["encryption"] == "end_to_end" or row["communication"] == "closed":
            if "IJM-RES-2" in adopted:
                return "applies", "exemption_withdrawn"
            return "exempt", ""
        return "applies", ""
    if measure in ("RES-MCM3", "RES-MCM11"):
        if row["capable"] == "yes":
            return "applies", ""
        approved = row["esafety_approval"] == "granted"
        if "IJM-RES-3" in adopted and not (approved and row["technology_report"] == "complete"):
            return "applies", "exemption_narrowed"
        if measure == "RES-MCM3" and "IJM-RES-2" in adopted and row["encryption"] == "end_to_end" and not approved:
            return "applies", "exemption_narrowed"
        return "exempt", ""
    if measure in ("DIS-MCM8", "DIS-MCM9"):
        if row["hosting"] == "end_user_managed":
            if ("IJM-DIS-5" if measure == "DIS-MCM8" else "IJM-DIS-4") in adopted:
                return "applies", "exemption_withdrawn"
            return "exempt", ""
        return ("applies" if row["tier"] == "tier_1" else "not_applicable"), ""
    return "applies", ""  # the added measure binds every designated internet service


def owed(measure, row, adopted):
    """The requirements of a measure that a service has to have in place."""
    if standing(measure, row, adopted)[0] != "applies":
        return []
    there = []
    for requirement in REQUIREMENTS[measure]:
        if requirement == "SMS-MCM10.d" and "IJM-SMS-1" not in adopted:
            continue
        if requirement == "RES-MCM10.d" and "IJM-RES-1" not in adopted:
            continue
        if requirement == "DIS-MCM9.d" and "IJM-DIS-1" not in adopted:
            continue
        if requirement == "DIS-MCM9.e" and not (
            "IJM-DIS-3" in adopted or ("IJM-DIS-4" in adopted and row["hosting"] == "end_user_managed")
        ):
            continue
        if requirement == "DIS-MCM9.f" and not ("IJM-DIS-3" in adopted and row["livestream"] == "yes"):
            continue
        if requirement == "DIS-NEW.b" and row["livestream"] != "yes":
            continue
        there.append(requirement)
    return there


def change(measure, row, adopted):
    """Why a measure differs from the draft."""
    now, ended = standing(measure, row, adopted)
    if now != "applies":
        return "unchanged"
    if measure == "DIS-NEW":
        return "measure_added"
    if ended:
        return ended
    return "requirement_added" if owed(measure, row, adopted) != owed(measure, row, ()) else "unchanged"


def measure_result(measure, row, adopted):
    """(status, points, out_of, unanswered) of a measure (section 4). `row` has the facts, the grades and the notes."""
    now, _ = standing(measure, row, adopted)
    if now != "applies":
        return now, 0, 0, 0
    points = out_of = unanswered = graded = 0
    for requirement in owed(measure, row, adopted):
        grade = row.get(requirement, "")
        if grade == "not_feasible" and row.get(requirement + ".note", "").strip() == "":
            grade = ""
        if grade == "not_feasible":
            graded += 1
            continue
        out_of += 2
        if grade == "":
            unanswered += 1
        else:
            graded += 1
            points += {"met": 2, "partly": 1, "not_met": 0}[grade]
    if graded == 0:
        return "unanswered", points, out_of, unanswered
    if unanswered:
        return "incomplete", points, out_of, unanswered
    if points == out_of:
        return "met", points, out_of, unanswered
    if points == 0:
        return "not_met", points, out_of, unanswered
    return "partly_met", points, out_of, unanswered


def measures(row, adopted):
    """The measures of the service's code in either rulebook."""
    return [measure for measure in MEASURES[row["category"]] if exists(measure, adopted)]


def service_lines(row, adopted):
    """The two lines of the portfolio output, as cells."""
    lines = []
    for regime, under in (("drafted", ()), ("amended", adopted)):
        results = [measure_result(measure, row, under) for measure in measures(row, adopted)]
        points, out_of, unanswered = (sum(each[place] for each in results) for place in (1, 2, 3))
        low = f"{points / out_of:.4f}" if out_of else ""
        high = f"{(points + 2 * unanswered) / out_of:.4f}" if out_of else ""
        applying = sum(each[0] not in ("not_applicable", "exempt") for each in results)
        met = sum(each[0] == "met" for each in results)
        figures = (applying, met, points, out_of, unanswered, out_of - points - 2 * unanswered)
        lines.append([row["service"], row["category"].upper(), regime, *map(str, figures), low, high])
    return lines


def measure_lines(row, adopted):
    """The lines of the portfolio output by measure, as cells."""
    return [
        [
            row["service"],
            measure,
            *map(str, measure_result(measure, row, ())),
            *map(str, measure_result(measure, row, adopted)),
            change(measure, row, adopted),
        ]
        for measure in measures(row, adopted)
    ]


def obligation_lines(row, adopted):
    """The lines of the obligations output for one profile, as cells."""
    facts = [row[fact] for fact in FACTS]
    return [
        [
            *facts,
            measure,
            standing(measure, row, ())[0],
            standing(measure, row, adopted)[0],
            change(measure, row, adopted),
            str(len(owed(measure, row, ()))),
            str(len(owed(measure, row, adopted))),
        ]
        for measure in measures(row, adopted)
    ]
