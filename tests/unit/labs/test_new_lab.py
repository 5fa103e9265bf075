"""`flask labs new`: the file of a lab that works as it stands, and no file that is there already."""

from pathlib import Path

from flask import Flask

from quizapp.catalogue.labs.lab_example import example


def test_a_new_lab_is_a_file_of_the_content_folder(app: Flask) -> None:
    run = app.test_cli_runner()
    made = run.invoke(args=["labs", "new", "on-a-network"])
    path = Path(made.output.splitlines()[0])
    assert (made.exit_code, path.parent.name) == (0, "on-a-network")
    assert path.read_text() == example("on-a-network")
    again = run.invoke(args=["labs", "new", "on-a-network"])
    assert (again.exit_code, "Choose another name." in again.output) == (1, True)
    bad = run.invoke(args=["labs", "new", "../Not A Name"])
    assert (bad.exit_code, "letters a to z" in bad.output) == (1, True)
    assert not (path.parents[1] / "Not A Name").exists()
