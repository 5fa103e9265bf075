"""What `make` runs. Imports the standard library only, since most of it runs before the virtual environment exists."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python may well be what runs this line
    sys.exit("quizapp needs Python 3.11 or newer: install one, then name it, as in make PYTHON=python3.12 run")
