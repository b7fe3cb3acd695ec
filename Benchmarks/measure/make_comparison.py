"""Makes one Markdown table of all runs that are kept, the newest first, with a column each.

A number is the median ratio to the peer that was fastest there: above 1 Glimpse is faster. In italics it is below the aim.

Run:   python make_comparison.py RUNS > README.md
"""

import argparse
import json
from pathlib import Path
from statistics import median

from make_table import ratios


def summary(path: Path) -> dict[str, tuple[float, float | None]]:
    """What was measured: the median, and the aim if there is one."""
    rows: dict[str, tuple[float, float | None]] = {}
    for line in path.read_text("utf-8").splitlines():
        result = json.loads(line)
        if "workload" in result:
            best = min(result["peers"], key=lambda peer: median(peer["seconds"]))
            title = f"{result['workload']}, {result['precision']}"
            rows[title] = (median(ratios(result["ours"], best)), result.get("target"))
        elif "one_core_busy" in result:
            title = f"throughput with one of {result['threads']} cores busy: {result['one_core_busy']}"
            rows[title] = (result["median"], result["target"])
    return rows


def cell(measured: tuple[float, float | None] | None, aim: float | None) -> str:
    if measured is None:
        return ""
    value, _ = measured
    return f"{value:.2f}" if aim is None or value >= aim else f"*{value:.2f}*"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", type=Path, help="the folder that has a folder for each run")
    arguments = parser.parse_args()
    runs = {path.parent.name: summary(path) for path in sorted(arguments.runs.glob("*/results.jsonl"), reverse=True)}
    # In the order of the run that has most of them.
    titles = dict.fromkeys(title for rows in sorted(runs.values(), key=len, reverse=True) for title in rows)
    print("# Runs\n\nA folder each, named after the day and the processor with its family and model: AMD's 25-1 is Zen 3, 25-17 "
          "Zen 4, 26-2 Zen 5;\nIntel's 6-106 is Ice Lake, 6-207 Emerald Rapids. Each is of the commit of its day. The numbers are median ratios "
          "to the peer that was fastest\nthere: above 1 Glimpse is faster; in italics is what misses the aim. "
          "[docs/BENCHMARKS.md](../../docs/BENCHMARKS.md) says how it is measured.\n`Benchmarks/measure/make_comparison.py` makes "
          "this page.\n")
    print(f"| | aim | {' | '.join(f'[{name}]({name}/table.md)' for name in runs)} |")
    print(f"|---|---:|{'---:|' * len(runs)}")
    for title in titles:
        found = [rows.get(title) for rows in runs.values()]
        # The aim of the newest run that has one is that of all.
        aim = next((measured[1] for measured in found if measured and measured[1] is not None), None)
        cells = [cell(measured, aim) for measured in found]
        print(f"| {title} | {'' if aim is None else f'≥ {aim:g}'} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
