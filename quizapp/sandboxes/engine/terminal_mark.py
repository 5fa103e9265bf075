"""How the processes of a terminal in a container are found and killed. Knows no engine."""

TERMINAL_MARK = "SANDBOX_TERMINAL"  # the variable that a terminal's first process has, with a value of its own

# All processes of a terminal are in the session of its first process, whose environment has the mark. If only that one
# were killed, processes that ignore SIGHUP would run on.
KILL_TERMINALS = (
    'for found in $(grep -lsz "^$1" /proc/[0-9]*/environ); do '
    'pid=${found#/proc/}; pkill -KILL --session "${pid%/environ}"; done'
)
