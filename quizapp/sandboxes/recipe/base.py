"""`python -m quizapp.sandboxes.recipe.base`: the base of the sandbox image, made before there is an engine to hold it.

Standard library alone, since set-up runs it beside the installation of the product's packages.
"""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from quizapp.sandboxes.recipe.image_build import ImageNotBuilt, base_name, prepare_base


def main(arguments: Sequence[str]) -> int:
    """With a folder, make the base there; with nothing, print its name."""
    if not arguments:
        print(base_name())
        return 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        prepare_base(Path(arguments[0]), lambda line: print(line, flush=True))
    except ImageNotBuilt as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
