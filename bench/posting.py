"""Posts a second to `@connections`: ours, boto3's client, and wrk as what this machine can do at all.

All against the same stand-in, in turns, plain and over TLS.
"""

from __future__ import annotations

import re
import resource
import subprocess
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import boto3
from botocore.config import Config

from bench import wrk
from bench.api_gateway import api_gateway, posting_to
from bench.certificate import write_certificate
from bench.command import Benchmark, Result, exit_with
from bench.report import paragraph, table
from bench.wrk import Wrk, WrkMissing
from deployed.terminal import CommandFailed, Steps
from openhouse.delivery.aws_gateway import AwsGateway
from openhouse.rooms.gateway import Delivery, Frame

BODY = b'{"commits":[%b]}' % (b"x" * 586)  # of the size of a usual commit
OURS, THEIRS, AT_MOST = "ours", "boto3", "wrk"
POSTS, POSTS_OF_BOTO3 = 20_000, 400  # of a turn
TURNS = 5
THREADS = (1, 8, 32)
WRK_SECONDS, WRK_CONNECTIONS = 2, 64
OVER_BOTO3, OVER_WRK, OF_BOTO3S_CPU = 40.0, 0.5, 1 / 20  # the goals
SOCKETS = 10_000


@dataclass(frozen=True)
class Turn:
    rate: float  # posts a second
    cpu: float  # microseconds of the client's CPU time a post, which a busy machine changes less


Way = Callable[[], Turn]


def measure(quick: bool, steps: Steps) -> Result:
    result: Result = {"turns": 1 if quick else TURNS}
    generator = None
    try:
        generator = wrk.find()
    except WrkMissing as missing:
        result["missing"] = str(missing)
    with tempfile.TemporaryDirectory() as directory:
        for scheme in ("http", "https"):
            certificate = write_certificate(Path(directory) / "server.pem") if scheme == "https" else None
            with (
                steps.step(f"posts over {scheme}") as tell,
                api_gateway(everyone=True, certificate=certificate) as api,
                posting_to(api.endpoint, trusted=certificate) as gateway,
            ):
                ways = _ways(api.endpoint, gateway, certificate, Path(directory), generator, quick=quick)
                found: dict[str, list[Turn]] = {name: [] for name in ways}
                for turn in range(result["turns"]):
                    for name, way in ways.items():
                        tell(f"turn {turn + 1}, {name}")
                        found[name].append(way())
                result[scheme] = {name: median(turn.rate for turn in turns) for name, turns in found.items()}
                result[f"{scheme} CPU"] = {name: median(turn.cpu for turn in turns) for name, turns in found.items()}
                if scheme == "http":
                    result["bytesASocket"] = _memory(gateway, 1_000 if quick else SOCKETS)
    return result


def _ways(
    endpoint: str,
    gateway: AwsGateway,
    certificate: Path | None,
    directory: Path,
    generator: Wrk | None,
    *,
    quick: bool,
) -> dict[str, Way]:
    posts, posts_of_boto3 = (500, 20) if quick else (POSTS, POSTS_OF_BOTO3)
    ways: dict[str, Way] = {OURS: lambda: _ours(gateway, posts)}
    for threads in THREADS:
        client = _boto3(endpoint, threads, certificate)
        ways[f"{THEIRS}, {threads} threads"] = lambda client=client, threads=threads: _theirs(  # type: ignore[misc]
            client, posts_of_boto3, threads
        )
    if generator is not None:
        script = directory / "post.lua"
        script.write_text(_script(), "ascii")
        ways[AT_MOST] = lambda: _wrk(generator, endpoint, script, 1 if quick else WRK_SECONDS)
    return ways


def _ours(gateway: AwsGateway, posts: int) -> Turn:
    delivery = Delivery([_id(number) for number in range(posts)], [Frame(BODY)])
    began, worked = time.perf_counter(), time.process_time()
    (missed,) = gateway.post([delivery])
    took, work = time.perf_counter() - began, time.process_time() - worked
    if missed:
        raise CommandFailed(f"{len(missed)} of {posts} posts failed.")
    return Turn(posts / took, 1e6 * work / posts)


def _boto3(endpoint: str, threads: int, certificate: Path | None) -> Any:
    return boto3.Session().client(
        "apigatewaymanagementapi",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        verify=str(certificate) if certificate else None,
        config=Config(max_pool_connections=threads),
    )


def _theirs(client: Any, posts: int, threads: int) -> Turn:
    with ThreadPoolExecutor(threads) as pool:
        began, worked = time.perf_counter(), time.process_time()
        for _ in pool.map(lambda number: client.post_to_connection(ConnectionId=_id(number), Data=BODY), range(posts)):
            pass
        return Turn(posts / (time.perf_counter() - began), 1e6 * (time.process_time() - worked) / posts)


def _script() -> str:
    """The same request over and over, with headers of the length of ours: wrk signs nothing."""
    authorization = f"AWS4-HMAC-SHA256 Credential={'k' * 60}, SignedHeaders=host;x-amz-date, Signature={'0' * 64}"
    return (
        'wrk.method = "POST"\n'
        f'wrk.path = "/live/@connections/{_id(0).replace("=", "%3D")}"\n'
        f"wrk.body = [[{BODY.decode()}]]\n"
        'wrk.headers["X-Amz-Date"] = "20260302T120000Z"\n'
        f'wrk.headers["Authorization"] = "{authorization}"\n'
    )


def _wrk(generator: Wrk, endpoint: str, script: Path, seconds: int) -> Turn:
    """Once more, for longer, where the handshakes alone took all of the time."""
    turn = _wrk_once(generator, endpoint, script, seconds) or _wrk_once(generator, endpoint, script, 10 * seconds)
    if turn is None:
        raise CommandFailed("wrk had no answer in time: the machine is too busy.")
    return turn


def _wrk_once(generator: Wrk, endpoint: str, script: Path, seconds: int) -> Turn | None:
    arguments = ["-t1", f"-c{WRK_CONNECTIONS}", f"-d{seconds}s", "-s", str(script), endpoint]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command, environment = [generator.command, *arguments], dict(generator.environment)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if done.returncode or not found or "Non-2xx" in done.stdout:
        raise CommandFailed(f"wrk says: {done.stdout.strip()} {done.stderr.strip()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    rate = float(found[1])
    return Turn(rate, 1e6 * work / (rate * seconds)) if rate else None


def _memory(gateway: AwsGateway, sockets: int) -> float:
    """Bytes a socket, at the most, while so many are posted to: what the call itself takes."""
    delivery = Delivery([_id(number) for number in range(sockets)], [Frame(BODY)])
    gateway.post([delivery])
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        gateway.post([delivery])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return (peak - before) / sockets


def _id(number: int) -> str:
    return f"L{number:014x}="


def best_of_boto3(rates: Mapping[str, float]) -> float:
    return max(rate for name, rate in rates.items() if name.startswith(THEIRS))


def report(result: Mapping[str, Any]) -> str:
    rows = []
    for scheme in ("http", "https"):
        rates, work = result[scheme], result[f"{scheme} CPU"]
        for name in [*rates, *([] if AT_MOST in rates else [AT_MOST])]:
            rate = rates.get(name)
            how = f"{scheme}: {name}"
            if rate is None:
                rows.append([how, "not measured", "", ""])
                continue
            ratio = "" if name == OURS else f"{rates[OURS] / rate:.1f}x"
            rows.append([how, f"{rate:,.0f}", ratio, f"{work[name]:,.1f}"])
    about = paragraph(
        f"Posts a second to the same `@connections` in a process of its own, {len(BODY)} bytes each; medians of "
        f"{result['turns']} turns. wrk sends one and the same request over and over and signs nothing: what this "
        "machine and the stand-in can do at all. CPU is the client's, in microseconds."
    )
    goals = "\n".join(_goals(result))
    goals += f"\nwrk was not measured: {result['missing']}." if "missing" in result else ""
    memory = f"Memory of one call, at the most: {result['bytesASocket']:,.0f} bytes a socket."
    return f"{about}\n\n{table(['', 'posts a second', 'ours is', 'CPU us a post'], rows)}\n\n{goals}\n\n{memory}"


def _goals(result: Mapping[str, Any]) -> list[str]:
    lines = []
    for scheme in ("http", "https"):
        rates = result[scheme]
        ratio = rates[OURS] / best_of_boto3(rates)
        lines.append(f"Goal, {scheme}: {OVER_BOTO3:.0f}x boto3's best: {ratio:.0f}x, {_met(ratio, OVER_BOTO3)}.")
        if AT_MOST in rates:
            ratio = rates[OURS] / rates[AT_MOST]
            lines.append(f"Goal, {scheme}: {OVER_WRK:.1f}x wrk: {ratio:.2f}x, {_met(ratio, OVER_WRK)}.")
        work = result[f"{scheme} CPU"]
        least = min(each for name, each in work.items() if name.startswith(THEIRS)) / work[OURS]
        goal = 1 / OF_BOTO3S_CPU
        lines.append(f"Goal, {scheme}: a post for 1/{goal:.0f} of boto3's CPU: 1/{least:.0f}, {_met(least, goal)}.")
    return lines


def _met(ratio: float, goal: float) -> str:
    return "met" if ratio >= goal else "missed"


BENCHMARK = Benchmark("posting", "Measure posts a second: ours, boto3's client and wrk.", measure, report)

if __name__ == "__main__":
    exit_with(BENCHMARK.run)
