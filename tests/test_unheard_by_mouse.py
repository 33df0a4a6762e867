"""Whatever a user does to an answer by mouse is in the browser's storage at once, and stays, whatever the server does."""

from pathlib import Path

import pytest
from browser import Visit
from unheard import FATES, WITHOUT_A_RELOAD, go_through

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("fate", [*FATES, *WITHOUT_A_RELOAD])
def test_what_is_done_by_mouse_to_any_field_is_kept_at_once_and_stays_though_the_server(fate: str, visit: Visit, tmp_path: Path) -> None:
    go_through(fate, "mouse", visit, tmp_path)
