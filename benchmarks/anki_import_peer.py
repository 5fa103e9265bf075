"""Anki's own import as the peer: the seconds of the processor that it takes for a package or a CSV.

Run by itself, in an environment with the package `anki`, which the product neither needs nor contains:
`python anki_import_peer.py FILE…` imports each into a new collection and prints the seconds, as JSON.
"""

import importlib
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any


def main(paths: list[str]) -> None:
    """Import each into a collection of its own; the first one twice, since it also loads what the others need."""
    _import_s(paths[0])
    print(json.dumps([_import_s(path) for path in paths]), flush=True)


def _import_s(path: str) -> float:
    anki: Any = importlib.import_module("anki.collection")
    with tempfile.TemporaryDirectory(prefix="quizapp-bench-") as folder:
        collection = anki.Collection(str(Path(folder) / "peer.anki2"))
        began = time.process_time()
        if path.endswith(".apkg"):
            collection.import_anki_package(anki.ImportAnkiPackageRequest(package_path=path))
        else:
            metadata = collection.get_csv_metadata(path=path, delimiter=None)
            collection.import_csv(anki.ImportCsvRequest(path=path, metadata=metadata))
        taken = time.process_time() - began
        assert collection.note_count() > 1, path
        collection.close()
    return taken


if __name__ == "__main__":
    main(sys.argv[1:])
