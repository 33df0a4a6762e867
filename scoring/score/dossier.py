"""The not-capable dossier: what a provider that holds its service not capable has examined, what is missing, and what approval would change."""

from dataclasses import dataclass

from scoring.rules.conditions import Condition, Profile, explain, join
from scoring.rules.model import Exemption, Fact, Measure, Recommendation, Regimes, Rules, Technology
from scoring.rules.profile import live, missing_from_report, with_report
from scoring.rules.technologies import said_of
from scoring.score.assessment import Assessment
from scoring.score.because import measure_because
from scoring.score.scorecard import Scorecard, score, sentence
from scoring.score.verdict import ExemptionVerdict, Verdict, verdicts


@dataclass(frozen=True)
class Entry:
    """One technology that the submission names: what it says of it, and what the provider says of it.

    It is examined when it is listed with a reason why it does not work for the service. `belongs` is true where the
    submission wants it in every report.
    """

    technology: Technology
    said: tuple[tuple[str, str], ...]
    listed: bool
    reason: str
    belongs: bool
    lacks_reason: bool

    @property
    def examined(self) -> bool:
        return self.listed and bool(self.reason.strip())

    @property
    def status(self) -> str:
        """Examined or not, in words."""
        if self.examined:
            return "Examined"
        if self.listed:
            return "Listed without a reason"
        return "Not examined; belongs in every report" if self.belongs else "Not examined"


@dataclass(frozen=True)
class Need:
    """A proviso that does not hold: whose it is, what it asks, and what would make it hold. Both complete "the service ..."."""

    by: Recommendation
    asks: str
    needs: str
    where: str

    @property
    def sentence(self) -> str:
        return f"“{self.by.title}” ({self.by.id}): it would hold if the service {self.needs}. [{self.where}]"


@dataclass(frozen=True)
class WayOut:
    """Whether the exemption that turns on the claim lets the service out under one regime, and what is missing where it does not.

    `needs` is empty where the exemption holds, and where nothing could make it hold.
    """

    regime: str
    holds: bool
    sentence: str
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class Concerned:
    """A measure with an exemption that turns on the claim, under both regimes."""

    measure: Measure
    exemption: Exemption
    drafted: WayOut
    amended: WayOut


@dataclass(frozen=True)
class Effect:
    """The scorecard as it would be in one case: as things stand, or with approval granted."""

    case: str
    card: Scorecard

    @property
    def sentence(self) -> str:
        return f"{self.case}. {sentence(self.card)}"


@dataclass(frozen=True)
class Dossier:
    """Everything that the page and the document about the claim show.

    While a fact is missing (`missing`), nothing is said of the exemption or of the score. `effects` has three cases: as things
    stand; with approval and the report as it is; with approval and a complete report.
    """

    service: str
    facts: tuple[tuple[str, str], ...]
    technologies: tuple[Entry, ...]
    lacking: tuple[Technology, ...]
    missing: tuple[Fact, ...]
    concerned: tuple[Concerned, ...]
    effects: tuple[Effect, ...]

    @property
    def complete(self) -> bool:
        """A report is complete when every technology that belongs in each report is in it and no technology in it lacks a reason."""
        return not self.lacking

    @property
    def sentence(self) -> str:
        """Whether the report is complete, and what it lacks where it is not."""
        if self.complete:
            return "The report is complete: no technology that belongs in it, or is listed in it, lacks a reason."
        return f"The report is incomplete. It lacks a reason for {join(f'“{each.title}”' for each in self.lacking)}."


def dossier(rules: Rules, assessment: Assessment, regimes: Regimes | None = None) -> Dossier | None:
    """The dossier of a service that claims not to be capable; None where it makes no claim on which a report of technologies turns.

    regimes: the two texts; the amended one has all recommendations, unless told otherwise. Source: rulebook, sections 3 and 5.
    """
    given = live(rules.facts, with_report(rules.facts, rules.technologies, assessment.profile, assessment.technologies))
    report = _report(rules)
    if report is None or report.id not in given:
        return None
    examined = assessment.technologies
    lacking = missing_from_report(rules.technologies, examined)
    entries = tuple(
        Entry(
            each,
            said_of(each),
            each.id in examined,
            examined.get(each.id, ""),
            each.report == "always",
            each in lacking,
        )
        for each in rules.technologies
    )
    absent = assessment.missing(rules)
    regimes = rules.regimes if regimes is None else regimes
    return Dossier(
        service=assessment.service_name,
        facts=tuple((fact.title, rules.labels[fact.id, given[fact.id]]) for fact in rules.facts if fact.id in given),
        technologies=entries,
        lacking=lacking,
        missing=absent,
        concerned=() if absent else _concerned(rules, given, regimes),
        effects=() if absent else _effects(rules, assessment, given, regimes, report),
    )


def _report(rules: Rules) -> Fact | None:
    """The fact that follows from the technologies examined."""
    return next((fact for fact in rules.facts if fact.derived_from_technologies), None)


# ------------------------------------------------------------------------------------- what turns on the claim
def _concerned(rules: Rules, facts: Profile, regimes: Regimes) -> tuple[Concerned, ...]:
    before = {each.measure.id: each for each in verdicts(regimes.drafted, facts, rules)}
    after = {each.measure.id: each for each in verdicts(regimes.amended, facts, rules)}
    return tuple(
        Concerned(
            found.measure,
            one.exemption,
            _way_out("As drafted", found, one.exemption, facts, rules),
            _way_out("With the recommendations", after[found.measure.id], one.exemption, facts, rules),
        )
        for found in before.values()
        for one in found.exemptions
        if _turns_on_claim(one.exemption, rules)
    )


def _turns_on_claim(exemption: Exemption, rules: Rules) -> bool:
    """An exemption turns on the claim when its condition asks for a fact that decides whether a report is asked for, beyond the code."""
    report = _report(rules)
    gates = set(report.asked_when.facts()) if report and report.asked_when else set()
    return bool(set(exemption.when.facts()) & (gates - {fact for code in rules.codes for fact in code.members.facts()}))


def _way_out(regime: str, found: Verdict, exemption: Exemption, facts: Profile, rules: Rules) -> WayOut:
    one = next(each for each in found.exemptions if each.exemption.id == exemption.id)
    needs = (
        ()
        if one.exemption.withdrawn_by
        else tuple(
            Need(
                rules.recommendation(proviso.by),
                explain(proviso.only_if, rules.phrases),
                explain(_unmet(proviso.only_if, facts), rules.phrases),
                proviso.where,
            )
            for proviso, held in one.provisos
            if not held
        )
    )
    return WayOut(regime, one.holds, _said(found, one, needs, rules), needs)


def _said(found: Verdict, one: ExemptionVerdict, needs: tuple[Need, ...], rules: Rules) -> str:
    if found.standing == "not_applicable":
        return measure_because(found, rules)
    if one.holds:
        return f"The exemption holds. {measure_because(found, rules)}"
    if one.exemption.withdrawn_by:
        return f"The exemption is withdrawn by {rules.named(one.exemption.withdrawn_by)}: nothing would make it hold."
    if not one.condition_holds:
        return f"The exemption does not hold: it is for a service that {explain(one.exemption.when, rules.phrases)}."
    return f"The exemption does not hold: it is now only for a service that {'; and that '.join(f'{need.asks} – {rules.named((need.by.id,))}' for need in needs)}."


def _unmet(condition: Condition, facts: Profile) -> Condition:
    """What is left of a condition that does not hold: of each alternative, the tests that fail."""
    return Condition(
        alternatives=tuple(tuple(test for test in tests if not test.holds(facts)) for tests in condition.alternatives)
    )


# ---------------------------------------------------------------------------------- what approval would change
def _effects(
    rules: Rules, assessment: Assessment, facts: dict[str, str], regimes: Regimes, report: Fact
) -> tuple[Effect, ...]:
    def effect(case: str, changed: dict[str, str]) -> Effect:
        profile = live(rules.facts, {**facts, **changed})
        return Effect(
            case,
            score(
                rules,
                profile,
                assessment.answers,
                regimes,
                service=assessment.service_name,
                assessed_on=assessment.assessed_on,
            ),
        )

    granted = {fact.id: fact.approval for fact in rules.facts if fact.approval and fact.id in facts}
    assert report.derived_from_technologies is not None  # it is the fact that has it
    complete = {report.id: report.derived_from_technologies.complete}
    approved = (
        (
            effect("With approval and the report as it is", granted),
            effect("With approval and a complete report", granted | complete),
        )
        if granted
        else ()
    )
    return (effect("As things stand", {}), *approved)
