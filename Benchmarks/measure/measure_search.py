"""Times searches among ever more vectors beside FAISS' flat index, in turns, and holds the answers against exact ones.

The vectors lie in clusters, as those of photographs do; queries lie near some of them and anywhere. One process a side and
round: the seconds of opening count the library's own, FAISS reads its index from a file. The first tenth of the queries warms
up. A line of JSON a size is appended to the results.

Needs: requirements.txt and faiss-cpu 1.15.1.
Run:   python measure_search.py --program FILE --scratch FOLDER --results FILE [--counts 10000,100000,1000000]
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

import machine

DIMENSION = 512
QUERIES = 60
LIMIT = 10
ROUNDS = 3
SEED = 7
THREADS = 2


def make_vectors(count: int) -> np.ndarray:
    """Vectors of length 1 around a thousand centres."""
    random = np.random.default_rng(SEED)
    centers = random.standard_normal((1000, DIMENSION), np.float32)
    vectors = np.empty((count, DIMENSION), np.float32)
    for start in range(0, count, 50_000):
        block = vectors[start:start + 50_000]
        block[:] = random.standard_normal(block.shape, np.float32) + 1.2 * centers[random.integers(1000, size=len(block))]
        block /= np.linalg.norm(block, axis=1, keepdims=True)
    return vectors


def make_queries(vectors: np.ndarray) -> np.ndarray:
    """Half of them near a vector, half anywhere."""
    random = np.random.default_rng(SEED + 1)
    noise = random.standard_normal((QUERIES, DIMENSION), np.float32)
    near = vectors[random.integers(len(vectors), size=QUERIES)] * np.sqrt(DIMENSION)
    queries = np.where(np.arange(QUERIES)[:, None] % 2 == 0, near + noise, noise)
    return queries / np.linalg.norm(queries, axis=1, keepdims=True)


def search_faiss(folder: Path) -> dict:
    """FAISS in a process of its own, as a script would use it."""
    script = (
        "import faiss, json, numpy, re, sys, time\n"
        "start = time.perf_counter(); index = faiss.read_index(sys.argv[1]); opening = time.perf_counter() - start\n"
        f"faiss.omp_set_num_threads({THREADS})\n"
        f"queries = numpy.fromfile(sys.argv[2], '<f4').reshape(-1, {DIMENSION})\n"
        "seconds, answers = [], []\n"
        "for query in queries:\n"
        "    before = time.perf_counter()\n"
        f"    _, rows = index.search(query[None], {LIMIT})\n"
        "    seconds.append(time.perf_counter() - before); answers.append(rows[0].tolist())\n"
        # Not ru_maxrss, which tells that of the process that started this one, if it had more.
        "peak = int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) * 1024\n"
        "print(json.dumps({'openingSeconds': opening, 'seconds': seconds, 'answers': answers, 'peakBytes': peak}))\n")
    return json.loads(subprocess.check_output(
        [sys.executable, "-c", script, str(folder / "flat.faiss"), str(folder / "queries.f32")]))


def measure(count: int, program: str, folder: Path) -> dict:
    import faiss

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    vectors = make_vectors(count)
    queries = make_queries(vectors)
    vectors.tofile(folder / "vectors.f32")
    queries.astype("<f4").tofile(folder / "queries.f32")
    (folder / "paths.txt").write_text("".join(f"/{row}.jpg\n" for row in range(count)), "utf-8")
    index = faiss.IndexFlatIP(DIMENSION)
    index.add(vectors)
    faiss.write_index(index, str(folder / "flat.faiss"))
    exact = [set(np.argpartition(-(vectors @ query), LIMIT)[:LIMIT].tolist()) for query in queries]
    del index, vectors
    start = time.perf_counter()
    subprocess.check_call([program, "make-library", "--vectors", str(folder), "--library", str(folder / "library")])
    building = time.perf_counter() - start
    runs: dict[str, list[dict]] = {"ours": [], "faiss": []}
    before = machine.load()
    for round_ in range(ROUNDS):
        sides = ["ours", "faiss"] if round_ % 2 == 0 else ["faiss", "ours"]
        for side in sides:
            if side == "faiss":
                runs[side].append(search_faiss(folder))
            else:
                report = json.loads(subprocess.check_output(
                    [program, "measure-search", "--library", str(folder / "library"), "--queries",
                     str(folder / "queries.f32"), "--limit", str(LIMIT)]))
                report["answers"] = [[int(Path(path).stem) for path in answer] for answer in report["answers"]]
                runs[side].append(report)
    result = {"search": count, "dimension": DIMENSION, "building_seconds": building, "load_before": before,
              "load_after": machine.load(), "processor": machine.processor(), "threads": THREADS}
    for side, reports in runs.items():
        seconds = np.concatenate([report["seconds"][QUERIES // 10:] for report in reports])
        recall = np.mean([len(set(answer) & truth) / LIMIT for answer, truth in zip(reports[0]["answers"], exact)])
        result[side] = {
            "p50": float(np.quantile(seconds, 0.5)), "p90": float(np.quantile(seconds, 0.9)), "recall": float(recall),
            "opening_seconds": float(np.median([report["openingSeconds"] for report in reports])),
            "peak_bytes": max(report["peakBytes"] for report in reports)}
    shutil.rmtree(folder)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="CompareWithPeers")
    parser.add_argument("--scratch", type=Path, required=True, help="a folder with room for 9 GB a million vectors")
    parser.add_argument("--results", type=Path, required=True, help="the file to append to")
    parser.add_argument("--counts", default="10000,30000,100000,300000,1000000")
    arguments = parser.parse_args()
    print(f"| vectors | ours: p50 ms | p90 | recall@{LIMIT} | opening ms | peak MB | FAISS flat: p50 ms | p90 | opening ms | peak MB |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for count in map(int, arguments.counts.split(",")):
        result = measure(count, arguments.program, arguments.scratch / "search")
        with arguments.results.open("a", encoding="utf-8") as results:
            results.write(json.dumps(result) + os.linesep)
        ours, faiss = result["ours"], result["faiss"]
        print(f"| {count:,} | {ours['p50'] * 1e3:.2f} | {ours['p90'] * 1e3:.2f} | {ours['recall']:.4f} | "
              f"{ours['opening_seconds'] * 1e3:.0f} | {ours['peak_bytes'] / 1e6:.0f} | {faiss['p50'] * 1e3:.2f} | "
              f"{faiss['p90'] * 1e3:.2f} | {faiss['opening_seconds'] * 1e3:.0f} | {faiss['peak_bytes'] / 1e6:.0f} |",
              flush=True)


if __name__ == "__main__":
    main()
