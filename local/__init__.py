"""Commands for a checkout: the local run, and what an operator does to a deployment."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"

# The shared package lies in its Lambda layer and is installed nowhere: in the emulator the functions run on this
# same interpreter, and have to find it in the layer.
_SHARED_PACKAGE = str(ROOT / "layers" / "openhouse" / "python")
if _SHARED_PACKAGE not in sys.path:
    sys.path.insert(0, _SHARED_PACKAGE)
