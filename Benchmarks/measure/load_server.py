"""How much of the engine's own speed the server hands on, and what it does when more comes than it can do.

In turns: `glimpse embed` over many copies of an input (the time of the start taken off), and wrk against `glimpse serve` with enough connections
that batches form. Then four times as many requests as were answered a second, each connection pausing between its own: what is accepted has to
be answered, the rest has to be told to come back, and memory has to stay where it is.

Needs: wrk. Run: python load_server.py --glimpse FILE --picture FILE [--model NAME] [--rounds 3]
"""

import argparse
import json
import pathlib
import re
import socket
import subprocess
import tempfile
import time
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
        """What wrk says of some seconds of load."""
        output = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}", "--timeout", "60", "-s", str(SCRIPT),
             f"http://127.0.0.1:{self.port}/api/v1/embeddings", "--", what, str(pause)],
            capture_output=True, text=True, check=True).stdout
        return json.loads(re.search(r"RESULT (.*)", output).group(1))

    def peak_megabytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024

    def end(self):
        """Ends it as a user does, and says how it ended."""
        self.process.terminate()
        return self.process.wait(timeout=60)


def main():
    options = parse_options()
    server = Server(options)
    for kind in ("text", "picture"):
        what = "text" if kind == "text" else str(options.picture.resolve())
        server.load(what, CONNECTIONS[kind], 0)  # warms both up
        ratios, rates, latencies = [], [], []
        for _ in range(options.rounds):
            own = engine_rate(options, kind)
            result = server.load(what, CONNECTIONS[kind], 0)
            rates.append(result["answered"] / result["seconds"])
            ratios.append(rates[-1] / own)
            latencies.append(result["p99"])
            if result["rejected"] + result["other"] + result["errors"] + result["timeouts"] > 0:
                print(f"  not all were answered: {result}")
        print(f"{kind}: {median(rates):.0f} a second, {median(ratios):.2f} of the engine's own ({min(ratios):.2f}–{max(ratios):.2f}), "
              f"p99 {median(latencies):.0f} ms with {CONNECTIONS[kind]} connections")
        pause = 1000 * OVERLOAD_CONNECTIONS / (OVERLOAD * median(rates))
        peaks = []
        for _ in range(2):
            result = server.load(what, OVERLOAD_CONNECTIONS, pause)
            peaks.append(server.peak_megabytes())
        offered = (result["answered"] + result["rejected"]) / result["seconds"]
        print(f"  {offered / median(rates):.1f} times as many: {result['answered'] / result['seconds']:.0f} answered a second "
              f"({result['answered'] / result['seconds'] / median(rates):.2f}), {result['rejected']} told to come back, "
              f"{result['other']} other answers, {result['errors'] + result['timeouts']} lost, "
              f"peak {peaks[0]:.0f} MB, then {peaks[1]:.0f} MB")
    print(f"ended with status {server.end()}")


main()
