"""Rotates a workspace's key until it is killed. Arguments: workspace, old key and new key in hex."""

import sys
from pathlib import Path

from ragslm.store.rotation import rotate

print("ready", flush=True)
rotate(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), bytes.fromhex(sys.argv[3]))
print("done", flush=True)
