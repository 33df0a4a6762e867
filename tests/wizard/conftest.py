"""What the tests of the wizard may ask for."""

import pytest
from walk import Walk


@pytest.fixture
def walk() -> Walk:
    return Walk()
