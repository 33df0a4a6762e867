"""The colours of the pictures: seen on either ground, under white text, and told apart without seeing all colours."""

import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from scoring.documents.colours import PARTS, RESULT, STATUS

THEMES = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
GROUNDS = [THEMES[theme]["backgroundColor"] for theme in ("light", "dark")]
SEEN_BY = {  # Machado, Oliveira and Fernandes 2009, severity 1, in linear light
    "people without red": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "people without green": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "people without blue": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}  # fmt: skip


def light(colour: str) -> np.ndarray:
    """A colour in linear light."""
    parts = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """How much lighter one colour is than another, as WCAG counts it."""
    low, high = sorted(float(light(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", [*RESULT.values(), *STATUS.values()])
def test_a_colour_stands_out_from_either_ground_and_carries_white_text(colour: str) -> None:
    assert min(contrast(colour, ground) for ground in GROUNDS) >= 3
    assert contrast(colour, "#ffffff") >= 4.5


@pytest.mark.parametrize("who", SEEN_BY)
def test_the_two_results_are_told_apart_by(who: str) -> None:
    drafted, amended = (np.array(SEEN_BY[who]) @ light(colour) for colour in RESULT.values())
    assert np.abs(drafted - amended).max() > 0.25


def test_each_thing_has_a_colour_of_its_own_and_each_part_of_a_bar_a_pattern() -> None:
    colours = [*RESULT.values(), *STATUS.values()]
    assert all(one != other for one, other in combinations(colours, 2))
    assert all(one.pattern != other.pattern for one, other in combinations(PARTS, 2))
