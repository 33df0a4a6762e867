"""A fresh install next year gives what was tested: every package that the requirements bring is pinned, and the tests run with the pins."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distribution, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TESTS = Path(__file__).parent
LATEST_TESTED = (3, 14)
"""The newest Python for which every pinned release is there ready built."""


def lines(path: Path) -> list[Requirement]:
    found = [line.partition("  #")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return [Requirement(each) for each in found if each and not each.startswith(("#", "-c "))]


WANTED = [*lines(TESTS.parent / "requirements.txt"), *lines(TESTS / "requirements.txt")]
PINS = {canonicalize_name(each.name): each for each in lines(TESTS / "constraints.txt")}


def brought(name: str, seen: set[str]) -> Iterator[str]:
    """A package and all that it brings on this machine."""
    if (name := canonicalize_name(name)) in seen:
        return
    seen.add(name)
    yield name
    for each in map(Requirement, distribution(name).requires or ()):
        if each.marker is None or each.marker.evaluate({"extra": ""}):
            yield from brought(each.name, seen)


def test_all_that_the_requirements_bring_is_pinned_and_nothing_else_is() -> None:
    seen: set[str] = set()
    found = {each for wanted in WANTED for each in brought(wanted.name, seen)}
    assert found - set(PINS) == set()
    assert {each for each in PINS if each not in found} == set()


@pytest.mark.parametrize("pin", PINS.values(), ids=list(PINS))
def test_a_pin_names_one_release_for_the_tested_pythons_and_it_is_the_one_that_runs_here(pin: Requirement) -> None:
    assert [each.operator for each in pin.specifier] == ["=="]
    assert pin.marker is not None
    assert [
        pin.marker.evaluate({"python_version": f"3.{minor}"}) for minor in (11, LATEST_TESTED[1], LATEST_TESTED[1] + 1)
    ] == [True, True, False]
    if sys.version_info[:2] <= LATEST_TESTED:
        assert pin.specifier.contains(version(pin.name)), (
            f"{pin.name} {version(pin.name)} is installed; see README on how to raise the pins"
        )


@pytest.mark.parametrize("wanted", WANTED, ids=[each.name for each in WANTED])
def test_what_the_app_asks_for_is_a_compatible_release_and_allows_the_pinned_one(wanted: Requirement) -> None:
    assert [each.operator for each in wanted.specifier] == ["~="]
    [pin] = PINS[canonicalize_name(wanted.name)].specifier
    assert wanted.specifier.contains(pin.version)


@pytest.mark.slow
def test_the_benchmark_of_everyday_use_starts() -> None:
    program = [sys.executable, str(TESTS / "benchmarks" / "everyday.py"), "--help"]
    assert "--only" in subprocess.run(program, capture_output=True, text=True, check=True).stdout
