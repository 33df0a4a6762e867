"""Sources: what as drafted and as amended mean, every rule of both with its place, and what became of the draft."""

import re
from collections.abc import Callable, Iterable
from contextlib import nullcontext

import streamlit as st

from questionnaire.page_parts import figures, frame
from questionnaire.page_parts.choices import choice
from questionnaire.page_parts.law_status import NOT_ESTABLISHED, OURS, Sources, Supported, changed_by, load_sources
from questionnaire.session import state
from questionnaire.session.steps import SOURCES, all_measures
from scoring.documents import words
from scoring.rules.conditions import explain, join
from scoring.rules.in_words import change_in_words, exemption_in_words, requirement_condition, with_names
from scoring.rules.load import RulebookError
from scoring.rules.model import Exemption, Measure, Recommendation, Requirement, Rules, Sourced
from scoring.rules.technologies import said_of

TITLE = "Sources"
NEW, WITHDRAWN, NARROWED, SAME = "+ New:", "− Withdrawn:", "± Narrowed:", "= the same as drafted and as amended"
PROSE = 820
"""Pixels: lines of text no longer than one reads with ease. Columns and tables may be wider."""
ASKED = "recommendation"
"""What an address calls the recommendation that it leads to, by its id."""


@frame.page(SOURCES, TITLE, wide=True)
def show() -> None:
    """Draw the page."""
    try:
        sources = load_sources()
    except RulebookError as error:
        st.error("What is told beside the rules cannot be shown: its file is wrong.")
        st.text(str(error))
    else:
        _lead(state.rules())
        _page(sources, state.rules())


def _lead(rules: Rules) -> None:
    """Bring the reader, once, to the recommendation that the address names. Where it names none, the page begins at its top."""
    asked = st.query_params.pop(ASKED, "")
    if asked in {recommendation.id for recommendation in rules.recommendations}:
        state.lead_to(_heading(rules.recommendation(asked)))


def _heading(named: Recommendation | Measure) -> str:
    return f"{named.title} ({named.id})"


def _there(recommendations: Iterable[Recommendation]) -> str:
    """Recommendations by name, each a link to where it stands on this page."""
    return ", ".join(f"[{_heading(named)}](#{named.id.lower()})" for named in recommendations)


def _page(sources: Sources, rules: Rules) -> None:
    with st.container(width=PROSE):
        st.markdown(
            f"What you are scored against, where every rule comes from, and what became of it. The facts on this page were gathered on **{sources.reviewed.day} {sources.reviewed:%B %Y}** and may have changed since."
        )
        st.info(sources.not_advice)
        st.markdown("**On this page**\n\n" + "\n".join(f"- {_to(title)}" for title in _SECTIONS))
        everything = st.checkbox("Open every part, to search or to print the page", key="sources.open")
    for title, (folded, section) in _SECTIONS.items():
        st.header(title, anchor=False)
        with st.expander(folded, expanded=everything) if folded else nullcontext():
            section(sources, rules)
            _say(_to(TITLE, "Back to the top"))


def _to(title: str, text: str = "") -> str:
    """A link to a section of this page. Streamlit gives each heading its own words for an address."""
    return f"[{text or title}](#{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')})"


def _say(text: str) -> None:
    """Text of the rules or of the sources, in a width that one reads with ease. Its dollars are dollars, not formulas."""
    st.container(width=PROSE).markdown(figures.whole_ids(text.replace("$", "\\$")))


def _list(items: Iterable[str]) -> None:
    _say("\n".join(f"- {item}" for item in items))


def _support(fact: Supported, sources: Sources) -> str:
    """How well a fact is supported, by whom, and where to read it."""
    note = f" ({fact.support_note})" if fact.support_note else ""
    link = f" {fact.link.in_markdown}." if fact.link else ""
    return f"*{sources.support_of(fact).label}{note}.*{link}"


def _texts(sources: Sources, rules: Rules) -> None:
    for statement in sources.statement:
        _say(f"{statement.text} {_support(statement, sources)}")


def _supports(sources: Sources, rules: Rules) -> None:
    _list(f"**{support.label}.** {support.meaning}" for support in sources.support)


def _rules(sources: Sources, rules: Rules) -> None:
    _say(
        "Choose a code to read its measures as drafted and as amended. A measure has a scope (who it binds), exemptions (who is let out) and requirements "
        "(what has to be in place). What the recommendations change is marked:"
    )
    _list(
        (
            f"**{NEW}** the draft does not have this rule.",
            f"**{WITHDRAWN}** this exemption lets out nobody any more.",
            f"**{NARROWED}** this exemption holds only on further conditions.",
            f"**{SAME}:** no recommendation changes this part of the measure.",
        )
    )
    _say(
        "After each rule stand its basis and its place. “Sec.” and “Strengths” are parts of IJM's submission. A basis is one of these: "
        + "; ".join(words.BASIS.values())
        + f". Abbreviations are explained under {_to(_WORDS)}."
    )
    codes = {code.id: code.title for code in rules.codes}
    first = rules.code_of(state.assessment().profile) or rules.codes[0]
    chosen = choice(st.radio, "**Which code do you want to read?**", codes, "sources.code", first.id)
    measures = [measure for measure in all_measures(rules) if measure.code == chosen]
    changed = sum(bool(changed_by(measure, rules)) for measure in measures)
    drafted = len(rules.drafted.of_code(chosen))
    _say(
        f"**{codes[chosen]}:** {words.count(drafted, 'measure')} as drafted, {len(measures)} as amended; {changed} new or changed."
    )
    for measure in measures:
        with st.container(border=True):
            _measure(rules.drafted.measure(measure.id), measure, rules)
    for version in rules.history:
        _say(f"Version {version.version} of these rules. {version.what}")


def _measure(drafted: Measure | None, amended: Measure, rules: Rules) -> None:
    """A measure as drafted and as amended: a row each for scope, exemptions and requirements. The columns stack on a narrow screen."""
    st.subheader(_heading(amended), anchor=False)
    by = figures.whole_ids(_there(changed_by(amended, rules)))
    st.markdown(f"{'Changed' if drafted else 'Added'} by {by}." if by else "No recommendation changes this measure.")
    if drafted is None:
        whole = f"**{NEW}** the whole measure.\n\n**Scope**\n\n{_scope(amended, rules)}\n\n**Exemptions**\n\n{_exemptions(amended, rules)}\n\n**Requirements**\n\n{_requirements(amended.requirements, rules)}"
        _row("The measure", "This measure is not in the draft.", whole)
    else:
        _row("Scope", _scope(drafted, rules))
        changed = amended.exemptions != drafted.exemptions
        exemptions = "\n".join(f"- {_amended_exemption(exemption, rules)}" for exemption in amended.exemptions)
        _row("Exemptions", _exemptions(drafted, rules), exemptions if changed else None)
        new = tuple(requirement for requirement in amended.requirements if requirement.added)
        listed = f"All requirements as drafted, and also:\n\n{_requirements(new, rules, mark=f'**{NEW}** ')}"
        _row("Requirements", _requirements(drafted.requirements, rules), listed if new else None)
    readings = [reading.id for reading in rules.interpretations if amended.id in reading.concerns]
    if readings:
        _say(f"See also {_to(_READINGS)}, {join(readings)}.")


def _row(part: str, drafted: str, amended: str | None = None) -> None:
    """A part of a measure, side by side where the two differ, and once where they do not."""
    if amended is None:
        _say(f"**{part}** ({SAME})\n\n{drafted}")
        return
    for column, regime, said in zip(
        st.columns(2, gap="medium"), words.REGIME.values(), (drafted, amended), strict=True
    ):
        column.markdown(f"**{part}, {regime.lower()}**\n\n{figures.whole_ids(said)}")


def _source(rule: Sourced | Requirement) -> str:
    return f"*({words.source(rule)})*"


def _scope(measure: Measure, rules: Rules) -> str:
    return f"A service that {explain(measure.scope, rules.phrases)}. {_source(measure)} {with_names(measure.reading, rules)}"


def _exemptions(measure: Measure, rules: Rules) -> str:
    said = (f"- {exemption_in_words(exemption, rules)} {_source(exemption)}" for exemption in measure.exemptions)
    return "\n".join(said) or "None."


def _amended_exemption(exemption: Exemption, rules: Rules) -> str:
    """An exemption as amended: marked, with who changes it, and with the places of the old reading and of the change."""
    by = exemption.withdrawn_by or tuple(proviso.by for proviso in exemption.provisos)
    if not by:
        return f"{exemption_in_words(exemption, rules)} {_source(exemption)}"
    where = "; ".join(dict.fromkeys(rules.recommendation(recommendation).where for recommendation in by))
    source = f"*({words.source(exemption)}; the change: {where})*"
    if exemption.withdrawn_by:
        return f"**{WITHDRAWN}** {exemption_in_words(exemption, rules)} {source}"
    as_drafted = exemption_in_words(exemption.model_copy(update={"provisos": ()}), rules)
    provisos = "".join(
        f"\n  - {rules.named((proviso.by,))}: it {explain(proviso.only_if, rules.phrases)}."
        for proviso in exemption.provisos
    )
    return f"**{NARROWED}** {as_drafted} {source} It holds only if {'all of these are so' if len(by) > 1 else 'this is so'} as well:{provisos}"


def _requirements(requirements: tuple[Requirement, ...], rules: Rules, mark: str = "") -> str:
    """The requirements as a list; with a mark, each says who adds it."""

    def said(requirement: Requirement) -> str:
        parts = (
            f"{mark}**{requirement.title}** ({requirement.id}).",
            requirement.text,
            f"Added by {rules.named(requirement.origin)}." if mark else "",
            requirement_condition(requirement, rules),
            _source(requirement),
        )
        return " ".join(part for part in parts if part)

    return "\n".join(f"- {said(requirement)}" for requirement in requirements)


# ------------------------------------------------------------------------------------- the recommendations
def _recommendations(sources: Sources, rules: Rules) -> None:
    _say(
        f"IJM made {len(rules.recommendations)} recommendations. Each stands here with what became of it; open it to read what it asks and what it changes in the draft. "
        f"The instruments themselves are in {sources.instruments.in_markdown}."
    )
    open_ = [known for known in rules.recommendations if sources.outcome_of(known).support == NOT_ESTABLISHED]
    for recommendation in (*(known for known in rules.recommendations if known not in open_), *open_):
        outcome, is_open = sources.outcome_of(recommendation), recommendation in open_
        support = sources.support_of(outcome)
        if recommendation in open_[:1]:
            _say(f"**What became of the other {len(open_)} is not established.** {support.meaning}")
        st.subheader(_heading(recommendation), anchor=recommendation.id.lower())
        said = "" if outcome.outcome == support.label else f"**{outcome.outcome}.** "
        _say(f"{said}{outcome.what} {'' if is_open else _support(outcome, sources)} Where to look: {outcome.where}.")
        with st.expander(f"What {recommendation.id} asks, and what it changes"):
            _say(f"{with_names(recommendation.ask, rules)} *({recommendation.where} of the submission)*")
            _list(change_in_words(change, rules) for change in recommendation.changes)


# --------------------------------------------------------------------------------------------- what is beside
def _unscored(sources: Sources, rules: Rules) -> None:
    _say(
        "In the text around its recommendations the submission asks for more. **None of that is scored:** a score follows the recommendations, each of which says how a "
        "measure is to change. What stands beside them changes no measure, and a duty that we made of it would be ours. Each says why."
    )
    for unscored in sources.unscored:
        near = _there(map(rules.recommendation, unscored.near))
        _say(
            f"- **{unscored.title}.** {with_names(unscored.asks, rules)} *({unscored.where} of the submission)* **Why it is not scored:** {with_names(unscored.unscored, rules)}"
            + (f" Nearest to it: {near}." if near else "")
        )


def _interpretations(sources: Sources, rules: Rules) -> None:
    _say(
        "The submission leaves some things open. Where a score turns on one of them, this is how we read it. Another reading would give another score."
    )
    _say("\n".join(f"{reading.id}. {with_names(reading.text, rules)}" for reading in rules.interpretations))


def _time_line(sources: Sources, rules: Rules) -> None:
    _list(f"**{event.when}.** {event.what} {_support(event, sources)}" for event in sources.event)


def _reasons(sources: Sources, rules: Rules) -> None:
    _say(
        "These are eSafety's reasons as another organisation reported them. They are the gaps that some of IJM's recommendations would have closed."
    )
    _list(
        f"{reason.text} The recommendation: {_there(map(rules.recommendation, reason.closes))}. {_support(reason, sources)}"
        for reason in sources.reason
    )


def _glossary(sources: Sources, rules: Rules) -> None:
    of_ours = [term for term in sources.term if term.support == OURS]
    st.subheader("What this tool calls things", anchor=False)
    _list(f"**{term.term}:** {term.meaning}" for term in of_ours)
    st.subheader("Words of the codes and of the submission", anchor=False)
    _list(f"**{term.term}:** {term.meaning} {_support(term, sources)}" for term in sources.term if term not in of_ours)


def _technologies(sources: Sources, rules: Rules) -> None:
    _say(
        "IJM's submission names these as examples of what exists. No measure prescribes one, and this tool recommends none. “Not stated” means that the submission does not say."
    )
    figures.table(
        {
            "Technology": [f"**{technology.title}**" for technology in rules.technologies],
            "What the submission says of it": [
                ". ".join(f"{name}: {value}" for name, value in said_of(technology))
                for technology in rules.technologies
            ],
        },
        about="Technologies that the submission names, and what it says of each",
    )
    for precedent in sources.precedent:
        _say(f"{precedent.text} *({precedent.where})* {_support(precedent, sources)}")


def _report(sources: Sources, rules: Rules) -> None:
    _say(f"Report material that shows the abuse of a child to eSafety: {sources.report.in_markdown}.")


_READINGS, _WORDS = "How we read the submission", "Words used here"
_SECTIONS: dict[str, tuple[str, Callable[[Sources, Rules], None]]] = {
    "As drafted, as amended, and the law": ("", _texts),
    "How sure we are": ("What stands behind each fact, and what it means", _supports),
    "Every rule, as drafted and as amended": ("Code by code, with what is new, withdrawn or narrowed", _rules),
    "The recommendations and what became of them": ("What became of each, and what it changes", _recommendations),
    "What else the submission asks": ("What that is, and why none of it is scored", _unscored),
    _READINGS: ("Where it leaves something open", _interpretations),
    "Time line": ("What happened, and when", _time_line),
    "Why two codes were refused": ("eSafety's reasons, as they were reported", _reasons),
    _WORDS: ("What each of them means", _glossary),
    "Technologies that the submission names": ("What it says of each", _technologies),
    "If you have come across such material": ("", _report),
}
"""What the page tells, by the heading of each part: what is on its fold, where it has one, and what draws it."""
