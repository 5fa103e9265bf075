"""How every command of `make` begins and ends. Knows no command."""

import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from ops.console import Failed, say, tell_failure

INTERRUPTED = 130  # what shells report for Ctrl-C


def as_command(main: Callable[[], int | None]) -> NoReturn:
    """Run `main` and leave with its exit status; a failure is told in one sentence, never as a traceback."""
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a log in another encoding is no failure
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
