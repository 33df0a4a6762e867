"""The whole scorecard as one HTML file that needs no network and no script, and that prints to a clean PDF."""

from scoring.documents.charts import bars, sides
from scoring.documents.html_table import environment, with_whole_ids
from scoring.files.messages import isolated
from scoring.rules.in_words import facts_in_words, in_short, with_names
from scoring.rules.model import AMENDED, Regimes, Rules
from scoring.rules.technologies import said_of
from scoring.score.assessment import Assessment
from scoring.score.attribution import attribution
from scoring.score.gaps import next_steps
from scoring.score.scorecard import Scorecard, scorecard, sentence
from scoring.score.trace import trace
from scoring.score.verdict import CHANGES_IN_WORDS


def report_html(rules: Rules, assessment: Assessment, regimes: Regimes | None = None) -> bytes:
    """The report of an assessment as the bytes of an HTML file, with all recommendations adopted unless told otherwise.

    What the user typed stands in it as text, escaped. Each piece has a block of its own, beyond which no sign of direction in it reaches; in the title it is isolated.

    Raises IncompleteProfile while a fact that is asked is missing.
    """
    card = scorecard(rules, assessment, regimes)
    traces = trace(rules, card.facts, card.regimes)
    shares = attribution(rules, card)
    drawn = bars(card)
    template = environment().get_template("report.html.j2")
    document = template.render(
        rules=rules,
        assessment=assessment,
        card=card,
        sentence=sentence(card),
        facts=facts_in_words(rules, card.facts),
        adopted=_adopted(card, rules),
        bars=drawn,
        sides=sides(card, drawn),
        shares=shares,
        traces=traces,
        next=next_steps(rules, card),
        interpretations=dict.fromkeys(reading for traced in traces for reading in traced.interpretations),
        with_names=with_names,
        titles=rules.titles,
        said_of=said_of,
        CHANGES_IN_WORDS=CHANGES_IN_WORDS,
        name=isolated(card.service),
    )
    return with_whole_ids(document).encode()


def _adopted(card: Scorecard, rules: Rules) -> str:
    """Which recommendations make the amended result, where those are not all."""
    adopted = card.regimes.adopted
    if len(adopted) == len(rules.recommendations):
        return ""
    return f"{card.names[AMENDED]}: {'; '.join(map(in_short, adopted)) or 'no recommendation'}."
