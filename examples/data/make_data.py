#!/usr/bin/env python3
"""Makes host.csv and peer.csv from the table that comes with scikit-learn (`pip install scikit-learn`).

Rows get the ids P0001 to P0569 in the order of the source. Each side lacks some rows, has its rows in an order of its
own, and has half of the columns; the label is on the host's side. Numbers are copied as they are written in the source.
"""

import csv
import importlib.util
import pathlib
import random

STATISTICS = ("mean", "error", "worst")
MEASURES = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave_points",
    "symmetry",
    "fractal_dimension",
)
FEATURES = [f"{statistic}_{measure}" for statistic in STATISTICS for measure in MEASURES]
HOST_FEATURES = FEATURES[:15]
PEER_FEATURES = FEATURES[15:]
HOST_LACKS = 30
PEER_LACKS = 40
FOLDER = pathlib.Path(__file__).parent


def source_rows():
    """The rows of the source: the features by name, and whether the tumour is malignant."""
    package = importlib.util.find_spec("sklearn").submodule_search_locations[0]
    path = pathlib.Path(package, "datasets", "data", "breast_cancer.csv")
    with path.open(newline="") as file:
        lines = csv.reader(file)
        next(lines)
        for number, values in enumerate(lines, start=1):
            row = dict(zip(FEATURES, values))
            row["id"] = f"P{number:04}"
            # The source says 0 for malignant and 1 for benign.
            row["malignant"] = "1" if values[-1] == "0" else "0"
            yield row


def write(name, columns, rows):
    with FOLDER.joinpath(name).open("w", newline="") as file:
        table = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def main():
    rows = list(source_rows())
    chance = random.Random(20240101)
    chance.shuffle(rows)
    host = rows[HOST_LACKS:]
    peer = rows[:HOST_LACKS] + rows[HOST_LACKS + PEER_LACKS :]
    chance.shuffle(host)
    chance.shuffle(peer)
    write("host.csv", ["id", "malignant", *HOST_FEATURES], host)
    write("peer.csv", ["id", *PEER_FEATURES], peer)
    common = {row["id"] for row in host} & {row["id"] for row in peer}
    print(f"{len(host)} rows for the host, {len(peer)} for the peer, {len(common)} common")


if __name__ == "__main__":
    main()
