"""Stores documents until it is killed; prints a document's id once it is acknowledged.

Arguments: workspace, number of the first document. Every third document replaces an earlier one.
"""

import itertools
import os
import sys
from pathlib import Path

from conftest import KEY, make_document

from ragslm.store.catalogue import Catalogue
from ragslm.types import Identity


def main() -> None:
    first = int(sys.argv[2])
    with Catalogue.open(Path(sys.argv[1]), KEY) as catalogue:
        for number in itertools.count(first):
            name = f"doc{number - 2 if number % 3 == 2 else number}"
            document = make_document(name, content=os.urandom(20_000) + str(number).encode(), count=40)
            catalogue.put_document(document, identity=Identity.local_owner())
            print(document.id, document.sha256, flush=True)


main()
