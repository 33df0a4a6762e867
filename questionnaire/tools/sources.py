"""Sources: what the two texts are, every rule of both with its place, and what became of the draft."""

import re
from collections.abc import Callable, Iterator

import streamlit as st

from questionnaire.session import state
from questionnaire.session.steps import SOURCES, all_measures
from questionnaire.shown import figures, frame
from questionnaire.shown.law_status import Link, Sources, Supported, changed_by, load_sources
from scoring.documents import words
from scoring.rules.conditions import explain, join
from scoring.rules.in_words import HasSource, change_in_words, exemption_in_words, requirement_condition, with_names
from scoring.rules.load import RulebookError
from scoring.rules.model import Exemption, Measure, Recommendation, Requirement, Rules
from scoring.rules.technologies import said_of

TITLE = "Sources"
NEW, WITHDRAWN, NARROWED, SAME = "+ New:", "− Withdrawn:", "± Narrowed:", "= the same under both texts"
ABSENT = "This measure is not in the draft."
PROSE = 820
"""Pixels: lines of text no longer than one reads with ease. Columns and tables may be wider."""


def show() -> None:
    """Draw the page."""
    frame.begin(SOURCES, TITLE, wide=True)
    try:
        sources = load_sources()
    except RulebookError as error:
        st.error("What is told beside the rules cannot be shown: its file is wrong.")
        st.text(str(error))
    else:
        _page(sources, state.rules())
    frame.end(SOURCES, TITLE)


def _page(sources: Sources, rules: Rules) -> None:
    with st.container(width=PROSE):
        st.markdown(
            f"What you are scored against, where every rule comes from, and what became of it. The facts on this page were gathered on **{_day(sources)}** and may have changed since."
        )
        st.info(sources.not_advice)
        st.markdown("**On this page**\n\n" + "\n".join(f"- {_to(title)}" for title in _SECTIONS))
    for title, section in _SECTIONS.items():
        st.header(title, anchor=False)
        section(sources, rules)
        _say(_to(TITLE, "Back to the top"))


def _day(sources: Sources) -> str:
    return f"{sources.reviewed.day} {sources.reviewed:%B %Y}"


def _to(title: str, text: str = "") -> str:
    """A link to a section of this page. Streamlit gives each heading its own words for an address."""
    return f"[{text or title}](#{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')})"


def _say(text: str) -> None:
    """Text of the rules or of the sources, in a width that one reads with ease. Its dollars are dollars, not formulas."""
    st.container(width=PROSE).markdown(text.replace("$", "\\$"))


def _list(items: Iterator[str]) -> None:
    _say("\n".join(f"- {item}" for item in items))


def _link(link: Link) -> str:
    return f"[{link.text}]({link.url})"


def _support(fact: Supported, sources: Sources) -> str:
    """How well a fact is supported, by whom, and where to read it."""
    note = f" ({fact.support_note})" if fact.support_note else ""
    link = f" {_link(fact.link)}." if fact.link else ""
    return f"*{sources.support_of(fact).label}{note}.*{link}"


# ------------------------------------------------------------------------------------------- the two texts
def _texts(sources: Sources, rules: Rules) -> None:
    for each in sources.statement:
        _say(f"{each.text} {_support(each, sources)}")
    st.subheader("How sure we are", anchor=False)
    _say("Behind each fact on this page stands how well it is supported:")
    _list(f"**{each.label}.** {each.meaning}" for each in sources.support)


def _rules(sources: Sources, rules: Rules) -> None:
    _say(
        "Choose a code to read its measures under both texts. A measure has a scope (who it binds), exemptions (who is let out) and requirements "
        "(what has to be in place). What the recommendations change is marked:"
    )
    _list(
        iter(
            (
                f"**{NEW}** the draft does not have this rule.",
                f"**{WITHDRAWN}** this exemption lets out nobody any more.",
                f"**{NARROWED}** this exemption holds only on further conditions.",
                f"**{SAME}:** no recommendation changes this part of the measure.",
            )
        )
    )
    _say(
        "After each rule stand its basis and its place. “Sec.” and “Strengths” are parts of IJM's submission. A basis is one of these: "
        + "; ".join(words.BASIS.values())
        + f". Abbreviations are explained under {_to(_WORDS)}."
    )
    codes = {each.id: each for each in rules.codes}
    of_service = rules.code_of(state.assessment().profile)
    chosen = st.radio(
        "**Which code do you want to read?**",
        list(codes),
        index=list(codes).index(of_service.id) if of_service else 0,
        format_func=lambda code: codes[code].title,
        key="sources.code",
    )
    measures = [each for each in all_measures(rules) if each.code == chosen]
    changed = sum(bool(changed_by(each, rules)) for each in measures)
    _say(
        f"**{codes[chosen].title}:** {len(rules.drafted.of_code(chosen))} measures as drafted, {len(measures)} with IJM's recommendations; {changed} new or changed.".replace(
            "1 measures", "1 measure"
        )
    )
    for measure in measures:
        with st.container(border=True):
            _measure(rules.drafted.measure(measure.id), measure, rules)
    for version in rules.history:
        _say(f"Version {version.version} of these rules. {version.what}")


def _measure(drafted: Measure | None, amended: Measure, rules: Rules) -> None:
    """A measure under both texts: a row each for scope, exemptions and requirements. The columns stack on a narrow screen."""
    st.subheader(f"{amended.title} ({amended.id})", anchor=False)
    by = tuple(each.id for each in changed_by(amended, rules))
    st.markdown(
        f"{'Changed' if drafted else 'Added'} by {rules.named(by)}."
        if by
        else "No recommendation changes this measure."
    )
    if drafted is None:
        parts = (
            f"**{NEW}** the whole measure.",
            "**Scope**",
            _scope(amended, rules),
            "**Exemptions**",
            _exemptions(amended, rules),
            "**Requirements**",
            _requirements(amended.requirements, rules),
        )
        _row("The measure", ABSENT, "\n\n".join(parts))
    else:
        _row("Scope", _scope(drafted, rules))
        changed = amended.exemptions != drafted.exemptions
        _row(
            "Exemptions",
            _exemptions(drafted, rules),
            "\n".join(f"- {_amended_exemption(each, rules)}" for each in amended.exemptions) if changed else None,
        )
        new = tuple(each for each in amended.requirements if each.added)
        listed = _requirements(new, rules, mark=f"**{NEW}** ")
        _row(
            "Requirements",
            _requirements(drafted.requirements, rules),
            f"All requirements as drafted, and also:\n\n{listed}" if new else None,
        )
    concerning = [each.id for each in rules.interpretations if amended.id in each.concerns]
    if concerning:
        st.markdown(
            f"See also {_to(_READINGS, f'our reading {join(concerning)}' if len(concerning) == 1 else f'our readings {join(concerning)}')}."
        )


def _row(part: str, drafted: str, amended: str | None = None) -> None:
    """A part of a measure, side by side where the two texts differ, and once where they do not."""
    if amended is None:
        _say(f"**{part}** ({SAME})\n\n{drafted}")
        return
    for column, regime, said in zip(
        st.columns(2, gap="medium"), words.REGIME.values(), (drafted, amended), strict=True
    ):
        column.markdown(f"**{part}, {regime[0].lower()}{regime[1:]}**\n\n{said}")


def _source(rule: HasSource) -> str:
    return f"*({words.source(rule)})*"


def _scope(measure: Measure, rules: Rules) -> str:
    return f"A service that {explain(measure.scope, rules.phrases)}. {_source(measure)} {with_names(measure.reading, rules)}"


def _exemptions(measure: Measure, rules: Rules) -> str:
    return "\n".join(f"- {exemption_in_words(each, rules)} {_source(each)}" for each in measure.exemptions) or "None."


def _amended_exemption(exemption: Exemption, rules: Rules) -> str:
    """An exemption as amended: marked, with who changes it, and with the places of the old reading and of the change."""
    by = exemption.withdrawn_by or tuple(each.by for each in exemption.provisos)
    if not by:
        return f"{exemption_in_words(exemption, rules)} {_source(exemption)}"
    where = "; ".join(dict.fromkeys(rules.recommendation(each).where for each in by))
    source = f"*({words.source(exemption)}; the change: {where})*"
    if exemption.withdrawn_by:
        return f"**{WITHDRAWN}** {exemption_in_words(exemption, rules)} {source}"
    as_drafted = exemption_in_words(exemption.model_copy(update={"provisos": ()}), rules)
    provisos = "".join(
        f"\n  - {rules.named((each.by,))}: it {explain(each.only_if, rules.phrases)}." for each in exemption.provisos
    )
    return f"**{NARROWED}** {as_drafted} {source} It holds only if {'all of these are so' if len(by) > 1 else 'this is so'} as well:{provisos}"


def _requirements(requirements: tuple[Requirement, ...], rules: Rules, mark: str = "") -> str:
    """The requirements as a list; with a mark, each says who adds it."""

    def said(each: Requirement) -> str:
        added = f"Added by {rules.named(each.origin)}." if mark else ""
        parts = (
            f"{mark}**{each.title}** ({each.id}).",
            each.text,
            added,
            requirement_condition(each, rules),
            _source(each),
        )
        return " ".join(part for part in parts if part)

    return "\n".join(f"- {said(each)}" for each in requirements)


# ------------------------------------------------------------------------------------- the recommendations
def _recommendations(sources: Sources, rules: Rules) -> None:
    _say(
        f"IJM made {len(rules.recommendations)} recommendations. Open one to read what it asks, what it changes in the draft and what became of it. "
        f"The instruments themselves are in {_link(sources.instruments)}."
    )
    for code in rules.codes:
        st.subheader(code.title, anchor=False)
        for recommendation in (each for each in rules.recommendations if each.code == code.id):
            outcome = sources.outcome_of(recommendation)
            with st.expander(
                f"{recommendation.title} ({recommendation.id}): **{outcome.outcome[0].lower()}{outcome.outcome[1:]}**"
            ):
                _recommendation(recommendation, sources, rules)


def _recommendation(recommendation: Recommendation, sources: Sources, rules: Rules) -> None:
    outcome = sources.outcome_of(recommendation)
    _say(f"**What it asks.** {with_names(recommendation.ask, rules)} *({recommendation.where} of the submission)*")
    _say(
        "**What it changes in the draft**\n\n"
        + "\n".join(f"- {change_in_words(each, rules)}" for each in recommendation.changes)
    )
    _say(
        f"**What became of it: {outcome.outcome[0].lower()}{outcome.outcome[1:]}.** {outcome.what} {_support(outcome, sources)}"
    )
    _say(f"**Where to look.** {outcome.where}.")


# --------------------------------------------------------------------------------------------- what is beside
def _interpretations(sources: Sources, rules: Rules) -> None:
    _say(
        "The submission leaves some things open. Where a score turns on one of them, this is how we read it. Another reading would give another score."
    )
    _say("\n".join(f"{each.id}. {with_names(each.text, rules)}" for each in rules.interpretations))


def _time_line(sources: Sources, rules: Rules) -> None:
    _list(f"**{each.when}.** {each.what} {_support(each, sources)}" for each in sources.event)


def _reasons(sources: Sources, rules: Rules) -> None:
    _say(
        "These are eSafety's reasons as another organisation reported them. They are the gaps that some of IJM's recommendations would have closed."
    )
    _list(
        f"{each.text} The recommendation: {rules.named(each.closes)}. {_support(each, sources)}"
        for each in sources.reason
    )


def _glossary(sources: Sources, rules: Rules) -> None:
    _list(f"**{each.term}:** {each.meaning} {_support(each, sources)}" for each in sources.term)


def _technologies(sources: Sources, rules: Rules) -> None:
    _say(
        "IJM's submission names these as examples of what exists. No measure prescribes one, and this tool recommends none. “Not stated” means that the submission does not say."
    )
    figures.table(
        {
            "Technology": [f"**{each.title}**" for each in rules.technologies],
            "What the submission says of it": [
                ". ".join(f"{name}: {value}" for name, value in said_of(each)) for each in rules.technologies
            ],
        },
        about="Technologies that the submission names, and what it says of each",
    )
    for each in sources.precedent:
        _say(f"{each.text} *({each.where})* {_support(each, sources)}")


def _report(sources: Sources, rules: Rules) -> None:
    _say(
        f"If you have come across material that shows the abuse of a child, report it to eSafety: {_link(sources.report)}."
    )


_READINGS, _WORDS = "How we read the submission", "Words used here"
_SECTIONS: dict[str, Callable[[Sources, Rules], None]] = {
    "What these texts are": _texts,
    "Both texts, side by side": _rules,
    "The recommendations and what became of them": _recommendations,
    _READINGS: _interpretations,
    "Time line": _time_line,
    "Why two codes were refused": _reasons,
    _WORDS: _glossary,
    "Technologies that the submission names": _technologies,
    "If you have come across such material": _report,
}
