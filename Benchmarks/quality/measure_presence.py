"""Measures whether "is it there?" is answered right: the field `presence` of `glimpse search`, on real photographs.

Asks for what a set of photographs shows, for what it does not, and for relatives of what it shows. Prints how often
something is shown at the cut, how often that is right, and how often a presence of so many per cent is right. "Right"
means that the best match shows what was asked.

Needs: requirements.txt; pictures, of which any set may be left out: the samples of `make setup`, the Debian packages
mate-backgrounds (1.26.0-1), opencv-doc (4.6.0), tuxpaint-stamps-default (2022.06.04-1) with a list by select_stamps.py.
Run:   python measure_presence.py --glimpse ../../.build/release/glimpse --samples ../../.build/samples \
           --backgrounds /usr/share/backgrounds/mate/nature --opencv /usr/share/doc/opencv-doc/examples \
           --stamps /usr/share/tuxpaint/stamps --list stamps.tsv
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from select_stamps import AFTER_THE_NOUN, PARTITIVES, normalised

QUERIES = Path(__file__).parent / "presence"
# How much of all questions is asked of a kind; "gone" is what a smaller library's left-out pictures show.
GROUPS = {"present": 0.5, "absent": 0.25, "near": 0.125, "gone": 0.125}
BINS = 5
LITTLE_WORDS = {"a", "an", "the", "of", "in", "at", "and", "with"}
# Of descriptions: words that narrow what is shown, and words after which the rest is no name of a thing.
ADJECTIVES = set("""
    big little small very large great yellow red green blue brown pink white purple black silver common old modern
    fashioned headed eared covered and colorful sitting sleeping male open lit lead ripe pattypan fuji sierra beauty
    granny
    """.split())
NOT_NAMED = set("it its they you that was puts lets gets fire died smith 22 root emblems".split())


@dataclass
class Query:
    group: str
    words: str
    pictures: frozenset[str]


@dataclass
class Answer:
    query: Query
    presence: float  # of the best match
    right: bool  # whether the best match shows what was asked
    listed: list[tuple[float, bool]]  # the presence of every match, and whether it is right


class Library:
    """Pictures in a folder of their own, indexed."""

    def __init__(self, glimpse: Path, pictures: dict[str, Path], folder: Path) -> None:
        self.glimpse, self.names, self.folder = glimpse, {}, folder
        (folder / "pictures").mkdir()
        for number, (name, path) in enumerate(sorted(pictures.items())):
            file = f"{number:04}{path.suffix.lower()}"
            shutil.copyfile(path, folder / "pictures" / file)
            self.names[file] = name
        subprocess.run([glimpse, "index", "--quiet", "--library", folder / "library", folder / "pictures"], check=True)

    def ask(self, query: Query) -> Answer:
        output = subprocess.run([self.glimpse, "search", "--all", "--format", "json", "--top", str(len(self.names)),
                                 "--library", self.folder / "library", query.words],
                                stdout=subprocess.PIPE, text=True, check=True).stdout
        listed = [(record["presence"], self.names[Path(record["path"]).name] in query.pictures)
                  for record in json.loads(output)]
        return Answer(query, *listed[0], listed)


def read_queries(name: str) -> list[Query]:
    """A list of presence/: group, words, and the pictures that show it."""
    lines = (QUERIES / f"{name}.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [Query(row[0], row[1], frozenset(filter(None, "|".join(row[2:]).split("|")))) for row in rows]


def stems(text: str) -> set[str]:
    """The words of a text, plurals as singulars."""
    return {re.sub(r"(?<=[^s])s$", "", re.sub(r"(?<=ss|sh|ch|.x)es$", "", re.sub(r"ies$", "y", word)))
            for word in normalised(text)} - LITTLE_WORDS


def noun_phrase(description: str) -> str | None:
    """What a description says is shown, with its article: "A very small pumpkin." shows a pumpkin."""
    phrase = " ".join(normalised(re.split(r"[.!?—(;]|, ", description)[0]))
    phrase = AFTER_THE_NOUN.sub("", PARTITIVES.sub("a ", phrase))
    article, *words = phrase.split() or [""]
    words = [word for word in words if word not in ADJECTIVES]
    if article not in ("a", "an", "our") or not 1 <= len(words) <= 3 or not NOT_NAMED.isdisjoint(words):
        return None
    return f"{'an' if words[0][0] in 'aeio' else 'a'} {' '.join(words)}"


def stamp_queries(stamps: Path, listed: Path) -> tuple[dict[str, Path], list[Query]]:
    """The photographs, what their descriptions and folders say they show, and what none of these says."""
    rows = [line.split("\t")[:2] for line in listed.read_text("utf-8").splitlines() if not line.startswith("#")]
    described = {path: stems(description) for path, description in rows}
    nouns = set(filter(None, (noun_phrase(description) for _, description in rows)))
    committed = read_queries("stamps")
    folders = {query.words: {path for path in described if path.startswith(tuple(f"{top}/" for top in query.pictures))}
               for query in committed if query.group == "folder"}
    queries = []
    for words in sorted(nouns | folders.keys()):
        pictures = {path for path, said in described.items() if stems(words) <= said}
        pictures.update(*(shown for wider, shown in folders.items() if stems(wider) == stems(words)))
        queries.append(Query("present", words, frozenset(pictures)))
    queries += [query for query in committed if query.group in ("absent", "near")
                and not any(stems(query.words) <= said for said in described.values())]
    return {path: stamps / path for path in described}, queries


def reliability(presence: np.ndarray, right: np.ndarray, weights: np.ndarray) -> str:
    """What was said beside what was so, and the number of answers, by fifths of the scale."""
    where = np.minimum((presence * BINS).astype(int), BINS - 1)
    parts = [where == part for part in range(BINS)]
    return "  ".join(f"{np.average(presence[part], weights=weights[part]):.2f}→"
                     f"{np.average(right[part], weights=weights[part]):.2f} ({part.sum()})" if part.any() else "–"
                     for part in parts)


def share(part: np.ndarray, whole: np.ndarray) -> str:
    return f"{part.sum() / whole.sum():.2f}" if whole.sum() else "–"


def report(name: str, count: int, answers: list[Answer], cut: float, list_cut: float, verbose: bool) -> None:
    presence = np.array([answer.presence for answer in answers])
    right = np.array([answer.right for answer in answers])
    groups = np.array([answer.query.group for answer in answers])
    shown = presence >= cut
    # Set weights for the groups, so that precision does not hang on the lists' lengths.
    weights = np.array([GROUPS[group] / (groups == group).sum() for group in groups])
    print(f"{name}, {count} pictures:")
    print("  something is shown for: " + ", ".join(
        f"{group} {shown[groups == group].mean():.2f} ({(groups == group).sum()})"
        for group in GROUPS if (groups == group).any()))
    hits = weights * (shown & right)
    print(f"  shown best matches that are right {share(hits, weights * shown)}, right ones that are shown "
          f"{share(hits, weights * right)}; of present, best matches that are right "
          f"{right[groups == 'present'].mean():.2f}")
    listed = np.array([(value >= list_cut, hit) for answer in answers if answer.query.group == "present"
                       and answer.presence >= cut for value, hit in answer.listed]).reshape(-1, 2)
    print(f"  of the pictures listed for present queries {share(listed.all(1), listed[:, 0])} are right, of all right "
          f"ones {share(listed.all(1), listed[:, 1])} are listed")
    print(f"  presence → right (answers): {reliability(presence, right, weights)}")
    if verbose:
        for answer in sorted(answers, key=lambda answer: -answer.presence):
            wrong = answer.right != (answer.presence >= cut)
            print(f"    {'×' if wrong else ' '} {answer.presence:.2f} {answer.query.group:8} {answer.query.words}")


def measure(name: str, glimpse: Path, pictures: dict[str, Path], queries: list[Query],
            arguments: argparse.Namespace) -> None:
    """Indexes the pictures and asks everything; a smaller library's queries may have gone with their pictures."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        library = Library(glimpse, pictures, Path(folder))
        here = [(query, query.pictures & pictures.keys()) for query in queries]
        shrunk = [Query("gone" if query.group == "present" and not shown else query.group, query.words, shown)
                  for query, shown in here]
        report(name, len(pictures), list(pool.map(library.ask, shrunk)), arguments.cut, arguments.list_cut,
               arguments.verbose)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--glimpse", type=Path, required=True)
    for name in ("--samples", "--backgrounds", "--opencv", "--stamps", "--list"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--sizes", type=int, nargs="*", default=[11, 50],
                        help="smaller libraries of the stamps")
    parser.add_argument("--cut", type=float, default=0.3, help="the presence of a best match from which on it is shown")
    parser.add_argument("--list-cut", type=float, default=0.15, help="the presence of those shown after it")
    parser.add_argument("--verbose", action="store_true", help="print every query")
    arguments = parser.parse_args()
    glimpse = arguments.glimpse.resolve()
    for name in ("samples", "backgrounds", "opencv"):
        folder = getattr(arguments, name)
        if folder:
            queries = read_queries(name)
            pictures = {path: folder / path for query in queries if query.group == "pictures"
                        for path in query.pictures}
            measure(name, glimpse, pictures, [query for query in queries if query.group != "pictures"], arguments)
    if arguments.stamps:
        pictures, queries = stamp_queries(arguments.stamps.resolve(), arguments.list)
        random = np.random.default_rng(0)
        for size in [*arguments.sizes, len(pictures)]:
            chosen = random.permutation(sorted(pictures))[:size]
            measure("stamps", glimpse, {name: pictures[name] for name in chosen}, queries, arguments)


if __name__ == "__main__":
    main()
