"""The questions about a service, as data: how each fact is asked, in the wizard and in the workbook."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from scoring.rules.conditions import Frozen
from scoring.rules.load import RulebookError, load, read
from scoring.rules.model import Fact, Id, Text
from scoring.rules.profile import asked

FILE = Path(__file__).parent / "questions.toml"


class Choice(Frozen):
    """A value that a fact may have, and how it is offered (Markdown)."""

    value: str
    label: Text


class Question(Frozen):
    """How a fact is asked: the prompt, a word of help, why it is asked, and the choices. Its `id` is the id of the fact."""

    fact: Id = Field(alias="id")
    page: Literal["service", "not_capable"]
    prompt: Text
    help: str = ""
    why: Text
    choices: Annotated[Mapping[str, Text], AfterValidator(MappingProxyType)]

    def offered(self) -> tuple[Choice, ...]:
        return tuple(Choice(value=value, label=label) for value, label in self.choices.items())


class Questionnaire(Frozen):
    """All questions, in the order in which they are asked."""

    question: tuple[Question, ...] = Field(strict=False)

    def asked(self, facts: tuple[Fact, ...], given: Mapping[str, str], page: str) -> tuple[Question, ...]:
        """The questions of a page that are asked, as far as what is given decides it."""
        ids = {fact.id for fact in asked(facts, given)}
        return tuple(question for question in self.question if question.page == page and question.fact in ids)

    def of(self, fact: str) -> Question:
        return next(question for question in self.question if question.fact == fact)


@lru_cache(maxsize=4)
def load_questionnaire(path: Path = FILE) -> Questionnaire:
    """Read the questions and hold them against the facts of the rules. What comes back is frozen and may be shared.

    Raises RulebookError where the file is wrong, a fact has no question or two, or the choices are not the fact's values.
    """
    questionnaire: Questionnaire = read(path.parent, path.name, Questionnaire)
    rules = load()
    wanted = [fact.id for fact in rules.facts if not fact.derived_from_technologies]
    given = [question.fact for question in questionnaire.question]
    if sorted(wanted) != sorted(given):
        raise RulebookError(
            path.name, "question", f"asks {', '.join(given)}; each of these once is needed: {', '.join(wanted)}"
        )
    for question in questionnaire.question:
        values = rules.fact(question.fact).value_ids()
        if set(question.choices) != set(values):
            offered = ", ".join(question.choices)
            raise RulebookError(path.name, question.fact, f"offers {offered}; the fact may be {', '.join(values)}")
    return questionnaire
