"""What an everyday click costs, beside a bare Streamlit page of as many widgets on default settings. Prints; asserts nothing.

    python tests/benchmarks/everyday.py [--only rerun crowd load clicks memory flat] [--quick]

Both sides take turns in one run, since the machine's speed drifts. What is measured, and how:

rerun   the server's time for a rerun, of one user over the wire: from the message being sent until the run is said to be done
crowd   20 and 50 users at once, a click a second each: how long until a click is done, counted from when it was due
load    from an empty cache to the first question in Chromium, on this machine and at 10 Mbit/s with 40 ms
clicks  in Chromium: until an answer shows, until Next shows the next page, and until the scorecard is there
memory  what a session adds to the server that has seen every page
flat    the server's memory over 10,000 reruns of one app

Ratios are ours to the bare page, which has pandas, plotly and pydantic loaded as any app like ours has. The bare page with
nothing loaded stands beside it, marked *. `--quick` is for trying the program out: a tenth of everything. All of it takes
some 25 minutes.
"""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]  # where what the next lines import stands

import argparse
import asyncio
from statistics import median, quantiles
from time import perf_counter

from everyday_browser import clicks, load
from sides import ANSWERS, Ours, Side, ratio, row, sides
from wire import User

CROWDS = ((20, 9), (50, 4))
"""How many users at once, and for how many seconds in each round: 540 and 600 clicks in all."""
ROUNDS = 3


def heading(what: str, found: list[Side]) -> None:
    print(what)
    row("", [each.name.replace(", nothing imported", "*") for each in found], "ours / bare")


# ------------------------------------------------------------------------------------------ one user
async def rerun_of(user: User, about: str, turn: int) -> float:
    """Milliseconds until an answer that was given is through."""
    before = perf_counter()
    await user.give(about, ANSWERS[turn % 2])
    return 1000 * (perf_counter() - before)


async def idle(user: User) -> float:
    """Milliseconds for the page as it stands."""
    before = perf_counter()
    await user.rerun()
    return 1000 * (perf_counter() - before)


async def step(user: User) -> float:
    """Milliseconds for Next, from a page to the next."""
    before = perf_counter()
    await user.next()
    return 1000 * (perf_counter() - before)


async def rerun(times: int) -> None:
    with sides() as found:
        users = [await each.arrive() for each in found]
        answers: list[list[float]] = [[] for _ in found]
        steps: list[list[float]] = [[] for _ in found]
        for turn in range(times):
            for side, user, taken in zip(found, users, answers, strict=True):
                taken.append(
                    await rerun_of(
                        user, user.widget(side.answer).key if isinstance(side, Ours) else "One.grade.0", turn
                    )
                )
        for _ in range(times // 4):
            for user, taken in zip(users, steps, strict=True):
                taken.append(await step(user))
                await user.back()
        heading("rerun: milliseconds on the server, medians", found)
        for what, figures, target in (("an answer on a page", answers, 0.3), ("Next, from page to page", steps, None)):
            middle = [median(each) for each in figures]
            row(what, [f"{each:.1f}" for each in middle], ratio(middle[0], middle[1], target))
        ours, user, base = found[0], users[0], median(answers[1])
        for title, cost in (await each_page(ours, user, times // 4)).items():
            row(f"{title}, as it stands", [f"{cost:.1f}"], ratio(cost, base))
        row(
            "seconds until the server answers",
            [f"{each.started_in:.2f}" for each in found],
            ratio(ours.started_in, found[1].started_in),
        )
        for each in users:
            await each.close()


async def each_page(ours: Side, user: User, times: int) -> dict[str, float]:
    """Every page of the wizard, run again as it stands."""
    costs: dict[str, float] = {}
    await ours.walk(user)
    while user.title not in costs:
        costs[user.title] = median([await idle(user) for _ in range(times)])
        if any(each.key.startswith("back.") for each in user.widgets.values()):
            await user.back()
    return dict(reversed(costs.items()))


# ------------------------------------------------------------------------------------------ many users
async def one_of_a_crowd(user: User, about: str, first: float, clicks: int) -> list[tuple[float, float]]:
    """Seconds until each click was done, since it was due and since it was made; a click waits for the one before."""
    done = []
    for turn in range(clicks):
        due = first + turn
        await asyncio.sleep(max(0.0, due - perf_counter()))
        made = perf_counter()
        await user.give(about, ANSWERS[turn % 2])
        done.append((perf_counter() - due, perf_counter() - made))
    return done


async def crowd_on(side: Side, people: int, clicks: int) -> list[tuple[float, float]]:
    users = [await side.arrive() for _ in range(people)]
    begin = perf_counter() + 1
    about = users[0].widget(side.answer).key if isinstance(side, Ours) else "One.grade.0"
    done = await asyncio.gather(
        *(one_of_a_crowd(each, about, begin + number / people, clicks) for number, each in enumerate(users))
    )
    for each in users:
        await each.close()
    return [click for each in done for click in each]


async def crowd(shrink: int) -> None:
    with sides() as found:
        heading(f"crowd: milliseconds until a click is done, medians of {ROUNDS} rounds", found)
        for people, seconds in CROWDS:
            rounds: list[list[list[tuple[float, float]]]] = [[] for _ in found]
            for _ in range(ROUNDS):
                for side, each in zip(found, rounds, strict=True):
                    each.append(await crowd_on(side, people, max(2, seconds // shrink)))
            for what, place, target in (("since it was due", 0, 0.1), ("since it was made", 1, None)):
                for called, part, wanted in (("p95", 18, target), ("median", 9, None)):
                    figures = [
                        median(1000 * quantiles([click[place] for click in each], n=20)[part] for each in taken)
                        for taken in rounds
                    ]
                    row(
                        f"{people} users, {called} {what}",
                        [f"{each:.0f}" for each in figures],
                        ratio(figures[0], figures[1], wanted),
                    )


# ------------------------------------------------------------------------------------------ memory
async def memory(sessions: int) -> None:
    with sides("ours", "bare") as found:
        grown = []
        for side in found:
            users = []
            for number in range(sessions + 5):  # the first few bring in what is loaded once
                users.append(await side.arrive())
                await side.walk(users[-1])
                if number == 4:
                    before = side.memory()
            grown.append((before, (side.memory() - before) / sessions))
            for each in users:
                await each.close()
        heading(f"memory: {sessions} sessions open that have seen every page", found)
        row("MiB of the server before", [f"{each / 2**20:.0f}" for each, _ in grown], ratio(grown[0][0], grown[1][0]))
        row(
            "KiB that a session adds",
            [f"{each / 2**10:.0f}" for _, each in grown],
            ratio(grown[0][1], grown[1][1], 1.5),
        )


async def flat(reruns: int) -> None:
    """Four users go to and fro between the first page and the scorecard, answering; every thousand reruns the memory is read."""
    with sides("ours") as [ours]:
        print("flat: memory of the app's server by the count of reruns")
        users = [await ours.arrive() for _ in range(4)]
        for each in users:
            await ours.walk(each)
        done, read = 0, [(0, ours.memory())]
        row("0", [f"{read[0][1] / 2**20:.1f} MiB"])
        while done < reruns:
            done += sum(await asyncio.gather(*(to_and_fro(each, done) for each in users)))
            if done // (reruns // 10) > (len(read) - 1):
                read.append((done, ours.memory()))
                row(f"{done:,}", [f"{read[-1][1] / 2**20:.1f} MiB"])
        last = read[len(read) // 2 :]
        row("bytes a rerun, over the last half", [f"{slope(last):.0f}"])
        for each in users:
            await each.close()


async def to_and_fro(user: User, turn: int) -> int:
    """From the scorecard back to the first question and on to the scorecard again, with an answer on each page; returns the reruns."""
    count = 0
    while user.title != "Your service":
        await user.back()
        count += 1
    while user.title != "Scorecard":
        for about in [f"grade.{each}" for each in user.asked("grade")[:1]]:
            await user.give(about, ANSWERS[turn % 2])
            await user.give(about.replace("grade", "note"), f"Note {turn} " + "of some length " * (turn % 20))
            count += 2
        await user.next()
        count += 1
    return count


def slope(points: list[tuple[int, int]]) -> float:
    """Least squares."""
    middle_x, middle_y = (sum(each[place] for each in points) / len(points) for place in (0, 1))
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread if spread else 0.0


def main() -> None:
    parts = {
        "rerun": lambda shrink: asyncio.run(rerun(80 // shrink)),
        "crowd": lambda shrink: asyncio.run(crowd(shrink)),
        "load": lambda shrink: load(9 if shrink == 1 else 2),
        "clicks": lambda shrink: clicks(9 if shrink == 1 else 2),
        "memory": lambda shrink: asyncio.run(memory(40 // shrink)),
        "flat": lambda shrink: asyncio.run(flat(10_000 // shrink)),
    }
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--only", nargs="+", choices=parts, default=list(parts))
    asked.add_argument("--quick", action="store_true")
    options = asked.parse_args()
    for each in options.only:
        parts[each](10 if options.quick else 1)


if __name__ == "__main__":
    main()
