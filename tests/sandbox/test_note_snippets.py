"""`flask content prove` on a real host: what a note shows is what a shell prints, or is told with its line."""

from pathlib import Path

import pytest

from tests.conftest import opened_app
from tests.sandbox.conftest import Sandboxd

pytestmark = pytest.mark.sandbox

NOTE = """# Numbers

```console prove
$ NUMBER=7
$ docker run --rm busybox sh -c "exit $NUMBER"; echo $?
7
```

```console prove
$ echo "${NUMBER:-unset}" >&2
unset
$ echo five
six
```

```console prove
$ exit 3
$ echo late
late
```
"""
SAID = """\
no  {path}: 1 snippet proved, {seconds} s
    {path}:12: $ echo five
      wanted | six
      seen   | five
    {path}:17: $ exit 3
      wanted | nothing
      seen   | The shell ended here.\x20
1 snippet proved.
"""


def test_what_a_snippet_prints_is_held_against_the_note(sandboxd: Sandboxd, tmp_path: Path) -> None:
    path = tmp_path / "numbers.md"
    path.write_text(NOTE)
    with opened_app(sandboxd.settings) as app:
        result = app.test_cli_runner().invoke(args=["content", "prove", str(path)])
    (seconds,) = result.output.split(" proved, ")[1].split(" s")[:1]
    assert result.output == SAID.format(path=path, seconds=seconds)
    assert result.exit_code == 1
