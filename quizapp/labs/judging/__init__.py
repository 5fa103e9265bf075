"""Verdicts on checks, typed answers and effects of commands, from the output of a host. Pure: no run and no sandbox."""
