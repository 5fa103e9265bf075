"""What every command of `make` does at its start and end: encoding, signals, failures. Knows no command."""

import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from ops.console import Failed, say, tell_failure

INTERRUPTED = 130  # the exit status of shells after Ctrl-C


def as_command(main: Callable[[], int | None]) -> NoReturn:
    """Run `main` and exit with its status. A Failed is printed as one sentence without a traceback; status 1."""
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal without UTF-8 raises no error
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    try:
        status = main()
    except Failed as error:
        tell_failure(error)
        sys.exit(1)
    except KeyboardInterrupt:
        say("  !!   Stopped; what was done so far is kept.")
        sys.exit(INTERRUPTED)
    sys.exit(status or 0)
