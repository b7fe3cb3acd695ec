"""What the numbers were measured on."""

import os
import platform
import subprocess
from pathlib import Path


def processor() -> str:
    """The processor's name and number of cores."""
    if platform.system() == "Darwin":
        name = subprocess.run(["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True,
                              check=True).stdout.strip()
    else:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
        name = names[0] if names else platform.machine()
    return f"{name} × {os.cpu_count()}"


def load() -> str:
    """How many threads wanted a core, on average over the last 1, 5 and 15 minutes."""
    return " ".join(f"{average:.2f}" for average in os.getloadavg())
