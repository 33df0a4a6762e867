"""What a tab keeps beside its answers, so that a refresh costs nothing: which recommendations a page adopts, and which answers are said to be not known yet.

It is of no saved file, and of no address.
"""

from questionnaire.session import state
from questionnaire.session.steps import SCORECARD
from scoring.score.assessment import all_requirements


def adopted_name(page: str) -> str:
    """Under which name the session knows the recommendations that a page adopts; nothing there: all of them. page: its address."""
    return f"{page}_adopted"


def said() -> dict[str, object]:
    """What the browser is to keep: ids, and for what the scorecard adopts None while that is all."""
    return {"adopted": state.recall(adopted_name(SCORECARD)), "not_known": sorted(state.not_known())}


def take(kept: object) -> None:
    """Take over what the browser kept. It may say anything: what of it names nothing that the rules know is passed over."""
    rules, pieces = state.rules(), kept if isinstance(kept, dict) else {}
    adopted, not_known = pieces.get("adopted"), pieces.get("not_known")
    if isinstance(adopted, list):
        ids = (recommendation.id for recommendation in rules.recommendations)
        state.keep(adopted_name(SCORECARD), tuple(id_ for id_ in ids if id_ in adopted))
    if isinstance(not_known, list):
        requirements = (requirement.id for requirement in all_requirements(rules))
        state.keep(state.NOT_KNOWN, frozenset(id_ for id_ in requirements if id_ in not_known))
