"""Finding and reading files, honest ones and others."""

import os
from pathlib import Path

import pytest

from quizapp.catalogue.content_files import ContentFile, FileKind, find, name_of, read, shown
from quizapp.catalogue.formats.parsed import Unreadable


def write(path: Path, text: str = "# T\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_notes_come_before_labs_and_hidden_files_not_at_all(tmp_path: Path) -> None:
    for name in ("labs/one/lab.yaml", "notes/b.md", "notes/a.MARKDOWN", ".git/x.md", "notes/.b.md.swp", "notes/c.txt"):
        write(tmp_path / name)
    found = [(file.kind, file.path.relative_to(tmp_path).as_posix()) for file in find(tmp_path)]
    assert found == [
        (FileKind.NOTE, "notes/a.MARKDOWN"),
        (FileKind.NOTE, "notes/b.md"),
        (FileKind.LAB, "labs/one/lab.yaml"),
    ]


def test_a_lab_lies_in_a_folder_of_its_own_below_labs(tmp_path: Path) -> None:
    write(tmp_path / "lab.yaml")
    write(tmp_path / "other" / "one" / "lab.yaml")
    assert find(tmp_path) == []


def test_a_file_that_is_named_is_read_whatever_its_name(tmp_path: Path) -> None:
    (file,) = find(write(tmp_path / "NOTES.txt"))
    assert (file.kind, file.root, read(file)) == (FileKind.NOTE, None, b"# T\n")


def test_a_readme_counts_only_when_it_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "README.md")
    assert find(tmp_path)[0].is_about_its_folder
    assert not find(path)[0].is_about_its_folder


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no such file"):
        find(tmp_path / "none")


def test_a_link_may_stay_in_the_folder_but_not_lead_out(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside.md", "secret")
    folder = tmp_path / "in"
    inside = write(folder / "a.md")
    (folder / "b.md").symlink_to(inside)
    (folder / "c.md").symlink_to(outside)
    _, good, bad = find(folder)
    assert read(good) == b"# T\n"
    with pytest.raises(Unreadable, match="leads out"):
        read(bad)


def test_circles_of_folders_end(tmp_path: Path) -> None:
    write(tmp_path / "a.md")
    (tmp_path / "again").symlink_to(tmp_path)
    assert len(find(tmp_path)) == 1


def test_a_broken_link_a_pipe_and_a_folder_called_like_a_note(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to(tmp_path / "none.md")
    os.mkfifo(tmp_path / "b.md")
    (tmp_path / "c.md").mkdir()
    broken, pipe = find(tmp_path)
    with pytest.raises(Unreadable, match="cannot be read"):
        read(broken)
    with pytest.raises(Unreadable, match="not a plain file"):
        read(pipe)


def test_what_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    with path.open("wb") as file:
        file.truncate(10 * 1024**3)  # ten GiB of nothing, which take no room
    with pytest.raises(Unreadable, match="10,485,760 KiB"):
        read(find(path)[0])


def test_a_name_that_no_report_could_show(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2J.md"
    path.write_text("# T\n")
    with pytest.raises(Unreadable, match="printable"):
        read(ContentFile(path=path, kind=FileKind.NOTE, root=tmp_path))


def test_names_are_relative_to_the_content_folder(tmp_path: Path) -> None:
    assert name_of(tmp_path / "notes" / "a.md", root=tmp_path) == "notes/a.md"
    assert name_of(Path("/elsewhere/a.md"), root=tmp_path) == "/elsewhere/a.md"


def test_a_link_to_itself_is_one_fault(tmp_path: Path) -> None:
    write(tmp_path / "b.md")
    (tmp_path / "a.md").symlink_to(tmp_path / "a.md")
    loop, good = find(tmp_path)
    assert read(good) == b"# T\n"
    with pytest.raises(Unreadable, match=r"itself|cannot be read"):
        read(loop)


def closed(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let a folder be one that may not be read, also for root, who may read any."""
    real = os.scandir

    def refused(path: str) -> object:
        if str(path) == str(folder):
            raise PermissionError(13, "Permission denied", str(folder))
        return real(path)

    monkeypatch.setattr(os, "scandir", refused)


def test_a_folder_that_may_not_be_read_stands_beside_what_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.md")
    write(tmp_path / "closed" / "b.md")
    closed(monkeypatch, tmp_path / "closed")
    assert [(file.path.name, file.kind) for file in find(tmp_path)] == [
        ("a.md", FileKind.NOTE),
        ("closed", FileKind.FOLDER),
    ]
    with pytest.raises(Unreadable, match="This folder cannot be read"):
        read(find(tmp_path)[1])


def test_a_folder_of_which_nothing_may_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed(monkeypatch, tmp_path)
    with pytest.raises(Unreadable, match="permission denied"):
        find(tmp_path)


@pytest.mark.parametrize(
    ("name", "seen"),
    [("a b\u00e9.md", "a b\u00e9.md"), ("a\nb.md", "a\\nb.md"), ("a\udcff.md", "a\\xff.md"), ("a\x1b[2J", "a\\x1b[2J")],
)
def test_a_path_is_shown_on_one_line(name: str, seen: str) -> None:
    assert shown(Path(name)) == seen
    assert seen.encode()
