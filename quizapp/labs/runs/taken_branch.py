"""A solution of a lab that draws its cause, as a learner reads it: the way for the cause that was drawn. Knows no lab.

Its author writes one `case` over the drawn value. With the value put in, all but one of its branches are about other
causes, which may come next time.
"""

import re
from textwrap import dedent

# `case 5 in`, branches, `esac`: only over a plain word, which nothing on the host can change any more.
_CASE = re.compile(r"^case (?P<word>\w+) in\n(?P<branches>.*?)^esac$", re.MULTILINE | re.DOTALL)
_BRANCH = re.compile(r"^[ \t]*(?P<words>[\w*|]+)\)[ \t]*(?P<body>.*?)[ \t]*;;[ \t]*$", re.MULTILINE | re.DOTALL)


def with_branches_taken(shell: str) -> str:
    """The commands, with the branch that is taken in place of each `case` over a plain word."""
    return _CASE.sub(_taken, shell)


def _taken(case: re.Match[str]) -> str:
    for branch in _BRANCH.finditer(case["branches"]):
        if {case["word"], "*"} & set(branch["words"].split("|")):
            first, *others = branch["body"].split("\n")
            return "\n".join(filter(None, (first, dedent("\n".join(others)))))
    return case[0]
