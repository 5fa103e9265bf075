"""The documentation keeps up: every setting and command is in it, its links lead somewhere, its examples hold."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask
from flask.cli import FlaskGroup, ScriptInfo

from quizapp import create_app
from quizapp.catalogue.formats.markdown.parser import parse_note
from quizapp.settings import ROOT, Settings, env_names
from tests.conftest import make_settings

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
OPERATOR_GUIDE = ROOT / "docs" / "operator-guide.md"
IMAGES = sorted((ROOT / "docs" / "images").iterdir())
IMAGE_MAX_BYTES = 150_000  # they stay in everybody's clone for ever
LINK = re.compile(r"\]\((?!https?://)([^)#]*)(?:#([^)]*))?\)")
DECISIONS = ROOT / "docs" / "decisions"
LISTED = re.compile(r"- \[[^\[\]]+\]\(([^()]+)\)\n")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
KINDS_FENCE = re.compile(r"^```md\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOTE_FENCE = re.compile(r"^```markdown\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# A command as pages and the product's own sentences show it: in backticks, or on an indented line.
SHOWN = re.compile(
    r"(?m)(?:`|^    )(?:\S*bin/|docker compose exec \w+ |runuser [\w -]+-- \S*)?flask (?:--app \S+ )?([a-z][^`\n#]*)"
)
SOMEBODYS_FOLDER = re.compile(r"(?<![\w.-])/(?:home|root|Users)/")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """A page without its code blocks, in which brackets are no links and hashes no headings."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """The addresses of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leaves(group: click.Group, context: click.Context, *path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group with its full name; groups themselves too."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        full = " ".join((*path, name))
        yield full, command
        if isinstance(command, click.Group):
            yield from leaves(command, context, *path, name)


@pytest.fixture
def commands(tmp_path: Path) -> dict[str, click.Command]:
    """What `flask --help` lists, by full name: the product's own commands, its libraries' and Flask's."""

    def app() -> Flask:
        return create_app(make_settings(tmp_path))

    group = FlaskGroup(create_app=app)
    with click.Context(group, obj=ScriptInfo(create_app=app, set_debug_flag=False)) as context:
        return dict(leaves(group, context))


def rows_of_settings() -> list[tuple[str, str]]:
    """Name and default in the guide's table of settings, in its order."""
    return re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", OPERATOR_GUIDE.read_text(encoding="utf-8"), re.MULTILINE)


def test_the_operator_guide_has_every_setting_with_its_default() -> None:
    defaults = (field.default for field in Settings.model_fields.values())
    assert rows_of_settings() == [(name, shown(default)) for name, default in zip(env_names(), defaults, strict=True)]


def shown(default: object) -> str:
    """A default as the table has it: paths below the checkout without it, nothing as `empty`."""
    if isinstance(default, Path) and default.is_relative_to(ROOT):
        default = relative(default)
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return f"`{text}`" if text else "empty"


def test_the_operator_guide_has_every_command(commands: dict[str, click.Command]) -> None:
    guide = OPERATOR_GUIDE.read_text(encoding="utf-8")
    names = [name for name, command in commands.items() if not isinstance(command, click.Group)]
    assert {"up", "content import", "sandboxes doctor", "db upgrade"} <= set(names)
    assert [name for name in names if f"`{name}`" not in guide] == []


def test_every_command_that_is_shown_exists_with_its_options(commands: dict[str, click.Command]) -> None:
    sources = [*(ROOT / "quizapp").rglob("*.py"), *(ROOT / "quizapp").rglob("*.html")]
    shown = {command for file in (*PAGES, *sources) for command in SHOWN.findall(file.read_text(encoding="utf-8"))}
    assert {"backup create", "content import PATH --dry-run    "} <= shown
    assert [command for command in sorted(shown) if not _exists(command.split(), commands)] == []


def _exists(words: list[str], commands: dict[str, click.Command]) -> bool:
    names = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    command = next((commands[name] for name in names if name in commands), None)
    options = {option for parameter in command.params for option in parameter.opts} if command is not None else set()
    asked = {word.strip("[]").partition("=")[0] for word in words if word.strip("[").startswith("--")}
    return command is not None and asked <= options | {"--help"}


def test_every_command_has_help(commands: dict[str, click.Command]) -> None:
    assert [name for name, command in commands.items() if not (command.help or "").strip()] == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for path, anchor in LINK.findall(prose(page)):
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(f"{path}#{anchor}" if anchor else path)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_no_page_names_somebodys_folder(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if SOMEBODYS_FOLDER.search(line) or f"{ROOT}/" in line] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md":
            reached.add(page)
            waiting += [(page.parent / path).resolve() for path, _ in LINK.findall(prose(page)) if path]
    assert [relative(page) for page in PAGES if page not in reached] == []


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "docs" / "content-format.md"], ids=relative)
def test_the_notes_shown_are_read_as_they_say(page: Path) -> None:
    (example,) = NOTE_FENCE.findall(page.read_text(encoding="utf-8"))
    note = parse_note(example.encode())
    assert note.warnings == ()
    assert [question.answered for question in note.questions] == [True]
    assert [card.answered for card in note.everything_asked if card.flashcard] == [True]


def test_the_kinds_of_questions_shown_are_read_as_they_say() -> None:
    (example,) = KINDS_FENCE.findall((ROOT / "docs" / "content-format.md").read_text(encoding="utf-8"))
    note = parse_note(f"# Quiz\n\n{example}".encode())
    assert note.warnings == ()
    assert [one.expected.kind for one in note.questions if one.expected] == ["short", "number", "order"]


@pytest.mark.parametrize("image", IMAGES, ids=relative)
def test_images_are_small_and_shown(image: Path) -> None:
    assert image.stat().st_size <= IMAGE_MAX_BYTES
    assert any(image.name in page.read_text(encoding="utf-8") for page in PAGES)


def test_every_decision_is_listed_once_in_order_with_its_whole_title() -> None:
    lines = (DECISIONS / "README.md").read_text(encoding="utf-8").split("\n\n", 2)[2]
    listed = LISTED.findall(lines)
    assert listed == [path.name for path in sorted(DECISIONS.glob("0*.md"))]
    assert LISTED.sub("", lines) == "", "each entry is one whole link"
