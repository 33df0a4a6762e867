"""What a user has done to any field stays, whatever becomes of the server: each fate with every field and every way.

What becomes of the server and the way in which something was done have nothing to do with each other once it is in the browser's
storage. So each fate has each way on one of the pages, turn about, in place of every way on every page.
"""

from pathlib import Path

import pytest

from browser import Visit
from unheard import FATES, WAYS, go_through

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("fate", [fate for fate in FATES if fate not in ("hangs", "dies, and the page stays")])
def test_every_field_is_kept_and_stays_though_the_server(fate: str, visit: Visit, tmp_path: Path) -> None:
    first = FATES.index(fate) % 3
    go_through(fate, [*WAYS][first:] + [*WAYS][:first], visit, tmp_path)
