"""The whole scorecard as one HTML file that needs no network and no script, and that prints to a clean PDF."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scoring.documents import words
from scoring.documents.charts import bars, shortfall_alt, waterfall_alt
from scoring.documents.colours import PARTS
from scoring.files.messages import isolated
from scoring.rules.in_words import facts_in_words, with_names
from scoring.rules.model import Rules
from scoring.rules.technologies import said_of
from scoring.score.assessment import Assessment
from scoring.score.attribution import attribution, in_words, signed
from scoring.score.attribution import sentence as share_sentence
from scoring.score.gaps import next_steps
from scoring.score.scorecard import scorecard, sentence
from scoring.score.trace import trace
from scoring.score.verdict import CHANGES_IN_WORDS

TEMPLATES = Path(__file__).parent


def report_html(rules: Rules, assessment: Assessment) -> bytes:
    """The report of an assessment as the bytes of an HTML file. What the user typed stands in it as text, escaped.

    Each piece has a block of its own, beyond which no sign of direction in it reaches; in the title it is isolated.

    Raises IncompleteProfile while a fact that is asked is missing.
    """
    card = scorecard(rules, assessment)
    traces = trace(rules, card.facts)
    shares = attribution(rules, card)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            rules=rules,
            assessment=assessment,
            card=card,
            sentence=sentence(card),
            facts=facts_in_words(rules, card.facts),
            bars=bars(card),
            most=max(2, *(sum(bar.points) for bar in bars(card))),
            shares=shares,
            stages=shares.waterfall(),
            traces=traces,
            next=next_steps(rules, card),
            interpretations=dict.fromkeys(reading for traced in traces for reading in traced.interpretations),
            with_names=with_names,
            titles=rules.titles,
            shortfall_alt=shortfall_alt(card),
            waterfall_alt=waterfall_alt(shares),
        )
        .encode()
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """The templates and the words they use. Everything that is put into them is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["isolated"] = isolated
    environment.globals.update(
        PARTS=PARTS,
        CHANGES_IN_WORDS=CHANGES_IN_WORDS,
        words=words,
        zip=zip,
        in_words=in_words,
        signed=signed,
        said_of=said_of,
        share_sentence=share_sentence,
    )
    return environment
