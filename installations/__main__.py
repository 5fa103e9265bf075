"""`python -m installations [containers] [services]`: bring these up from nothing, or both, and use them.

Exits with 0 if all of it went well or could not be tried, which is said with the reason.
"""

import sys
from collections.abc import Callable, Sequence

from installations.containers import try_containers
from installations.engine import Engine, missing, own_engine
from installations.services import try_services
from ops.checkout import Checkout
from ops.command import as_command
from ops.console import Failed, say

TRIES: dict[str, Callable[[Checkout, Engine], None]] = {"containers": try_containers, "services": try_services}


def main(names: Sequence[str]) -> int:
    """Try the named installations, or all of them, one after the other."""
    checkout = Checkout.here()
    if why := missing(checkout):
        say(f"  --   The installations were not tried: {why}.")
        return 0
    found = 0
    for name in names or TRIES:
        say(f"  ...  {name}")
        with own_engine(checkout) as engine:
            try:
                TRIES[name](checkout, engine)
            except (AssertionError, Failed) as error:
                say(f"  !!   {name}: {error}")
                found += 1
    return found


if __name__ == "__main__":
    as_command(lambda: main(sys.argv[1:]))
