"""The whole scorecard as one HTML file that needs no network and no script, and that prints to a clean PDF."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scoring.documents import words
from scoring.documents.charts import PARTS, REGIMES, SHORT, bars, shortfall_alt, waterfall_alt
from scoring.files.messages import isolated
from scoring.rules.in_words import with_names
from scoring.rules.model import Rules
from scoring.rules.technologies import said_of
from scoring.score.assessment import Assessment
from scoring.score.attribution import attribution, in_words, signed
from scoring.score.attribution import sentence as share_sentence
from scoring.score.gaps import next_steps
from scoring.score.scorecard import scorecard, sentence
from scoring.score.trace import CHANGES_IN_WORDS, facts_in_words, trace

TEMPLATES = Path(__file__).parent


def report(rules: Rules, assessment: Assessment) -> bytes:
    """The report of an assessment as the bytes of an HTML file. What the user typed stands in it as text, escaped.

    Each piece has a block of its own, beyond which no sign of direction in it reaches; in the title it is isolated.

    Raises IncompleteProfile while a fact that is asked is missing.
    """
    card = scorecard(rules, assessment)
    shares = attribution(rules, card)
    found = bars(card)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            rules=rules,
            assessment=assessment,
            card=card,
            sentence=sentence(card),
            facts=facts_in_words(rules, card.facts),
            bars=found,
            most=max([sum(bar.points) for bar in found] + [2]),
            shares=shares,
            steps=shares.steps(),
            traces=trace(rules, card.facts),
            next=next_steps(rules, card),
            interpretations=list(
                dict.fromkeys(each for found in trace(rules, card.facts) for each in found.interpretations)
            ),
            with_names=with_names,
            titles={each.id: each.title for measure in card.measures for each in measure.requirements},
            shortfall_alt=shortfall_alt(card),
            waterfall_alt=waterfall_alt(shares),
        )
        .encode()
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """The templates and the words they use. Everything that is put into them is escaped."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["isolated"] = isolated
    found.globals.update(
        PARTS=PARTS,
        REGIMES=REGIMES,
        SHORT=SHORT,
        CHANGES_IN_WORDS=CHANGES_IN_WORDS,
        words=words,
        in_words=in_words,
        signed=signed,
        said_of=said_of,
        share_sentence=share_sentence,
    )
    return found
