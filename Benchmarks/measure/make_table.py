"""Makes one Markdown table of the lines of JSON that the measurements wrote.

A ratio is a peer's time over ours in the same round: above 1 Glimpse is faster. The peer that is fastest by its median
decides; the others are listed with the median of their ratios.

Run:   python make_table.py RESULTS > table.md
"""

import argparse
import json
from pathlib import Path
from statistics import median

HEADER = """\
| | precision | ours, ms | fastest peer, ms | ratio: min | median | p90 | aim | fastest peer | others: median ratio \
| lowest cosine | peak memory, MB: ours / peer | cores busy: ours / peer |
|---|---|---:|---:|---:|---:|---:|---|---|---|---:|---:|---:|"""


def ratios(ours: dict, peer: dict) -> list[float]:
    """One a round, sorted."""
    return sorted(theirs / own for theirs, own in zip(peer["seconds"], ours["seconds"], strict=True))


def title(peer: dict) -> str:
    """What ran, and from which file."""
    network = peer.get("network")
    return f"{peer['runtime']}, {network}" if network else peer["runtime"]


def row(result: dict) -> str:
    """A workload."""
    ours = result["ours"]
    best, *others = sorted(result["peers"], key=lambda peer: median(peer["seconds"]))
    sorted_ratios = ratios(ours, best)
    middle = median(sorted_ratios)
    target = result.get("target")
    aim = "" if target is None else f"≥ {target:g}" + ("" if middle >= target else ", missed")
    memory = f"{ours['peak_bytes'] / 1e6:.0f} / {best['peak_bytes'] / 1e6:.0f}" if "peak_bytes" in ours else ""
    cores = f"{ours['cores']:.2f} / {best['cores']:.2f}" if "cores" in ours else ""
    cells = [result["workload"], result["precision"], f"{median(ours['seconds']) * 1e3:.2f}",
             f"{median(best['seconds']) * 1e3:.2f}", f"{sorted_ratios[0]:.2f}", f"{middle:.2f}",
             f"{sorted_ratios[(len(sorted_ratios) - 1) * 9 // 10]:.2f}", aim, title(best),
             ", ".join(f"{peer['runtime']} {median(ratios(ours, peer)):.2f}" for peer in others),
             f"{result['cosine']:.6f}", memory, cores]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path, help="lines of JSON")
    arguments = parser.parse_args()
    results = [json.loads(line) for line in arguments.results.read_text("utf-8").splitlines()]
    compared = [result for result in results if "workload" in result]
    shared = [result for result in results if "one_core_busy" in result]
    counted = [result for result in results if "instructions_of" in result]
    if compared:
        print(f"{compared[0]['processor']}; load average before: {compared[0]['load_before']}, "
              f"after: {compared[-1]['load_after']}\n\n{HEADER}")
        for result in compared:
            print(row(result))
    if shared:
        print("\n| one core busy | throughput beside all cores free: min | median | p90 | aim |\n|---|---:|---:|---:|---|")
        for result in shared:
            shares = sorted(result["shares"])
            missed = "" if result["median"] >= result["target"] else ", missed"
            print(f"| {result['one_core_busy']}, {result['threads']} threads | {shares[0]:.2f} | {result['median']:.2f} "
                  f"| {shares[(len(shares) - 1) * 9 // 10]:.2f} | ≥ {result['target']}{missed} |")
    if counted:
        print("\n| one thread | precision | instructions, millions | with loading |\n|---|---|---:|---:|")
        for result in counted:
            print(f"| {result['instructions_of']} | {result['precision']} | {result['once'] / 1e6:,.2f} "
                  f"| {result['with_loading'] / 1e6:,.2f} |")


if __name__ == "__main__":
    main()
