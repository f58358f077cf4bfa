"""The passages that a catalogue's changes leave, as an index that follows them would hold them."""

from ragslm.store.catalogue import Catalogue


def live_passages(catalogue: Catalogue) -> set[int]:
    """Their ids."""
    live: set[int] = set()
    for change in catalogue.changes(0):
        if change.added is not None:
            live.add(change.added.id)
        else:
            live.discard(change.removed)
    return live
