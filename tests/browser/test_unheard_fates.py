"""What a user has done to any field by mouse, keyboard or touch stays, whatever becomes of the server."""

from pathlib import Path

import pytest
from browser import Server, Visit
from unheard import FATES, go_through

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("fate", FATES)
def test_every_field_is_kept_and_stays_though_the_server(
    fate: str, visit: Visit, fated: Server, tmp_path: Path
) -> None:
    go_through(fate, visit, fated, tmp_path)
