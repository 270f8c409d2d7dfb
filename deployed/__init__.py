"""What the local run and the commands both need: a deployment, its account, its people, and the terminal.

It knows neither of the two.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"

# The shared package and the client are installed nowhere: in the emulator the functions run on this same interpreter,
# and have to find the package in its layer.
for _source in (ROOT / "layers" / "openhouse" / "python", ROOT / "clients" / "python" / "src"):
    if str(_source) not in sys.path:
        sys.path.insert(0, str(_source))
