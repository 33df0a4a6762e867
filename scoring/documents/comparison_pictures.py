"""What a comparison of rounds shows as pictures: what moved with what, and the rounds one after another."""

from collections.abc import Sequence

from scoring.documents import words
from scoring.documents.charts import Bar, bars, picture
from scoring.documents.colours import RESULT
from scoring.follow_up.compare import CAUSES, Step
from scoring.follow_up.comparison_file import SUMS
from scoring.score.scorecard import Scorecard
from scoring.score.tally import STATUSES


def movement_picture(step: Step) -> str:
    """What moved with each cause under either result: points, and points missing. What is gained or no longer missing has the colour of what is met."""
    moved = {cause: step.moved(cause) for cause in CAUSES}
    sides = []
    for regime, name in step.after.names.items():
        sums = []
        for sum_, title in SUMS.items():
            then, now = (
                getattr(getattr(card, regime).sums, "counted" if sum_ == "points" else sum_)
                for card in (step.before, step.after)
            )
            causes = [(what, getattr(moved[cause][regime], sum_)) for cause, what in CAUSES.items()]
            longest = max(abs(getattr(under[one], sum_)) for under in moved.values() for one in words.REGIME)
            sums.append((title, f"{then} then, {now} now", sum_ == "points", causes, max(float(longest), 1.0)))
        sides.append((name, RESULT[regime], sums))
    return picture("movement", sides)


def rounds_picture(cards: Sequence[tuple[str, Scorecard]]) -> str:
    """Rounds one below the other, each with two bars: points met, partly met, missing and unanswered. cards: what to call a round, and its scorecard."""
    drawn = []
    for title, card in cards:
        for regime in words.REGIME:
            parts = zip(*(bar.points for bar in bars(card) if bar.regime == regime), strict=True)
            met, partly, missing, unanswered = map(sum, parts)
            drawn.append(Bar(title, regime, (met, partly, missing, unanswered), STATUSES[0]))
    return picture("by_measure", drawn, cards[-1][1].names)
