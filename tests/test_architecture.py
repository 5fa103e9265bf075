"""The shape of the house, read from the imports: who may know whom, and where Flask, WTForms and Docker appear."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "quizapp"
MODULES = sorted(PACKAGE.rglob("*.py"))

# What each room may import beside itself and the ground. Rooms of one line know each other only downwards.
GROUND = {"db", "settings", "clock", "errors"}
MAY_IMPORT = {
    "web": set(),
    "accounts": {"web"},
    "sandboxes": {"web"},
    "catalogue": {"accounts", "web"},
    "labs": {"catalogue", "sandboxes", "accounts", "web"},
    "review": {"catalogue", "accounts", "web"},
    "quiz": {"labs", "review", "catalogue", "sandboxes", "accounts", "web"},
    "admin": {"quiz", "labs", "review", "catalogue", "accounts", "web"},
}
FACTORY = {"__init__", "navigation", "commands"}
FLASK_FILES = {"views", "forms", "guards", "commands", "app"}
WEB_LIBRARIES = {"flask", "wtforms", "flask_wtf", "flask_sock", "flask_limiter", "werkzeug", "whitenoise"}
DOCKER_FILE = PACKAGE / "sandboxes" / "docker_adapter.py"
SANDBOX_DOOR = "client"  # all of `sandboxes` that other rooms may open
# What pure modules may use beside the standard library: libraries that compute and neither store nor serve.
PURE_LIBRARIES = {"fsrs", "markdown_it", "mdit_py_plugins", "nh3", "pygments", "pydantic", "rapidfuzz", "ruamel"}
LAYERS = {"models": 1, "queries": 2, "service": 2, "forms": 3, "views": 4, "commands": 4}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[str]:
    """Every module that `path` imports, wherever in it, as full dotted names; of `from x import y` both x and x.y."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{relative(path)}: relative imports hide the direction"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(path: Path) -> str:
    """The first part of a module below the package: a room, or a file of the ground or the factory."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


def own_imports(path: Path) -> Iterator[list[str]]:
    """The product's own modules that `path` imports, as parts below `quizapp`."""
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "quizapp" and len(parts) > 1:
            yield parts[1:]


def libraries(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_imports_point_down(path: Path) -> None:
    here = room(path)
    if here in FACTORY:
        return
    for target in own_imports(path):
        there = target[0]
        if here in GROUND:
            assert there in GROUND, f"the ground knows no room: {there}"
        else:
            assert there == here or there in GROUND or there in MAY_IMPORT[here], f"{here} must not know {there}"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_other_rooms_see_only_the_client_of_sandboxes(path: Path) -> None:
    if room(path) in {"sandboxes", *FACTORY}:
        return
    for target in own_imports(path):
        if target[0] == "sandboxes":
            assert target[1:2] == [SANDBOX_DOOR], f"sandboxes is known by its client alone, not {'.'.join(target)}"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_flask_and_forms_stay_at_the_edge(path: Path) -> None:
    parts = {part.removesuffix(".py") for part in path.relative_to(PACKAGE).parts}
    if room(path) == "web" or room(path) in FACTORY or parts & FLASK_FILES:
        return
    assert not libraries(path) & WEB_LIBRARIES


def test_one_file_knows_docker() -> None:
    assert [path for path in MODULES if "docker" in libraries(path)] == [DOCKER_FILE]


def test_one_file_asks_for_the_time() -> None:
    clock = PACKAGE / "clock.py"
    asking = [
        path
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
    ]
    assert asking == [clock]


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_layers_of_a_room_point_down(path: Path) -> None:
    """views, commands -> forms -> service, queries -> models -> pure modules."""
    here = room(path)
    layer = LAYERS.get(path.stem, LAYERS["views"] if "views" in path.parts else 0)
    if here in GROUND | FACTORY | {"web"} or path.stem in {"__init__", "guards"} or here == "sandboxes":
        return
    for target in own_imports(path):
        if target[0] == here and len(target) > 1 and target[1] in LAYERS:
            assert LAYERS[target[1]] <= layer or (layer == 0 and not is_pure(path)), f"{path.stem} uses {target[1]}"


def is_pure(path: Path) -> bool:
    """A module of a room that is none of the named layers and touches no database."""
    return path.stem not in LAYERS and "sqlalchemy" not in libraries(path)


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_every_module_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "a module's first line says what it is"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_no_module_is_empty(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert len(tree.body) > 1 or path.stem == "__init__"


def test_the_factory_stays_small() -> None:
    assert len((PACKAGE / "__init__.py").read_text(encoding="utf-8").splitlines()) <= 60
