"""Run by Anki's own Python: imports files one after the other and prints what the collection then has, as JSON."""

import json
import sys
import tempfile
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageRequest, ImportCsvRequest  # type: ignore[import-not-found]

collection = Collection(str(Path(tempfile.mkdtemp()) / "peer.anki2"))
for path in sys.argv[1:]:
    if path.endswith(".csv"):
        metadata = collection.get_csv_metadata(path=path, delimiter=None)
        collection.import_csv(ImportCsvRequest(path=path, metadata=metadata))
    else:
        collection.import_anki_package(ImportAnkiPackageRequest(package_path=path))
notes = [
    [guid, *fields.split("\x1f")] for guid, fields in collection.db.all("SELECT guid, flds FROM notes ORDER BY id")
]
print(json.dumps({"notes": notes, "places": collection.db.list("SELECT due FROM cards ORDER BY id")}))
