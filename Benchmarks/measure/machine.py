"""What the numbers were measured on. As a program, prints the processor's name as a part of a folder's name."""

import os
import platform
import re
import subprocess
from pathlib import Path


def name() -> str:
    """The processor's name."""
    if platform.system() == "Darwin":
        return subprocess.run(["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True,
                              check=True).stdout.strip()
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def processor() -> str:
    """The processor's name and number of cores."""
    return f"{name()} × {os.cpu_count()}"


def load() -> str:
    """How many threads wanted a core, on average over the last 1, 5 and 15 minutes."""
    return " ".join(f"{average:.2f}" for average in os.getloadavg())


if __name__ == "__main__":
    print(re.sub("[^a-z0-9]+", "-", name().lower()))
