"""How long a change takes on AWS until a colleague's browser has it: modelled, as nothing here was measured there.

The functions' own code is run for one change and recorded step by step (`recorded.py`): its CPU time on this machine,
its AWS calls in their order, its posts, and the client's own ordering and cache. What AWS adds is drawn, for each
change anew, from the distributions of `local/aws_like/measures.py`, on a clock that is only counted (`replay.py`).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import fmean, quantiles
from typing import Any

from bench.command import Benchmark, Result, exit_with
from bench.delays import delay_of
from bench.recorded import Change, Recording, record
from bench.replay import Posting, Replay
from bench.report import paragraph, table
from bench.trace import INVOKE, Call, Posts, Step, Together, Trace, Work
from deployed.terminal import Steps
from local.aws_like import measures
from openhouse.functions import FUNCTIONS

MEMBERS = (3, 30, 200)
RECORDED, MODELLED = 5, 1_000  # changes of each number of members
SEED = 1
GOAL_P50, GOAL_P95 = 100.0, 200.0  # ms, at 3 members, warm
MOST_ADDED = 15.0  # ms that the writer's answer may come later
MEMORY = {function.name: function.memory_mb for function in FUNCTIONS}

COMMITTED = "TransactWriteItems"  # the call that ends with the commit written
HAND_OVER = Call(INVOKE)
ONE_BY_ONE = (Call("GetItem"), Call("Query"), Call("BatchGetItem"), Call("BatchGetItem"))
BEFORE = ("network there, API Gateway", "authorizer", "crm: invocation", "crm: until its commit")  # what it waits for


@dataclass(frozen=True)
class Written:
    """A change up to its commit, in seconds from the PATCH's start. `way_back`: of the answer, to the browser."""

    committed: float
    way_back: float
    parts: Mapping[str, float]


@dataclass(frozen=True)
class Delivered:
    """`answered`: when the writer's browser has its answer; `arrived`: when each browser shows the change."""

    answered: float
    arrived: Sequence[float]
    parts: Mapping[str, float]  # of the way to the first of them


class World:
    """AWS, for one change: every delay is drawn afresh."""

    def __init__(self, change: Change, recording: Recording, randomness: random.Random, *, cold: bool) -> None:
        self.change = change
        self.randomness = randomness
        self._recording = recording
        self._starts = recording.starts
        self._posting = recording.posting
        self._cold = cold
        self._started: set[str] = set()

    def without_code(self) -> World:
        """The same in which our own code takes no time: what is left is AWS and the network."""
        traces = {name: _calls_of(trace) for name, trace in self.change.traces.items()}
        bare = replace(self._recording, starts=dict.fromkeys(self._starts, 0.0), posting=Posting(0.0, 0.0))
        return World(replace(self.change, traces=traces, client=0.0), bare, self.randomness, cold=self._cold)

    def one_way(self) -> float:
        return measures.NETWORK_ROUND_TRIP.sample(self.randomness) / 2

    def invoked(self, function: str, at: float) -> Replay:
        """The function at the beginning of its own code."""
        replay = self.running(function, at + measures.INVOCATION.sample(self.randomness))
        if self._cold and function not in self._started:
            self._started.add(function)
            replay.now += measures.COLD_START.sample(self.randomness) + self._starts[function]
        return replay

    def running(self, function: str, at: float) -> Replay:
        return Replay(at, MEMORY[function], self._posting, self.randomness, cold=self._cold)

    def authorized(self, at: float) -> float:
        """When API Gateway knows whose the token is: it keeps that for five minutes."""
        return self.asked(at) if self._cold else at

    def asked(self, at: float) -> float:
        """When the authorizer has said so."""
        return self.invoked("authorizer", at).run(self.change.traces["authorizer"]).now

    def delivered(self, replay: Replay, written: Written, answered: float, begun: float) -> Delivered:
        """Once the posts are replayed. `answered`: when the writer's function has done so."""
        arrived = [at + self.one_way() + self.change.client for at in replay.arrivals]
        parts = {
            **written.parts,
            "hand-over": begun - written.committed,
            "members, limit": replay.posts_began - begun,
            "post": replay.arrivals[0] - replay.posts_began,
            "network back, client": arrived[0] - replay.arrivals[0],
        }
        return Delivered(answered + written.way_back, arrived, parts)


def written(world: World) -> Written:
    """From the browser through API Gateway and both functions to the commit."""
    there = world.one_way() + measures.HTTP_API.sample(world.randomness)
    authorized = world.authorized(there)
    crm = world.invoked("crm", authorized)
    begun = crm.now
    before, _ = _divided(world.change.traces["crm"])
    committed = crm.run(before).now
    parts = (there, authorized - there, begun - authorized, committed - begun)
    return Written(committed, world.one_way(), dict(zip(BEFORE, parts, strict=True)))


def _divided(trace: Trace) -> tuple[Trace, Trace]:
    """Until the commit is written, and after it."""
    places = [place for place, step in enumerate(trace) if isinstance(step, Call) and step.operation == COMMITTED]
    return trace[: places[-1] + 1], trace[places[-1] + 1 :]


def _calls_of(trace: Trace) -> Trace:
    """Without the function's own work."""
    kept: list[Step] = []
    for step in trace:
        match step:
            case Together():
                kept.append(Together(tuple(map(_calls_of, step.branches))))
            case Call() | Posts():
                kept.append(step)
            case Work():
                pass
    return tuple(kept)


def _answering(world: World) -> Trace:
    """What the writer's function does after the commit, without handing it over."""
    return tuple(step for step in _divided(world.change.traces["crm"])[1] if step != HAND_OVER)


Lane = Callable[[World, Written], Delivered]


def by_stream(world: World, change: Written) -> Delivered:
    """Lambda polls the stream, and calls the fan-out."""
    poll = world.randomness.uniform(0, 1 / measures.STREAM_POLLS_PER_SECOND.value)
    seen = change.committed + measures.INTO_THE_STREAM.sample(world.randomness) + poll
    fanout = world.invoked("fanout", seen)
    begun = fanout.now
    fanout.run(world.change.traces["fanout"])
    answered = world.running("crm", change.committed).run(_answering(world)).now
    return world.delivered(fanout, change, answered, begun)


def by_invocation(world: World, change: Written, *, queued: bool = False, lane: Trace | None = None) -> Delivered:
    """The writer's function hands the commit to the fast lane, and answers without waiting for what becomes of it.

    `queued`: by an asynchronous invocation, which is answered when it lies in Lambda's queue. `lane`: what that does.
    """
    crm = world.running("crm", change.committed).run(_divided(world.change.traces["crm"])[1])
    accepted = measures.ASYNC_ACCEPTED.sample(world.randomness) if queued else 0.0
    fast = world.invoked("fast_lane", crm.ends[INVOKE] + accepted + (_queued(world) if queued else 0.0))
    begun = fast.now
    fast.run(lane or world.change.traces["fast_lane"])
    return _or_by_stream(world, change, fast, crm.now + accepted, begun)


def with_a_new_token(world: World, change: Written) -> Delivered:
    """As it is, when API Gateway has to ask the authorizer first: all else is later by that."""
    took = world.asked(change.committed) - change.committed if not change.parts["authorizer"] else 0.0
    return _later(by_invocation(world, change), "authorizer", took)


def reading_one_by_one(world: World, change: Written) -> Delivered:
    """As it is, without reading ahead: who calls, where the record is, the record, the head."""
    before, _ = _divided(world.change.traces["crm"])
    calls = [step for step in before if isinstance(step, Call) and step.operation != COMMITTED]
    together = sum(delay_of(call.operation, call.items).p50 for call in calls)
    each = sum(delay_of(call.operation, call.items).sample(world.randomness) for call in ONE_BY_ONE)
    return _later(by_invocation(world, change), "crm: until its commit", max(0.0, each - together / 1000))


def without_our_code(world: World, _change: Written) -> Delivered:
    """As it is, if our own code took no time."""
    bare = world.without_code()
    return by_invocation(bare, written(bare))


def _later(found: Delivered, part: str, seconds: float) -> Delivered:
    parts = {**found.parts, part: found.parts[part] + seconds}
    return Delivered(found.answered + seconds, [at + seconds for at in found.arrived], parts)


def with_members_told(world: World, change: Written) -> Delivered:
    """The writer's function asks for the members while its transaction runs, and hands them over with the commit."""
    return by_invocation(world, change, lane=_without_members(world.change.traces["fast_lane"]))


def by_writer(world: World, change: Written, *, answers_first: bool = False) -> Delivered:
    """The writer's function posts by itself, then answers."""
    crm = world.running("crm", change.committed).run(world.change.traces["fast_lane"])
    begun = change.committed if answers_first else crm.now
    answered = world.running("crm", begun).run(_answering(world)).now
    return _or_by_stream(world, change, crm, answered, change.committed)


def _without_members(lane: Trace) -> Trace:
    """What the lane does without asking who is in the room: that comes before the posts."""
    posts = next(place for place, step in enumerate(lane) if isinstance(step, Posts))
    return tuple(step for place, step in enumerate(lane) if place >= posts or isinstance(step, Work))


def _queued(world: World) -> float:
    """From Lambda's queue to the function: the measure holds the invocation of a warm one."""
    return max(0.0, measures.ASYNC_HANDOVER.sample(world.randomness) - measures.INVOCATION.p50 / 1000)


def _or_by_stream(world: World, change: Written, fast: Replay, answered: float, begun: float) -> Delivered:
    """What the stream's function finds unmarked it posts, too: a browser shows what comes first."""
    found = world.delivered(fast, change, answered, begun)
    stream = by_stream(world, change)
    looked = change.committed + stream.parts["hand-over"]
    if looked > fast.now:
        return found
    return Delivered(found.answered, [*map(min, found.arrived, stream.arrived)], found.parts)


LANES: dict[str, Lane] = {
    "stream": by_stream,
    "invoked": by_invocation,
    "new token": with_a_new_token,
    "one by one": reading_one_by_one,
    "AWS alone": without_our_code,
    "members told": with_members_told,
    "queued": partial(by_invocation, queued=True),
    "writer, then answer": by_writer,
    "answer, then writer": partial(by_writer, answers_first=True),
}
ABOUT = {
    "stream": "without the fast lane: Lambda polls the stream four times a second and calls the fan-out.",
    "invoked": "the fast lane as it is: the writer's function invokes its function, does not wait for it, and answers.",
    "new token": "the same, for the first request of a token in five minutes: the authorizer is asked.",
    "one by one": "the same without reading ahead, as for who is in many teams.",
    "AWS alone": "the same if our own code took no time: what is left is AWS and the network.",
    "members told": "not built: the writer's function reads the members while it writes, and hands them over too.",
    "queued": "not built: the same by an asynchronous invocation, through Lambda's own queue.",
    "writer, then answer": "not built: the writer's function does the lane's work itself, then answers.",
    "answer, then writer": "not built: a thread of it does, while the answer leaves; an internal extension keeps the "
    "sandbox awake until then.",
}


def model(recording: Recording, changes: int, seed: int) -> list[Result]:
    """One row for each lane, number of members and temperature. The same write for every lane."""
    rows: list[Result] = []
    for cold in (False, True):
        for members, recorded in recording.changes.items():
            found: dict[str, list[Delivered]] = defaultdict(list)
            for number in range(changes):
                change = recorded[number % len(recorded)]
                for name, lane in LANES.items():
                    # The first draws are those of the write, and so the same for every lane.
                    randomness = random.Random(f"{seed} {members} {cold} {number}")
                    world = World(change, recording, randomness, cold=cold)
                    found[name].append(lane(world, written(world)))
            rows += [_row(name, members, delivered, found["stream"], cold=cold) for name, delivered in found.items()]
    return rows


GAPS = (0.02, 0.1, 0.5)  # seconds between two commits to a room
PATIENCE = 1.0  # seconds after which a client asks for what it misses, at the earliest


def race(recording: Recording, members: int, changes: int, seed: int) -> list[Result]:
    """Two commits to a room, the fast lane taking each by itself: which comes first, and how long the other waits.

    And when the lane loses the first: how long the second waits for the stream.
    """
    recorded = recording.changes[members]
    rows: list[Result] = []
    for gap in GAPS:
        ahead, waits, gaps = 0, [], []
        for number in range(changes):
            randomness = random.Random(f"{seed} {gap} {number}")
            world = World(recorded[number % len(recorded)], recording, randomness, cold=False)
            first, second = (by_invocation(world, _committed(at)).arrived[0] for at in (0.0, gap))
            stream = by_stream(world, _committed(0.0)).arrived[0]
            if first > second:
                ahead += 1
                waits.append(min(first, stream) - second)
            gaps.append(max(0.0, stream - second))
        rows.append(
            {
                "gap": 1000 * gap,
                "overtakes": ahead / changes,
                "waits": _percentiles(waits) if len(waits) > 1 else None,
                "gaps": _percentiles(gaps),
                "needless": sum(wait > PATIENCE for wait in gaps) / changes,
            }
        )
    return rows


def _committed(at: float) -> Written:
    return Written(at, 0.0, dict.fromkeys(BEFORE, 0.0))


def _row(name: str, members: int, found: Sequence[Delivered], without: Sequence[Delivered], *, cold: bool) -> Result:
    """In milliseconds. `without`: the same writes without the fast lane."""
    added = [max(0.0, each.answered - other.answered) for each, other in zip(found, without, strict=True)]
    return {
        "lane": name,
        "members": members,
        "cold": cold,
        "answered": _percentiles([each.answered for each in found]),
        "added": _percentiles(added),
        "frame": _percentiles([at for each in found for at in each.arrived]),
        "last": _percentiles([max(each.arrived) for each in found]),
        "parts": {part: 1000 * fmean(each.parts[part] for each in found) for part in found[0].parts},
    }


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    cuts = quantiles(seconds, n=100, method="inclusive")
    return {"p50": 1000 * cuts[49], "p95": 1000 * cuts[94], "p99": 1000 * cuts[98]}


def measure(quick: bool, steps: Steps, seed: int = SEED) -> Result:
    members, recorded, modelled = (MEMBERS[:1], 1, 100) if quick else (MEMBERS, RECORDED, MODELLED)
    with steps.step("recording what a change does") as tell:
        recording = record(members, recorded, tell)
    with steps.step(f"{modelled:,} changes of each kind on AWS's clock"):
        rows = model(recording, modelled, seed)
        races = race(recording, members[0], 20 * modelled, seed)
    sample = recording.changes[members[0]][0].traces
    return {
        "seed": seed,
        "modelled": modelled,
        "starts": {name: 1000 * seconds for name, seconds in recording.starts.items()},
        "calls": {name: calls(trace) for name, trace in sample.items()},
        "rows": rows,
        "races": races,
    }


def report(result: Mapping[str, Any]) -> str:
    rows = result["rows"]
    about = paragraph(
        "Modelled, not measured on AWS: the functions' own code and CPU time, AWS's delays from "
        f"local/aws_like/measures.py. {result['modelled']:,} changes of each kind, seed {result['seed']}. Milliseconds "
        "from the start of a PATCH in the writer's browser: until the writer has the answer, until a member's browser "
        "shows the change (all members taken together), until the last one does. 'added': to the same answer without "
        "the fast lane. Cold: every function of the change has to be started first, and every connection opened."
    )
    lanes = "\n".join(f"  {name:22}{text}" for name, text in ABOUT.items())
    titles = ["", "answer p50", "p95", "added p50", "p95", "frame p50", "p95", "p99", "last p50", "p95"]
    measured = table(titles, [_cells(row) for row in rows])
    warm = [row for row in rows if row["members"] == rows[0]["members"] and not row["cold"]]
    verdicts = "\n".join(_verdict(row) for row in warm)
    names = list(dict.fromkeys(part for row in warm for part in row["parts"]))
    where = table(
        [f"{warm[0]['members']} members, warm", *(row["lane"] for row in warm)],
        [[part, *(f"{row['parts'][part]:.0f}" for row in warm)] for part in names],
    )
    races = table(
        ["two commits", "overtakes", "then waits p50", "p99", "a gap lasts p50", "p99", "asked for"],
        [_race_cells(row) for row in result["races"]],
    )
    made = "\n".join(f"  {name:18}{', '.join(found)}" for name, found in result["calls"].items())
    starts = ", ".join(f"{name} {milliseconds:.0f}" for name, milliseconds in result["starts"].items())
    return "\n\n".join(
        [
            about,
            lanes,
            measured,
            verdicts,
            "Where the time until the first browser goes, means in ms:\n\n" + where,
            ABOUT_RACES + "\n\n" + races,
            f"AWS calls, one after the other unless in brackets:\n\n{made}",
            f"CPU ms of a start on this machine, cold only: {starts}. A function has its memory's share of a CPU.",
        ]
    )


def _cells(row: Mapping[str, Any]) -> list[str]:
    figures = [(row["answered"], "p50 p95"), (row["added"], "p50 p95"), (row["frame"], "p50 p95 p99")]
    cells = [f"{found[name]:.0f}" for found, names in [*figures, (row["last"], "p50 p95")] for name in names.split()]
    return [f"{row['members']} members, {'cold' if row['cold'] else 'warm'}: {row['lane']}", *cells]


ABOUT_RACES = """\
Two commits to a small room: how often the later one comes first, and how long it waits then for the other. And when the
lane loses the earlier one: how long the later one waits for the stream, and how often a client asks before that."""


def _race_cells(row: Mapping[str, Any]) -> list[str]:
    waits = [f"{row['waits'][name]:.0f}" for name in ("p50", "p99")] if row["waits"] else ["", ""]
    gaps = [f"{row['gaps'][name]:.0f}" for name in ("p50", "p99")]
    return [f"{row['gap']:.0f} ms apart", f"{row['overtakes']:.1%}", *waits, *gaps, f"{row['needless']:.2%}"]


def _verdict(row: Mapping[str, Any]) -> str:
    frame, added = row["frame"], row["added"]
    met = frame["p50"] < GOAL_P50 and frame["p95"] < GOAL_P95
    return (
        f"  {row['lane']:22}p50 {frame['p50']:.0f} of {GOAL_P50:.0f} ms, p95 {frame['p95']:.0f} of {GOAL_P95:.0f} ms: "
        f"{'met' if met else 'missed'}; adds {added['p50']:.0f} of {MOST_ADDED:.0f} ms to the answer: "
        f"{'met' if added['p50'] <= MOST_ADDED else 'missed'}"
    )


def calls(trace: Trace) -> list[str]:
    """The AWS calls of a trace in words; those that run side by side in brackets."""
    found: list[str] = []
    for step in trace:
        match step:
            case Call():
                found.append(step.operation if step.items == 1 else f"{step.operation} of {step.items}")
            case Posts():
                found.append(f"{step.count} posts")
            case Together():
                inner = [call for branch in step.branches for call in calls(branch)]
                found += inner if len(inner) < 2 else [f"({', '.join(inner)})"]
            case Work():
                pass
    return found


BENCHMARK = Benchmark(
    "aws_model", "Model how long a change takes on AWS, with and without a fast lane.", measure, report
)

if __name__ == "__main__":
    exit_with(BENCHMARK.run)
