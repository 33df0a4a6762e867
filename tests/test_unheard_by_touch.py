"""Whatever a user does to an answer by touch is in the browser's storage at once, and stays, whatever the server does."""

from pathlib import Path

import pytest
from browser import Visit
from unheard import FATES, go_through

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("fate", FATES)
def test_what_is_done_by_touch_to_any_field_is_kept_at_once_and_stays_though_the_server(fate: str, visit: Visit, tmp_path: Path) -> None:
    go_through(fate, "touch", visit, tmp_path)
