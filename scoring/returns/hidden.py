"""The same returns without names: each service, provider and file is a number, and nothing that somebody typed is left."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from scoring.returns.received import Received
from scoring.returns.returned import Return, Returns, service_of
from scoring.returns.round_in import RoundIn
from scoring.score.assessment import Answer
from scoring.score.tally import NOT_FEASIBLE

_REASON = "A reason is given."
"""In the place of a reason why something is not feasible, without which it would count as unanswered."""
_PROBLEM = "Not shown while names are hidden."
_OTHER_RULES = "another version"
"""In the place of what a file calls the rules that it was made under, where these are not the present ones: it may say anything."""


def mixed(received: Sequence[Received]) -> list[Received]:
    """The files in an order that tells nothing of their names: in the one in which they came, often the alphabet's, each number would tell whose it is."""
    return sorted(received, key=lambda one: one.mark)


def numbered(returns: Returns, known: Mapping[str, int]) -> dict[str, int]:
    """A number for each service and each provider; those that are known keep theirs."""
    numbers = dict(known)
    for kind, names in zip(("service", "provider"), zip(*_names(returns), strict=True), strict=False):
        for name in filter(None, names):
            numbers.setdefault(name, 1 + sum(other.startswith(kind) for other in numbers))
    return numbers


def hidden(returns: Returns, numbers: Mapping[str, int]) -> Returns:
    """The returns with numbers in the place of names, in whatever is made of them. numbers: as `numbered` gives them."""
    files = {line.file: f"File {number}" for number, line in reversed([*enumerate(returns.lines, 1)])}
    masked = []
    for number, (line, (service, provider)) in enumerate(zip(returns.lines, _names(returns), strict=True), 1):
        called = f"Service {numbers[service]}" if service in numbers else ""
        by = f"Provider {numbers[provider]}" if provider in numbers else ""
        file = f"File {number}"  # two files may have one name
        received = _masked(line, file, by, called)
        problem, instead = _PROBLEM if line.problem else "", files.get(line.instead, "")
        masked.append(
            replace(
                line,
                file=file,
                received=received,
                provider=by,
                service=called,
                rulebook=line.rulebook if line.rulebook in ("", returns.rulebook) else _OTHER_RULES,
                problem=problem,
                instead=instead,
            )
        )
    return replace(returns, lines=tuple(masked))


def _names(returns: Returns) -> list[tuple[str, str]]:
    """Under what name the service and the provider of each line are known; empty where that is not known, as of what could not be read."""
    return [
        ("", "") if line.refused else (f"service {provider}\0{service}", f"provider {provider}" if provider else "")
        for line, (provider, service) in zip(returns.lines, service_of(returns.lines), strict=True)
    ]


def _masked(line: Return, file: str, provider: str, service: str) -> Received:
    """The file itself, with no more in it than its facts and grades."""
    read = line.received.read
    if read is not None:
        answers = {
            requirement: Answer(
                grade=answer.grade, note=_REASON if answer.grade == NOT_FEASIBLE and answer.note.strip() else ""
            )
            for requirement, answer in read.round.answers.items()
        }
        known = replace(read.round, name=file, provider=provider, service=service, answers=answers)
        read = RoundIn(known)
    return replace(line.received, file=file, read=read, why="")
