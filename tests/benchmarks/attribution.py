"""What the attribution of a service costs, per code, and beside it what scoring the service once costs.

python tests/benchmarks/attribution.py
"""

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

from scoring.rules.load import load
from scoring.rules.profile import every_profile
from scoring.score import attribution as subject
from scoring.score.assessment import Answer, Assessment, all_requirements
from scoring.score.scorecard import scorecard
from scoring.score.verdict import verdicts

TIMES = 400


def milliseconds(work: Callable[[], object], times: int = TIMES) -> float:
    """The median of many runs."""
    taken = []
    for _ in range(times):
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return 1000 * median(taken)


def main() -> None:
    rules = load()
    answers = {each.id: Answer(grade="not_met") for each in all_requirements(rules)}
    print(f"median of {TIMES} runs, in ms")
    print(f"{'code':<6}{'regimes':>9}{'attribution':>13}{'scorecard':>11}{'ratio':>8}")
    for code in rules.codes:
        profile = max(
            (each for each in every_profile(rules.facts) if rules.code_of(each) == code),
            key=lambda each: _owed(rules, each),
        )
        given = {
            fact.id: profile[fact.id]
            for fact in rules.facts
            if fact.id in profile and not fact.derived_from_technologies
        }
        assessment = Assessment(
            rulebook=rules.version,
            service_name="Example",
            saved_at="2026-11-22T00:00:00+00:00",
            profile=given,
            answers=answers,
        )
        card = scorecard(rules, assessment)
        attributing = milliseconds(lambda: subject.attribution(rules, card))
        scoring = milliseconds(lambda: scorecard(rules, assessment))
        regimes = 2 ** sum(each.code == code.id for each in rules.recommendations)
        print(f"{code.id:<6}{regimes:>9}{attributing:>13.3f}{scoring:>11.3f}{attributing / scoring:>8.2f}")


def _owed(rules, profile) -> int:
    return sum(len(verdict.owed) for verdict in verdicts(rules.regimes.amended, profile, rules))


if __name__ == "__main__":
    main()
