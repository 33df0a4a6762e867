"""The made-up services that the start page offers. Each is a saved assessment, read like any other."""

import tomllib
from functools import cache, lru_cache
from pathlib import Path

from scoring.rules.conditions import Frozen
from scoring.rules.load import load
from scoring.score.assessment import Assessment
from scoring.score.assessment_file import from_json

_HERE = Path(__file__).parent


class Sample(Frozen):
    """A made-up service that can be opened."""

    file: str
    title: str
    about: str


@lru_cache(maxsize=1)
def samples() -> tuple[Sample, ...]:
    """The samples, in the order in which they are offered."""
    listed = tomllib.loads((_HERE / "samples.toml").read_text(encoding="utf-8"))["sample"]
    return tuple(Sample(**entry) for entry in listed)


@cache
def sample_assessment(sample: Sample) -> Assessment:
    """What the provider of a sample says."""
    return from_json((_HERE / sample.file).read_bytes(), load())
