"""How much of the engine's own speed the server hands on, and what it does when more comes than it can do.

In turns: `glimpse embed` over many copies of an input (the time of the start taken off), and wrk against `glimpse serve` with enough connections
that batches form. Then four times as many requests as were answered a second, each connection pausing between its own: what is accepted has to
be answered, the rest has to be told to come back, and memory has to stay where it is.

Needs: wrk. Run: python load_server.py --glimpse FILE --picture FILE [--model NAME] [--rounds 3]
"""

import argparse
import json
import os
import pathlib
import re
import resource
import socket
import subprocess
import tempfile
import time
import typing
import urllib.request
from statistics import median

SCRIPT = pathlib.Path(__file__).with_name("load.lua")
QUEUE = 64
CONNECTIONS = {"text": 64, "picture": 16}
COPIES = {"text": (256, 4096), "picture": (16, 272)}
# Connections wait for their answers, too, so that about four times as many requests come as were answered.
OVERLOAD = 6.5
OVERLOAD_CONNECTIONS = 512
SECONDS = 8


def parse_options():
    parser = argparse.ArgumentParser(description="Measures the server under load.")
    parser.add_argument("--glimpse", required=True)
    parser.add_argument("--picture", required=True, type=pathlib.Path)
    parser.add_argument("--model", default="lite")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def engine_rate(options, kind):
    """Inputs a second of `glimpse embed`, from two lengths, so that what a start takes cancels out."""
    line = "a photo of a small red car" if kind == "text" else str(options.picture.resolve())
    seconds = []
    for count in COPIES[kind]:
        start = time.perf_counter()
        subprocess.run(
            [options.glimpse, "embed", "--quiet", "--model", options.model],
            input=(line + "\n") * count, text=True, check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - start)
    return (COPIES[kind][1] - COPIES[kind][0]) / (seconds[1] - seconds[0])


class Server:
    """A server on a free port, with a library of its own."""

    def __init__(self, options):
        self.folder = tempfile.TemporaryDirectory()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [options.glimpse, "serve", "--quiet", "--port", str(self.port), "--model", options.model, "--library",
             self.folder.name, "--queue", str(QUEUE)])
        self.wait()

    def wait(self):
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/health", timeout=5).read()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit("the server does not answer")

    def load(self, what, connections, pause):
        """What wrk says of some seconds of load, and what it took of the cores itself."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        output = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}", "--timeout", "60", "-s", str(SCRIPT),
             f"http://127.0.0.1:{self.port}/api/v1/embeddings", "--", what, str(pause), str(connections)],
            capture_output=True, text=True, check=True).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        result = json.loads(re.search(r"RESULT (.*)", output).group(1))
        busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return result | {"taken": busy / result["seconds"] / os.cpu_count()}

    def peak_megabytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024

    def end(self):
        """Ends it as a user does, and says how it ended."""
        self.process.terminate()
        return self.process.wait(timeout=60)


def rate(result):
    """Requests answered a second."""
    return result["answered"] / result["seconds"]


class Round(typing.NamedTuple):
    """What was measured one after the other, so that all of it met the machine in the same state."""

    own: float
    full: dict
    storm: dict
    peak: float


def spread(values, digits):
    return f"{median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def summary(kind, rounds):
    """The lines that tell of an input's rounds."""
    latency = median(r.full["p99"] for r in rounds)
    lost = sum(r.full["rejected"] + r.full["other"] + r.full["errors"] + r.full["timeouts"] for r in rounds)
    yield (f"{kind}: {median(rate(r.full) for r in rounds):.0f} a second, {spread([rate(r.full) / r.own for r in rounds], 2)} of the engine's own, "
           f"p99 {latency:.0f} ms with {CONNECTIONS[kind]} connections, {lost} not answered")
    offered = median((r.storm["answered"] + r.storm["rejected"]) / r.storm["seconds"] / rate(r.full) for r in rounds)
    yield (f"  {offered:.1f} times as many: {median(rate(r.storm) for r in rounds):.0f} answered a second, "
           f"{spread([rate(r.storm) / r.own for r in rounds], 2)} of the engine's own, "
           f"{spread([rate(r.storm) / rate(r.full) for r in rounds], 2)} of before, while wrk took {median(r.storm['taken'] for r in rounds):.0%} "
           f"of the cores, p99 {median(r.storm['p99'] for r in rounds):.0f} ms, "
           f"{sum(r.storm['rejected'] for r in rounds)} told to come back, {sum(r.storm['other'] for r in rounds)} other answers, "
           f"{sum(r.storm['errors'] + r.storm['timeouts'] for r in rounds)} lost, "
           f"peak {', '.join(f'{r.peak:.0f}' for r in rounds)} MB")


def main():
    options = parse_options()
    server = Server(options)
    for kind in ("text", "picture"):
        what = "text" if kind == "text" else str(options.picture.resolve())
        server.load(what, CONNECTIONS[kind], 0)  # warms both up
        rounds = []
        for _ in range(options.rounds):
            own = engine_rate(options, kind)
            full = server.load(what, CONNECTIONS[kind], 0)
            storm = server.load(what, OVERLOAD_CONNECTIONS, 1000 * OVERLOAD_CONNECTIONS / (OVERLOAD * rate(full)))
            rounds.append(Round(own, full, storm, server.peak_megabytes()))
        for line in summary(kind, rounds):
            print(line)
    print(f"ended with status {server.end()}")


main()
