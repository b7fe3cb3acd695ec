"""What the numbers were measured on. As a program, prints the processor's name as a part of a folder's name."""

import os
import platform
import re
import subprocess
from pathlib import Path


def name() -> str:
    """The processor's name, with its family and model on Linux: hypervisors give several generations the same name."""
    if platform.system() == "Darwin":
        return subprocess.run(["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True,
                              check=True).stdout.strip()
    fields = dict(re.findall(r"^(\S.*?)\s*: (.+)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE))
    if "model name" not in fields:
        return platform.machine()
    kind = [fields[field] for field in ("cpu family", "model") if field in fields]
    return " ".join([fields["model name"], "-".join(kind)]).strip()


def processor() -> str:
    """The processor's name and number of cores."""
    return f"{name()} × {os.cpu_count()}"


def load() -> str:
    """How many threads wanted a core, on average over the last 1, 5 and 15 minutes."""
    return " ".join(f"{average:.2f}" for average in os.getloadavg())


if __name__ == "__main__":
    print(re.sub("[^a-z0-9]+", "-", name().lower()))
