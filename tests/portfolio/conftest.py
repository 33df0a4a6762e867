"""What several tests of portfolios look at."""

import random

import naive
import pytest
from services import as_file, graded


@pytest.fixture(scope="module")
def every_profile_graded():
    chance = random.Random(20230323)
    rows = []
    for number, profile in enumerate(naive.profiles()):
        rows += [
            graded(profile, f"Service {number}-{copy}", chance.choice, ("nonsense", "tier_1")[copy])
            for copy in range(2)
        ]
        rows += [
            graded(
                profile,
                f"Service {number} all {grade or 'blank'}",
                lambda given, grade=grade: grade if grade in given else given[-1],
                "",
            )
            for grade in ("met", "", "not_feasible")
        ]
    return rows, as_file(rows)
