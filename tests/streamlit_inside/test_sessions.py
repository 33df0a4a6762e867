"""Many users at once, over the wire: nobody ever sees another's answers, and nobody's answers reach the server's log."""

import asyncio
import json
import os
import random
import re
import subprocess
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from unittest.mock import patch
from urllib.error import HTTPError

import pytest
from browser import Server, served
from wire import Failed, User

from scoring.documents.words import ANSWER
from scoring.form.questions import load_questionnaire
from scoring.rules.load import load
from scoring.rules.model import Rules
from scoring.rules.profile import every_profile
from scoring.score.assessment import Answer, Assessment, all_requirements, allowed_grades
from scoring.score.assessment_file import to_json
from scoring.score.scorecard import scorecard
from scoring.score.scorecard_file import csv_bytes

AT_ONCE = 20


@dataclass
class Somebody:
    """A user, what they have to say, what only they have to say, and what they have seen."""

    given: Assessment
    secrets: tuple[bytes, ...]
    user: User
    seen: bytearray = field(default_factory=bytearray)
    csv: bytes = b""
    json: bytes = b""


# ------------------------------------------------------------------------------------------ what each one says
@cache
def everybody() -> list[Assessment]:
    """Twenty services of all three codes, no two alike: the profile, the technologies, the grades, and every word of text."""
    rules, chance = load(), random.Random(20)
    by_code: dict[str, list[dict[str, str]]] = {}
    for facts in every_profile(rules.facts):
        profile = {
            fact.id: facts[fact.id] for fact in rules.facts if fact.id in facts and not fact.derived_from_technologies
        }
        of_its_code = by_code.setdefault(rules.code_of(facts).id, [])
        if profile not in of_its_code and any(
            row.drafted_owed or row.amended_owed for row in scorecard(rules, _assessment(rules, profile)).rows
        ):
            of_its_code.append(profile)
    drawn = [
        profile for profiles in by_code.values() for profile in chance.sample(profiles, -(-AT_ONCE // len(by_code)))
    ][:AT_ONCE]
    return [_somebody(rules, profile, f"{number:02d}", chance) for number, profile in enumerate(drawn)]


def _assessment(rules: Rules, profile: dict[str, str], **said: object) -> Assessment:
    return Assessment(
        rulebook=rules.version, saved_at="2026-11-22T00:00:00+00:00", profile=profile, **{"service_name": "", **said}
    )


def _somebody(rules: Rules, profile: dict[str, str], number: str, chance: random.Random) -> Assessment:
    """One of them. All text has their number in it; its stop sees to it that none begins another's."""
    rows = scorecard(rules, _assessment(rules, profile)).rows
    asked = {row.requirement for row in rows if row.drafted_owed or row.amended_owed}
    technologies = (
        {each.id: f"Reason-{number}-{each.id}." for each in rules.technologies if chance.random() < 0.5}
        if profile.get("capable") == "no"
        else {}
    )
    answers = {
        each.id: Answer(
            grade=chance.choice(allowed_grades(each)), note=chance.choice(("", f"Note-{number}-{each.id}."))
        )
        for each in all_requirements(rules)
        if each.id in asked
    }
    return _assessment(rules, profile, service_name=f"Name-{number}.", technologies=technologies, answers=answers)


def said_by(given: Assessment) -> tuple[bytes, ...]:
    """What only this user typed."""
    return tuple(
        text.encode()
        for text in (given.service_name, *given.technologies.values(), *(each.note for each in given.answers.values()))
        if text
    )


def words_of(about: str, given: Assessment) -> str | bool:
    """What a widget is to be given: the words of an option, the text, or a tick; empty or false where it is to be left alone."""
    kind, _, what = about.partition(".")
    match kind:
        case "name":
            return given.service_name
        case "fact":
            return load_questionnaire().of(what).choices[given.profile[what]]
        case "grade":
            return ANSWER[given.answers[what].grade]
        case "note":
            return given.answers[what].note
        case "examined":
            return what in given.technologies
        case "reason":
            return given.technologies[what]
        case _:  # a button
            return ""


# ------------------------------------------------------------------------------------------ what each one does
async def walk(user: User, given: Assessment) -> None:
    """From the start page to the scorecard by Next, answering everything that is asked, as it is asked."""
    await user.press("start")
    while user.title != "Scorecard":
        while left := [
            (each.about, said)
            for each in user.widgets.values()
            if not each.value and (said := words_of(each.about, given))
        ]:
            await user.give(*left[0])
        before = user.title
        await user.next()
        assert user.title != before, f"Next does not lead on from {before!r}: {user.text}"


async def all_at_once(address: str, people: list[Somebody]) -> None:
    """Everybody is there before anybody begins, and nobody leaves before everybody has their scorecard."""
    together = asyncio.Barrier(len(people))

    async def one(somebody: Somebody) -> None:
        await somebody.user.open()
        await together.wait()
        await walk(somebody.user, somebody.given)
        await together.wait()
        somebody.csv = await somebody.user.download("csv")
        somebody.json = await somebody.user.download("json")
        somebody.seen += somebody.csv + somebody.json + await somebody.user.download("report")

    async with asyncio.TaskGroup() as group:
        for each in people:
            group.create_task(one(each))


def as_of_the_day(csv: bytes) -> bytes:
    """A scorecard's CSV without the day on which it was made, which ends each row."""
    return re.sub(rb",\d{4}-\d\d-\d\d$", b"", csv, flags=re.M)


def as_of_the_moment(saved: bytes) -> dict:
    """Saved answers without the moment at which they were saved."""
    return {**json.loads(saved), "saved_at": ""}


# ------------------------------------------------------------------------------------------ nobody sees another's
@pytest.fixture(scope="module")
def people(server: Server, rules: Rules) -> list[Somebody]:
    """Twenty users, each of whom has been to their scorecard while all the others were."""
    found = []
    for given in everybody():
        somebody = Somebody(given, said_by(given), User(server.address))
        somebody.user.hears = somebody.seen.extend
        found.append(somebody)

    async def come_and_go() -> None:
        await all_at_once(server.address, found)
        for each in found:
            await each.user.close()

    asyncio.run(come_and_go())
    return found


def test_the_twenty_users_differ_in_everything_and_have_services_of_every_code(
    people: list[Somebody], rules: Rules
) -> None:
    assert len(people) == AT_ONCE
    assert {rules.code_of(each.given.facts(rules)).id for each in people} == {each.id for each in rules.codes}
    for what in ("service_name", "profile", "answers"):
        assert len({repr(getattr(each.given, what)) for each in people}) == AT_ONCE
    assert len({each.user.session for each in people}) == AT_ONCE
    secrets = [secret for each in people for secret in each.secrets]
    assert len(secrets) == len(set(secrets))
    assert any(each.given.technologies for each in people)


def test_each_of_twenty_users_at_once_gets_the_scorecard_of_their_own_answers_alone(
    people: list[Somebody], rules: Rules
) -> None:
    for each in people:
        assert as_of_the_day(each.csv) == as_of_the_day(csv_bytes(scorecard(rules, each.given)))
        assert as_of_the_moment(each.json) == as_of_the_moment(to_json(each.given, rules))
    assert len({each.csv for each in people}) == AT_ONCE


def test_nothing_that_a_user_is_ever_sent_holds_a_word_of_anothers_answers(people: list[Somebody]) -> None:
    for each in people:
        assert [
            secret for secret in each.secrets if secret not in each.seen
        ] == []  # or there would be nothing to find in the others
        assert [
            secret for other in people if other is not each for secret in other.secrets if secret in each.seen
        ] == []


def test_a_download_has_an_address_of_its_own_that_nobody_can_guess(server: Server, rules: Rules) -> None:
    first, second = everybody()[:2]

    async def go() -> None:
        one, other = await User(server.address).open(), await User(server.address).open()
        for user, given in ((one, first), (other, second)):
            await walk(user, given)
        for what in ("csv", "json"):
            addresses = [user.widget(what).url for user in (one, other)]
            assert addresses[0] != addresses[1]
            assert all(re.fullmatch(r"/media/[0-9a-f]{32}\.\w+", each) for each in addresses)
            mine, theirs = await one.download(what), await other.download(what)
            assert first.service_name.encode() in mine and second.service_name.encode() not in mine
            assert second.service_name.encode() in theirs and first.service_name.encode() not in theirs
        for user, made in ((one, first), (other, second)):
            assert re.fullmatch(r"[0-9a-f]{32}", user.widget("report").deferred)
            assert made.service_name.encode() in await user.download("report")
        one.widget("report").deferred = "0" * 32
        with pytest.raises(Failed):
            await one.download("report")
        one.widget("csv").url = "/media/" + "0" * 32 + ".csv"
        with pytest.raises(HTTPError, match="404"):
            await one.download("csv")
        await one.close()
        await other.close()

    asyncio.run(go())


def test_whoever_lost_the_connection_comes_back_to_their_own_answers_and_nobody_else_does(
    server: Server, rules: Rules
) -> None:
    first, second = everybody()[:2]

    async def go() -> None:
        one, other = await User(server.address).open(), await User(server.address).open()
        for user, given in ((one, first), (other, second)):
            await walk(user, given)
            await user.back()
        await one.drop()
        await other.drop()
        sessions = one.session, other.session
        stranger = await User(server.address).open("check")
        guess = await User(server.address, session="00000000-0000-4000-8000-000000000000").open("check")
        for each in (stranger, guess):
            assert each.session not in (*sessions, "00000000-0000-4000-8000-000000000000")
            assert "Name-" not in each.text and "Note-" not in each.text
        for user, given, unlike in ((one, first, second), (other, second, first)):
            await user.open()
            assert user.title == "Check your answers"
            assert given.service_name in user.text and unlike.service_name not in user.text
            await user.next()
            assert as_of_the_day(await user.download("csv")) == as_of_the_day(csv_bytes(scorecard(rules, given)))
        assert (one.session, other.session) == sessions
        for each in (one, other, stranger, guess):
            await each.close()

    asyncio.run(go())


# ------------------------------------------------------------------------------------------ nothing is logged
@pytest.mark.slow
def test_neither_answers_nor_errors_put_a_word_that_a_user_typed_into_the_servers_log(
    tmp_path: Path, rules: Rules
) -> None:
    given = next(each for each in everybody() if each.technologies)
    log = tmp_path / "log"

    async def go(address: str) -> None:
        user = await User(address).open()
        await walk(user, given)
        for what in ("csv", "json", "report"):
            await user.download(what)
        await user.back()
        check = user.page
        while user.title != "Your service":
            await user.back()
        asked = user.asked("fact")[-1]
        user.widget(
            f"fact.{asked}"
        ).value = (
            given.service_name
        )  # which no browser says, so that the page of all answers fails over it, and says so
        await user.rerun()
        user.page = check
        await user.rerun()
        assert "Something went wrong" in user.text
        await user.close()

    with log.open("wb") as file:
        started = partial(subprocess.Popen, env={**os.environ, "PYTHONUNBUFFERED": "1"})
        with (
            patch.object(
                subprocess, "Popen", lambda command, cwd, **_: started(command, cwd=cwd, stdout=file, stderr=file)
            ),
            served() as server,
        ):
            asyncio.run(go(server.address))
    said = log.read_bytes()
    assert b"KeyError" in said  # the error did reach the log
    assert [secret for secret in said_by(given) if secret in said] == []
