"""While the server hangs, whatever a user does by mouse, keyboard or touch to any field is in the browser's storage at once."""

from pathlib import Path

import pytest

from browser import Visit
from unheard import WAYS, go_through

pytestmark = pytest.mark.browser
ORDERS = [(*WAYS,)[first:] + (*WAYS,)[:first] for first in range(3)]
"""Each page in each way."""


@pytest.mark.parametrize("ways", ORDERS, ids=", ".join)
def test_every_field_is_kept_at_once_in_every_way_while_the_server_hangs(ways: tuple[str, ...], visit: Visit, tmp_path: Path) -> None:
    go_through("hangs", ways, visit, tmp_path)
