"""Holds a running server against its own description: `glimpse serve`, then

    python3 check_openapi.py --url http://127.0.0.1:7313 [--token TOKEN]

The description that the server gives must be the one of this repository, and be OpenAPI. Then schemathesis sends requests made after it, right
ones and wrong ones, and every answer must be one that is described: status, type, headers, form. Whether wrong requests are refused is not
checked: the server reads over members it does not know. What clients rely on is in check_clients.py.

Requests may start and stop the indexing of the library's own folders, and take back what went to the trash last; the ids of files and pictures
are made up. Only a server on this machine is talked to, one request at a time, some three thousand in all. The exit status is 1 when something
does not conform.
"""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import sysconfig
import tempfile
import urllib.parse
import urllib.request

import openapi_spec_validator

DESCRIPTION = pathlib.Path(__file__).parents[2] / "Sources" / "GlimpseServer" / "Resources" / "openapi.json"

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "allow_header_conformance",
)

# A deadline that is over has an answer of its own, a server error, so no short ones are given. Of methods that a route does not have, the usual
# ones are tried.
SETTINGS = """
[parameters]
"header.Prefer" = "wait=60"

[generation]
database = "none"

[cache]
enabled = false

[phases.coverage]
unexpected-methods = ["PUT", "PATCH", "DELETE"]
"""


def arguments():
    parser = argparse.ArgumentParser(description="Holds a running server against its own description.")
    parser.add_argument("--url", default="http://127.0.0.1:7313", help="where the server is (default: %(default)s)")
    parser.add_argument("--token", help="the server's token")
    parser.add_argument("--examples", type=int, default=15, help="how many made-up requests a route (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="other seeds make other requests (default: %(default)s)")
    parser.add_argument("--minutes", type=float, default=15, help="how long it may take (default: %(default)s)")
    options = parser.parse_args()
    options.url = options.url.rstrip("/")
    if urllib.parse.urlsplit(options.url).hostname not in ("127.0.0.1", "localhost", "::1"):
        parser.error(f"{options.url} is not on this machine")
    return options


def given_description(options):
    """The description as the server gives it."""
    request = urllib.request.Request(options.url + "/api/v1/openapi.json")
    if options.token:
        request.add_header("Authorization", f"Bearer {options.token}")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except (OSError, ValueError) as error:
        sys.exit(f"FAILED  {options.url} does not give its description: {error}")


def check_description(description):
    """Whether it is the one of this repository, and whether it is OpenAPI."""
    if description != json.loads(DESCRIPTION.read_text(encoding="utf-8")):
        sys.exit("FAILED  the server gives another description than the one of this repository: was it built from it?")
    openapi_spec_validator.validate(description)
    print("ok      the description is that of this repository, and is OpenAPI", flush=True)


def command(options, description, settings):
    """How schemathesis is called."""
    program = pathlib.Path(sysconfig.get_path("scripts")) / "schemathesis"
    words = [program, "--config-file", settings, "--no-color", "run", description, "--url", options.url]
    words += ["--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing", "--workers", "1", "--continue-on-failure"]
    words += ["--max-examples", str(options.examples), "--seed", str(options.seed), "--request-timeout", "90"]
    # Streams have no end, so that there is no answer to hold against anything.
    words += ["--exclude-path", "/api/v1/library/events", "--warnings", "off"]
    # Much is made up that no picture decodes from and no text is wanted from; that is no fault of the description.
    words += ["--suppress-health-check", "all"]
    if options.token:
        words += ["--header", f"Authorization:Bearer {options.token}"]
    return [str(word) for word in words]


def run(words, folder, seconds):
    """The exit status of a command; it and what it has started are stopped when the time is over."""
    process = subprocess.Popen(words, cwd=folder, start_new_session=True)
    try:
        return process.wait(timeout=seconds)
    except BaseException as error:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)
        if isinstance(error, subprocess.TimeoutExpired):
            sys.exit(f"FAILED  not finished after {seconds:.0f} seconds")
        raise


def main():
    options = arguments()
    description = given_description(options)
    check_description(description)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "openapi.json").write_text(json.dumps(description), encoding="utf-8")
        (folder / "settings.toml").write_text(SETTINGS, encoding="utf-8")
        words = command(options, folder / "openapi.json", folder / "settings.toml")
        sys.exit(1 if run(words, folder, options.minutes * 60) else 0)


main()
