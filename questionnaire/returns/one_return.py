"""One return as its scorecard, read only, beside the reviewer's marks; and the reply, the same assessment with its review, as a file."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

import streamlit as st

from questionnaire.page_parts import card as card_part
from questionnaire.page_parts import exchange, figures, frame
from questionnaire.page_parts import marks as marks_part
from questionnaire.page_parts.choices import choice
from questionnaire.session import reviews, state
from questionnaire.tool_pages import verify
from scoring.documents import words
from scoring.files.messages import isolated, printable
from scoring.follow_up.differences import GRADE, parts
from scoring.follow_up.review import Marked, marked, replied, review_beside, same_service
from scoring.follow_up.rounds import SCORECARD, assessment_of
from scoring.returns.round_in import RoundIn
from scoring.rules.amend import adopting
from scoring.rules.model import AMENDED, DRAFTED
from scoring.score.assessment import MARK, Assessment, Review, day_in_words, version_notice
from scoring.score.assessment_file import LARGEST_FILE, AssessmentError, from_json, to_json
from scoring.score.gaps import next_steps
from scoring.score.scorecard import Row, Scorecard, headline, score

TITLE = "One return"
_KEY, REVISE = "one_return", "revise"


def draw(read: RoundIn, file: str) -> None:
    """Draw a return that could be read and whose facts are all given. file: the mark of its file, by which the session knows the reviewer's marks."""
    rules, known, given = state.rules(), read.round, _given(read, file)
    card = score(
        rules,
        dict(known.facts),
        known.answers,
        rules.regimes if known.adopted is None else adopting(rules, known.adopted),
        service=known.service,
        assessed_on=known.assessed_on,
    )
    st.header(TITLE, anchor=False)
    provider = f" of {isolated(known.provider)}" if known.provider.strip() else ""
    st.text(f"{isolated(known.service) or 'A service without a name'}{provider}, {isolated(known.day)}")
    if read.verification and not read.verification.matches:
        st.warning(f"The figures of this file do not match the rules: {read.verification.overview} What is shown here is by the rules.")  # fmt: skip
        verify.cells(read.verification)
    if notice := version_notice(given, rules):
        st.warning(frame.escaped(notice))
    if read.refused:
        count = words.count(len(read.refused), "cell")
        st.warning(f"Not taken, and so not in the reply: {count} of this questionnaire. The first:")
        st.text(isolated(printable(read.refused[0].in_words())))
    if known.kind == SCORECARD:
        st.info(
            "This return is a scorecard, so the reply is made of its rows: facts, answers and notes. A scorecard has no provider, no evidence, no plan and "
            "no technologies examined. On the start page the provider can take over your marks alone and keep its own answers."
        )
    earlier = marked(rules, given)
    if given.review != Review():
        st.subheader("The review of the round before", anchor=False)
        marks_part.summary(earlier, given.review)
    st.subheader("The scorecard", anchor=False)
    st.markdown(f"**{headline(card)}**")
    card_part.results(card)
    steps = next_steps(rules, card)
    card_part.measures(card, steps)
    rows = [row for row in card.rows if row.drafted_owed or row.amended_owed]
    _marks(file, rows, card, given, earlier)
    _reply(read, file, given)
    if not card_part.owes_nothing(card):
        st.subheader("The scorecard in full", anchor=False)
    card_part.folds(card, rules, steps, _KEY)


def reply(read: RoundIn, file: str) -> tuple[str, bytes]:
    """The reply to a return, as it stands here: what to call the file, and its bytes."""
    given = _given(read, file)
    made = replied(given, reviews.of(file), state.today().isoformat())
    return frame.file_name(given.service_name, "reviewed-assessment.json"), to_json(made, state.rules())


def _given(read: RoundIn, file: str) -> Assessment:
    """The return with the review of the reply that the reviewer kept, where that was given; else with the one that it bears.

    A scorecard says of an answer no more than its grade and note: no more of it is compared.
    """
    given = read.assessment or assessment_of(read.round, state.rules(), state.now())
    review = reviews.earlier(file)
    if review is None:
        return given
    if read.round.kind == SCORECARD:
        scored = {key: mark.model_copy(update={"of": mark.of.scored}) for key, mark in review.marks.items()}
        review = review.model_copy(update={"marks": scored})
    return given.model_copy(update={"review": review})


def _earlier(file: str, given: Assessment) -> None:
    """Where the marks of the round before come from; and those of the reply that the reviewer kept instead."""
    kept = reviews.earlier(file) is not None
    if given.review != Review():
        whose = (
            "They are those of the reply that you kept."
            if kept
            else "They are as the return has them: whoever sent it could have changed them. To be sure, take them from the reply that you kept."
        )
        st.markdown(f"The marks of the round before stay in the reply until you mark an answer anew. {whose}")
    with st.expander("Take the earlier marks from the reply that you kept", type="compact"):
        label, key = "Your reply of the round before (JSON)", f"{_KEY}.{file[:16]}.kept"
        box, kept_reply = exchange.upload(label, key, type="json", max_upload_size=1)
        if kept_reply is None:
            return
        try:
            before = from_json(kept_reply.getvalue()[: LARGEST_FILE + 1], state.rules())
        except AssessmentError as error:
            box.error("This file was not taken.")
            box.text(f"{isolated(printable(kept_reply.name))}: {error}")
            return
        if before.review == Review() or not same_service(before, given):
            box.error("This file was not taken: it bears no review, or it is of another service or provider.")
            return
        review = review_beside(given, before)
        if review != reviews.earlier(file):
            reviews.set_earlier(file, review)
            st.rerun()


def _marks(file: str, rows: list[Row], card: Scorecard, given: Assessment, earlier: tuple[Marked, ...]) -> None:
    """Every answer that is owed with what is said of it, and beside it the marks."""
    st.subheader("Your marks", anchor=False)
    st.markdown(
        "Nobody else sees them until you send the reply; they change no score and nothing of an assessment of your own. **Closing this tab loses them;** a reload does not: give the same "
        "file again and they are there. To go on another day, download the reply and give it here instead of the return."
    )
    _earlier(file, given)
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    name = reviews.reviewer() or given.review.reviewer
    state.show_in(f"{_KEY}.reviewer", name)
    left.text_input(
        "Your name, for the reply",
        max_chars=reviews.LONGEST_NAME,
        key=f"{_KEY}.reviewer",
        on_change=lambda: reviews.set_reviewer(state.widget_value(f"{_KEY}.reviewer")),
    )
    was = {one.requirement.id: one for one in earlier}
    said = reviews.of(file)
    left_over = [row.requirement for row in rows if row.requirement not in said.marks and row.requirement not in was]
    if left_over:
        what = f"Accept {'all' if len(left_over) == len(rows) else 'the other'} {len(left_over)} answers"
        right.button(what if len(left_over) > 1 else "Accept the one answer that is left", key=f"{_KEY}.rest", on_click=reviews.accept, args=(file, left_over))  # fmt: skip
    for measure in card.measures:
        of_measure = [row for row in rows if row.measure == measure.id]
        if of_measure:
            st.subheader(f"{measure.title} ({measure.id})", anchor=False)
        for row in of_measure:
            with st.container(border=True):
                answer, beside = st.columns([3, 2])
                with answer:
                    _answer(row, card, given)
                with beside:
                    _mark(file, row, card, was.get(row.requirement), given.review)
    if not rows:
        st.info("Nothing is owed as drafted or as amended, so there is no answer to mark.")


def _answer(row: Row, card: Scorecard, given: Assessment) -> None:
    """An answer and what stands behind it."""
    requirement = card.requirement(row)
    st.markdown(figures.whole_ids(f"**{requirement.title}** ({requirement.id})\n\n{requirement.text}"))
    points = "; ".join(f"{card.names[regime]}: {words.owed_points(row, regime)}" for regime in (DRAFTED, AMENDED))
    st.markdown(f"**{words.answer(row)}.** Points {points.lower()}")
    for part, said in parts(given.answer(row.requirement), isolated).items():
        if said and part != GRADE:
            st.text(f"{part}: {said}")


def _mark(file: str, row: Row, card: Scorecard, earlier: Marked | None, review: Review) -> None:
    """The mark that an answer has and the one that it is given."""
    if earlier:
        marks_part.mark(earlier, review)
    title, new = card.requirement(row).title, reviews.of(file).marks.get(row.requirement)
    choices = {"": "As before" if earlier else "Not marked", **MARK}
    key = f"{_KEY}.{file[:16]}.{row.requirement}"
    state.show_in(key, new.mark if new else "")
    choice(
        st.radio,
        f"Mark: {title}",
        choices,
        key,
        horizontal=True,
        label_visibility="collapsed",
        on_change=lambda: reviews.set_mark(file, row.requirement, state.widget_value(key)),
    )
    if new is None:
        return
    with (
        nullcontext()
        if new.mark == REVISE
        else st.expander("Add a comment", expanded=bool(new.comment), type="compact")
    ):
        put = partial(reviews.set_comment, file, row.requirement)
        _comment(f"Comment: {title}", f"{key}.comment", new.comment, put)


def _comment(label: str, key: str, now: str, put: Callable[[str], None]) -> None:
    """A text that shows what stands here now, and puts what is typed in its place."""
    longest, taken = reviews.LONGEST_COMMENT, lambda: put(state.widget_value(key))
    state.show_in(key, now)
    st.text_area(label, max_chars=longest, height="content", key=key, on_change=taken)


def _reply(read: RoundIn, file: str, given: Assessment) -> None:
    """The comment on the whole, what the reply says, and the reply."""
    st.subheader("The reply", anchor=False)
    said, whole = reviews.of(file), f"{_KEY}.{file[:16]}.whole"
    earlier = " (left empty, the earlier one stays)" if given.review.comment.strip() else ""
    _comment(f"Comment on the whole{earlier}", whole, said.comment, partial(reviews.set_whole, file))
    if not reviews.begun(file):
        st.markdown("Mark an answer, or comment on the whole, and the reply is here as a file.")
        return
    name, made = reply(read, file)
    counts = [mark.mark for mark in {**given.review.marks, **said.marks}.values()]
    st.markdown(
        f"The reply says: {counts.count('accepted')} accepted, {counts.count(REVISE)} to be revised. It is the return with your review, of {day_in_words(state.today().isoformat())}; "
        "the provider opens it on the start page."
    )
    if len(made) > LARGEST_FILE:
        st.error("The reply is too long to be opened again: a saved file may have 1 MiB. Shorten some comments.")
    exchange.download("Download the reply (JSON)", made, name, f"{_KEY}.reply", primary=True)
