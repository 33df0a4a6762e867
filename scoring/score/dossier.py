"""The not-capable dossier: what a provider that holds its service not capable has examined, what is missing, and what approval would change."""

from dataclasses import dataclass

from scoring.rules.conditions import Condition, Profile, explain, join
from scoring.rules.model import (
    Exemption,
    Fact,
    Measure,
    Recommendation,
    Regimes,
    Rulebook,
    Rules,
    Technology,
)
from scoring.rules.profile import live, missing_from_report
from scoring.rules.technologies import turns_on, why_ruled_out
from scoring.score.assessment import Assessment
from scoring.score.because import measure_because
from scoring.score.scorecard import Scorecard, score
from scoring.score.verdict import ExemptionVerdict, Verdict, verdicts


@dataclass(frozen=True)
class Entry:
    """One technology that the submission names, and what the provider says of it.

    It is examined when it is listed with a reason why it does not work for the service. `belongs` is true where the
    submission wants it in every report. `ruled_out` says why the facts rule it out; empty where they do not, and while one that it turns on is missing.
    """

    technology: Technology
    listed: bool
    reason: str
    belongs: bool
    lacks_reason: bool
    ruled_out: str

    @property
    def examined(self) -> bool:
        return self.listed and bool(self.reason.strip())


@dataclass(frozen=True)
class Need:
    """A proviso that does not hold: whose it is, what it asks, and what would make it hold. Both complete "the service ..."."""

    by: Recommendation
    asks: str
    needs: str
    where: str

    @property
    def sentence(self) -> str:
        """Whose proviso it is, and what would make it hold."""
        return f"{self.by.named}: it would hold if the service {self.needs}. [{self.where}]"


@dataclass(frozen=True)
class WayOut:
    """Whether the exemption that turns on the claim lets the service out under one regime, and what is missing where it does not.

    `needs` is empty where the exemption holds, and where nothing could make it hold.
    """

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
class Case:
    """The scorecard as it would be in one case: as things stand, or with approval granted."""

    title: str
    card: Scorecard


@dataclass(frozen=True)
class TechnologiesReport:
    """What a provider that makes the claim says of each technology that the submission names."""

    technologies: tuple[Entry, ...]

    @property
    def lacking(self) -> tuple[Technology, ...]:
        """The technologies for which a reason is still needed."""
        return tuple(entry.technology for entry in self.technologies if entry.lacks_reason)

    @property
    def complete(self) -> bool:
        """A report is complete when every technology that belongs in each report is in it and no technology in it lacks a reason."""
        return not self.lacking

    @property
    def sentence(self) -> str:
        """Whether the report is complete, and what it lacks where it is not."""
        if self.complete:
            return "The report is complete: no technology that belongs in it, or is listed in it, lacks a reason."
        lacking = join(f"“{technology.title}”" for technology in self.lacking)
        return f"The report is incomplete. It lacks a reason for {lacking}."


@dataclass(frozen=True)
class Dossier(TechnologiesReport):
    """Everything that the page and the document about the claim show.

    While a fact is missing (`missing`), nothing is said of the exemption or of the score. There are three cases: as things
    stand; with approval and the report as it is; with approval and a complete report.
    """

    missing: tuple[Fact, ...]
    concerned: tuple[Concerned, ...]
    cases: tuple[Case, ...]


def technologies_report(rules: Rules, assessment: Assessment) -> TechnologiesReport | None:
    """The report of the technologies examined; None where the service makes no claim on which such a report turns."""
    derived = _derived(rules)
    if derived is None or derived.id not in assessment.facts(rules):
        return None
    examined = assessment.technologies
    lacking = missing_from_report(rules.technologies, examined)
    facts, missing = assessment.facts(rules), {fact.id for fact in assessment.missing(rules)}
    return TechnologiesReport(
        tuple(
            Entry(
                technology=technology,
                listed=technology.id in examined,
                reason=examined.get(technology.id, ""),
                belongs=technology.report == "always",
                lacks_reason=technology in lacking,
                ruled_out="" if missing & turns_on(technology) else why_ruled_out(technology, facts, rules),
            )
            for technology in rules.technologies
        )
    )


def dossier(rules: Rules, assessment: Assessment, regimes: Regimes | None = None) -> Dossier | None:
    """The dossier of a service that claims not to be capable; None where it makes no claim on which a report of technologies turns.

    regimes: the two texts; the amended one has all recommendations, unless told otherwise. Source: rulebook, sections 3 and 5.
    """
    regimes = rules.regimes if regimes is None else regimes
    report, facts, missing = technologies_report(rules, assessment), assessment.facts(rules), assessment.missing(rules)
    if report is None:
        return None
    return Dossier(
        technologies=report.technologies,
        missing=missing,
        concerned=() if missing else _concerned(rules, facts, regimes),
        cases=() if missing else _cases(rules, assessment, facts, regimes),
    )


def _derived(rules: Rules) -> Fact | None:
    """The fact that follows from the technologies examined."""
    return next((fact for fact in rules.facts if fact.derived_from_technologies), None)


# ------------------------------------------------------------------------------------- what turns on the claim
def _concerned(rules: Rules, facts: Profile, regimes: Regimes) -> tuple[Concerned, ...]:
    def by_measure(rulebook: Rulebook) -> dict[str, Verdict]:
        return {verdict.measure.id: verdict for verdict in verdicts(rulebook, facts, rules)}

    before, after = by_measure(regimes.drafted), by_measure(regimes.amended)
    return tuple(
        Concerned(
            verdict.measure,
            tried.exemption,
            _way_out(verdict, tried.exemption, facts, rules),
            _way_out(after[measure], tried.exemption, facts, rules),
        )
        for measure, verdict in before.items()
        for tried in verdict.exemptions
        if _turns_on_claim(tried.exemption, rules)
    )


def _turns_on_claim(exemption: Exemption, rules: Rules) -> bool:
    """An exemption turns on the claim when its condition asks for a fact that decides whether a report is asked for, beyond the code."""
    derived = _derived(rules)
    gates = set(derived.asked_when.facts()) if derived and derived.asked_when else set()
    return bool(set(exemption.when.facts()) & (gates - {fact for code in rules.codes for fact in code.members.facts()}))


def _way_out(verdict: Verdict, exemption: Exemption, facts: Profile, rules: Rules) -> WayOut:
    tried = next(tried for tried in verdict.exemptions if tried.exemption.id == exemption.id)
    needs = tuple(
        Need(
            rules.recommendation(proviso.by),
            explain(proviso.only_if, rules.phrases),
            explain(_unmet(proviso.only_if, facts), rules.phrases),
            proviso.where,
        )
        for proviso, held in tried.provisos
        if not held and not tried.exemption.withdrawn_by
    )
    return WayOut(tried.holds, _said(verdict, tried, needs, rules), needs)


def _said(verdict: Verdict, tried: ExemptionVerdict, needs: tuple[Need, ...], rules: Rules) -> str:
    if verdict.standing == "not_applicable":
        return measure_because(verdict, rules)
    if tried.holds:
        return f"The exemption holds. {measure_because(verdict, rules)}"
    if tried.exemption.withdrawn_by:
        return f"The exemption is withdrawn by {rules.named(tried.exemption.withdrawn_by)}: nothing would make it hold."
    if not tried.condition_holds:
        asked = explain(tried.exemption.when, rules.phrases)
        return f"The exemption does not hold: it is for a service that {asked}."
    asked = "; and that ".join(f"{need.asks} – {need.by.named}" for need in needs)
    return f"The exemption does not hold: it is now only for a service that {asked}."


def _unmet(condition: Condition, facts: Profile) -> Condition:
    """What is left of a condition that does not hold: of each alternative, the tests that fail."""
    return Condition(
        alternatives=tuple(tuple(test for test in tests if not test.holds(facts)) for tests in condition.alternatives)
    )


# ---------------------------------------------------------------------------------- what approval would change
def _cases(rules: Rules, assessment: Assessment, facts: dict[str, str], regimes: Regimes) -> tuple[Case, ...]:
    def case(title: str, changed: dict[str, str]) -> Case:
        profile = live(rules.facts, {**facts, **changed})
        name, day = assessment.service_name, assessment.assessed_on
        return Case(title, score(rules, profile, assessment.answers, regimes, service=name, assessed_on=day))

    now = case("As things stand", {})
    granted = {fact.id: fact.approval for fact in rules.facts if fact.approval and fact.id in facts}
    if not granted:
        return (now,)
    complete = {
        fact.id: fact.derived_from_technologies.complete for fact in rules.facts if fact.derived_from_technologies
    }
    return (
        now,
        case("With approval and the report as it is", granted),
        case("With approval and a complete report", granted | complete),
    )
