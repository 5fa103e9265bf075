"""The shape of the house, read from the imports: who may know whom, and where Flask, WTForms and Docker appear.

Each test is one rule and lists every module that breaks it. A room is a folder with modules, a sub-room one inside it;
a module is written without `quizapp.`, as in `labs.judging.checks`.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "quizapp"

GROUND = {
    "spreadsheets", "block_rules", "garbage_collection", "column_types", "db", "dialects", "driver_connection",
    "driver_pool", "prepared_statements", "sqlite", "write_turns", "one_at_a_time", "settings", "addresses", "clock",
    "study_day", "zones", "errors", "verdicts", "confidence", "shown_progress", "dates", "durations",
    "process_figures", "malloc_arenas", "markdown_left_out",
}  # fmt: skip
FACTORY = {"", "navigation", "commands", "command_line", "gunicorn_sandboxd", "gunicorn_web", "tables", "up"}
# What each room may import beside itself and the ground.
MAY_IMPORT = {
    "web": set(),
    "backups": {"web"},
    "accounts": {"web"},
    "sandboxes": {"web"},
    "catalogue": {"web"},
    "review": {"catalogue", "accounts", "web"},
    "labs": {"catalogue", "sandboxes", "web"},
    "quiz": {"review", "catalogue", "accounts", "web"},
    "search": {"review", "catalogue", "accounts", "web"},
    "classes": {"quiz", "labs", "review", "catalogue", "accounts", "web"},
    "study": {"classes", "quiz", "labs", "review", "catalogue", "sandboxes", "accounts", "web"},
    "monitoring": {"sandboxes", "accounts", "backups", "web"},
    "admin": {"labs", "catalogue", "sandboxes", "monitoring", "accounts", "backups", "web"},
}
# What each sub-room may import of its own room; a name without a dot is a module beside the sub-rooms.
# fmt: off
MAY_IMPORT_INSIDE = {
    "accounts.openid": {"models", "people", "service"},
    "admin.bringing": {"service", "wiring"},
    "admin.concepts": {"questions", "question_places", "trail", "trail_views"},
    "admin.labs": {"notes", "diff", "trail"},
    "admin.notes": {"bringing", "diff", "trail", "trail_views"},
    "admin.owner": {"questions", "question_places", "wiring"},
    "admin.questions": {"diff", "question_places", "service", "trail", "wiring"},
    "catalogue.articles": {
        "html", "kinds", "models", "patches", "nearest", "question_shape", "question_wording", "same_thing",
        "visibility",
    },
    "catalogue.comments": {"models", "question_wording", "remits", "trail", "visibility"},
    "catalogue.editing": {
        "exporting", "formats", "html", "importing", "kinds", "labs", "models", "patches", "pictures", "store",
        "bounds", "retirement_consent", "note_paths", "picture_rows", "question_shape", "question_wording", "remits",
        "trail", "visibility", "yaml_text",
    },
    "catalogue.exporting": {
        "formats", "html", "models", "packages", "patches", "pictures", "store", "content_files", "item_keys",
        "note_paths", "remits", "visibility",
    },
    "catalogue.formats": {"html", "kinds", "bounds"},
    "catalogue.formats.banks": {"formats", "html", "kinds", "picture_kinds", "yaml_text"},
    "catalogue.formats.markdown": {"formats", "html", "kinds", "bounds", "yaml_text"},
    "catalogue.formats.markdown.as_meant": {"formats", "html", "kinds"},
    "catalogue.formats.markdown.conventions": {"formats", "html", "kinds"},
    "catalogue.html": set(),
    "catalogue.importing": {
        "formats", "html", "kinds", "labs", "models", "packages", "patches", "pictures", "store", "bounds",
        "retirement_consent", "content_files", "note_paths", "own_notes", "picture_kinds", "picture_rows",
        "question_shape", "remits", "visibility",
    },
    "catalogue.kinds": set(),
    "catalogue.labs": {"store", "bounds", "models", "visibility", "yaml_text"},
    "catalogue.lint": {"formats", "kinds"},
    "catalogue.models": {"kinds"},
    "catalogue.packages": {"formats"},
    "catalogue.patches": {"formats", "kinds"},
    "catalogue.pictures": {"formats", "html", "models", "content_files", "picture_kinds", "picture_sizes"},
    "catalogue.reports": {
        "editing", "html", "models", "question_shape", "question_wording", "remits", "trail", "visibility",
    },
    "catalogue.store": {
        "formats", "html", "kinds", "models", "patches", "pictures", "bounds", "content_files", "nearest",
        "note_paths", "question_shape", "question_wording", "trail", "visibility",
    },
    "catalogue.syncing": {
        "editing", "exporting", "formats", "importing", "labs", "models", "patches", "store", "retirement_consent",
        "content_files", "item_keys", "visibility",
    },
    "labs.judging": set(),
    "labs.runs": {"judging"},
    "labs.hosts": {"judging", "runs"},
    "labs.trials": {"judging", "runs"},
    "labs.proof": {"judging", "runs", "hosts", "trials"},
    "quiz.draw": {"figures", "models", "modes"},
    "quiz.figures": {"asked_question", "marking", "models"},
    "quiz.kinds": {"asked_question", "given_answer", "marking", "option_order"},
    "quiz.pages": {
        "draw", "kinds", "drafts", "given_answer", "given_commands", "marking", "models", "modes", "service",
        "sittings", "unanswered",
    },
    "review.fitting": {"due_loads", "memory", "models", "scheduler"},
    "review.log": {
        "deeds", "due_loads", "memory", "models", "queue", "rating", "note_retentions", "scheduler", "schedulers",
        "service", "statements",
    },
    "review.one_thing": {"due_loads", "mixing", "models", "statements"},
    "review.pages": {
        "log", "one_thing", "deeds", "limits", "due_loads", "memory", "models", "deed_order", "queries", "queue",
        "rating", "scheduler", "schedulers", "studied_notes", "undoing", "wording",
    },
    "sandboxes.recipe": set(),
    "sandboxes.engine": {"client", "recipe"},
    "sandboxes.terminals": {"client", "recipe", "engine"},
    "sandboxes.pool": {"client", "recipe", "engine", "terminals"},
    "sandboxes.remote": {"client", "client_errors", "engine"},
    "sandboxes.daemon": {"client", "recipe", "engine", "pool", "remote"},
    "study.hands_on": set(),
}
# fmt: on
SANDBOX_DOOR = "sandboxes.client"  # all of `sandboxes` that other rooms may open
DOCKER_FILES = {"sandboxes.engine.docker"}
KUBERNETES_FILES = {"sandboxes.engine.kubernetes_api"}
FLASK_FILES = {"views", "forms", "guards", "commands", "app", "blueprint", "wiring"}
WEB_LIBRARIES = {"flask", "wtforms", "flask_wtf", "flask_sock", "flask_compress", "werkzeug", "whitenoise"}
# What pure modules may use beside the standard library: libraries that compute and neither store nor serve.
PURE_LIBRARIES = {
    "defusedxml", "fsrs", "markdown_it", "mdit_py_plugins", "markupsafe", "nh3", "pygments", "pydantic",
    "pydantic_core", "rapidfuzz", "re2", "ruamel",
}  # fmt: skip
PURE_ROOMS = {
    "catalogue.formats", "catalogue.formats.banks", "catalogue.formats.markdown",
    "catalogue.formats.markdown.as_meant", "catalogue.formats.markdown.conventions", "catalogue.html",
    "catalogue.kinds", "catalogue.lint", "catalogue.patches", "labs.judging", "quiz.kinds",
}  # fmt: skip
PURE_MODULES = {
    "accounts.devices", "accounts.openid.claims", "accounts.openid.faults", "admin.diff", "admin.owner.account_list",
    "block_rules", "catalogue.asking_ways", "catalogue.bounds", "catalogue.editing.concept_words",
    "catalogue.item_figures", "catalogue.labs.drawn_values", "catalogue.labs.lab_file", "catalogue.labs.lab_format",
    "catalogue.labs.lab_lines", "catalogue.labs.lab_lint", "catalogue.labs.lab_parts", "catalogue.labs.lab_schema",
    "catalogue.labs.lab_values", "catalogue.labs.lab_words", "catalogue.labs.shown_commands", "catalogue.nearest",
    "catalogue.note_paths", "catalogue.picture_kinds", "catalogue.picture_sizes",
    "catalogue.pictures.picture_metadata", "catalogue.pictures.picture_text", "catalogue.snippets",
    "catalogue.store.identity", "catalogue.store.likeness", "catalogue.yaml_text", "confidence", "durations",
    "errors", "labs.hosts.motd", "labs.hosts.network_map", "labs.runs.calibration", "labs.runs.events",
    "labs.runs.plain_text", "labs.runs.predictions", "labs.runs.shell_history", "labs.runs.ticket",
    "labs.runs.timeline", "markdown_left_out", "quiz.asked_question", "quiz.draw.selection", "quiz.figures.elo",
    "quiz.given_answer", "quiz.marking", "quiz.modes", "quiz.option_order", "quiz.pages.link_text", "quiz.rating",
    "review.balancing", "review.fitting.accuracy", "review.fitting.evaluation", "review.fitting.history",
    "review.fitting.log_file", "review.fitting.weights", "review.leeches", "review.log.review_selection",
    "review.memory", "review.one_thing.form_choice", "review.plan_simulation", "review.scheduler", "review.wording",
    "sandboxes.client", "sandboxes.client_errors", "sandboxes.engine.probe", "sandboxes.pool.ownership",
    "sandboxes.pool.progress", "sandboxes.recipe.seccomp", "sandboxes.recipe.template", "sandboxes.remote.wire",
    "search.language", "search.patterns", "search.terms", "search.tokens", "shown_progress", "spreadsheets",
    "study.charts", "study_day", "verdicts", "zones",
}  # fmt: skip
MODULES_MOST = 36  # in one folder: some three columns of a screen. More, and rooms within it are wanted
LAYERS = {"models": 1, "queries": 2, "service": 2, "forms": 3, "views": 4, "commands": 4}


def module_of(path: Path) -> str:
    """`labs.judging.checks` for that file, `labs.judging` for the sub-room's own `__init__`, "" for the factory's."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").removesuffix(".")


MODULES = {module_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
SUB_ROOMS = {module for module, path in MODULES.items() if path.stem == "__init__" and "." in module}


@cache
def tree_of(module: str) -> ast.Module:
    """Its syntax tree. Parsed in a test and not before: each process of a run collects this file."""
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def imports(module: str) -> Iterator[str]:
    """Every module that `module` imports, wherever in it: of `from x import y` x.y where that is a module, else x."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative imports hide the direction"
            assert node.module is not None
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full.removeprefix("quizapp.") in MODULES else node.module


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Every module with its syntax tree."""
    return ((module, tree_of(module)) for module in MODULES)


@cache
def all_imports(module: str) -> frozenset[str]:
    return frozenset(imports(module))


def own_imports(module: str) -> set[str]:
    """The product's own modules that `module` imports."""
    return {name.removeprefix("quizapp.") for name in all_imports(module) if name.startswith("quizapp.")}


def libraries(module: str) -> set[str]:
    """The top-level names of everything else that it imports, the standard library apart."""
    return {name.split(".")[0] for name in all_imports(module)} - {"quizapp"} - sys.stdlib_module_names


def room(module: str) -> str:
    """The first part of a module: a room, or a file of the ground or the factory."""
    return module.split(".")[0]


def sub_room(module: str) -> str:
    """The innermost sub-room that a module is in, or its room."""
    parents = (module.rsplit(".", depth)[0] if depth else module for depth in range(module.count(".") + 1))
    return next((parent for parent in parents if parent in SUB_ROOMS), room(module))


def layer(module: str) -> int | None:
    """How high a module of a named layer stands in its room; None for all others."""
    stem = module.rsplit(".", 1)[-1]
    return LAYERS["views"] if stem.endswith("_views") else LAYERS.get(stem)


def is_pure(module: str) -> bool:
    """Whether a module promises to compute alone."""
    return module in PURE_MODULES or sub_room(module) in PURE_ROOMS


def test_rooms_know_only_what_lies_below_them() -> None:
    offenders = [
        f"{module} -> {target}"
        for module in MODULES
        if room(module) not in FACTORY
        for target in own_imports(module)
        if room(target) not in {room(module), *GROUND, *MAY_IMPORT.get(room(module), ())}
    ]
    assert offenders == []


def test_sub_rooms_know_only_what_lies_below_them() -> None:
    offenders = [
        f"{module} -> {target}"
        for module in MODULES
        if (here := sub_room(module)) in SUB_ROOMS
        for target in own_imports(module)
        if room(target) == room(module) and sub_room(target) != here
        if inside(target) not in MAY_IMPORT_INSIDE[here]
    ]
    assert offenders == []


def inside(module: str) -> str:
    """The part of a module's name that says where in its room it is: a sub-room, or a module beside those."""
    return module.split(".")[1] if "." in module else ""


def test_every_sub_room_has_its_rule() -> None:
    assert sorted(MAY_IMPORT_INSIDE) == sorted(SUB_ROOMS)


def test_no_import_goes_in_a_circle() -> None:
    graph = {module: own_imports(module) - {""} for module in MODULES if module}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' -> '.join(error.args[1])}")


def test_no_sub_room_is_in_a_circle() -> None:
    """The ways of writing and the reader that asks each of them count as one: they are apart for their number alone."""
    graph: dict[str, set[str]] = {name: set() for name in SUB_ROOMS}
    for module in MODULES:
        if (here := cut_out(sub_room(module))) in SUB_ROOMS:
            graph[here] |= {cut_out(sub_room(target)) for target in own_imports(module)} & SUB_ROOMS - {here}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"a circle of sub-rooms: {' -> '.join(error.args[1])}")


def cut_out(name: str) -> str:
    """The sub-room as it counts among the others."""
    return name.removesuffix(".conventions").removesuffix(".as_meant")


def test_no_folder_has_more_modules_than_one_can_look_over() -> None:
    modules = Counter(path.parent.relative_to(PACKAGE) for path in MODULES.values())
    assert {str(folder): count for folder, count in modules.items() if count > MODULES_MOST} == {}


def test_other_rooms_see_only_the_client_of_sandboxes() -> None:
    offenders = [
        f"{module} -> {target}"
        for module in MODULES
        if room(module) not in {"sandboxes", *FACTORY}
        for target in own_imports(module)
        if room(target) == "sandboxes" and target != SANDBOX_DOOR
    ]
    assert offenders == []


def test_flask_and_forms_stay_at_the_edge() -> None:
    offenders = [
        module
        for module in MODULES
        if room(module) not in {"web", *FACTORY} and libraries(module) & WEB_LIBRARIES
        if not {module.rsplit(".", 1)[-1].rsplit("_", 1)[-1]} & FLASK_FILES
    ]
    assert offenders == []


def test_one_file_knows_docker() -> None:
    assert {module for module in MODULES if "docker" in libraries(module)} == DOCKER_FILES


def test_one_file_knows_kubernetes() -> None:
    assert {module for module in MODULES if "kubernetes" in libraries(module)} == KUBERNETES_FILES


def test_one_file_asks_for_the_time() -> None:
    asking = {
        module
        for module, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
    }
    assert asking == {"clock"}


def test_layers_of_a_room_point_down() -> None:
    """views, commands -> forms -> service, queries -> models -> pure modules."""
    offenders = [
        f"{module} -> {target}"
        for module in MODULES
        if (mine := layer(module)) is not None
        for target in own_imports(module)
        if sub_room(target) == sub_room(module) and (other := layer(target)) is not None and other > mine
    ]
    assert offenders == []


def test_pure_modules_use_pure_modules_and_libraries_that_compute() -> None:
    offenders = [
        f"{module} -> {name}"
        for module in MODULES
        if is_pure(module)
        for name in [
            *(target for target in own_imports(module) if not is_pure(target)),
            *(libraries(module) - PURE_LIBRARIES),
        ]
    ]
    assert offenders == []


def test_a_module_that_says_it_is_pure_is_held_to_it() -> None:
    said = {module for module, tree in trees() if "Pure" in (ast.get_docstring(tree) or "")}
    assert {module for module in said if not is_pure(module)} == set()


def test_what_is_called_pure_exists() -> None:
    assert PURE_MODULES - MODULES.keys() == set()
    assert set() == PURE_ROOMS - SUB_ROOMS


def test_every_module_says_what_it_is() -> None:
    silent = [module for module, tree in trees() if not ast.get_docstring(tree)]
    assert silent == []


def test_no_module_is_empty() -> None:
    empty = [module for module, path in MODULES.items() if path.stem != "__init__" and len(tree_of(module).body) <= 1]
    assert empty == []


def test_the_factory_stays_small() -> None:
    assert len((PACKAGE / "__init__.py").read_text(encoding="utf-8").splitlines()) <= 60


def test_all_tables_are_known_from_the_start() -> None:
    assert own_imports("tables") == {module for module in MODULES if module.rsplit(".", 1)[-1] == "models"}


def test_the_migrations_are_one_straight_chain() -> None:
    """Two that were numbered side by side both stand in the folder after a merge, and no database can be made."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "migrations").glob("*.py"))]
    found = [re.findall(r'^(?:down_)?revision = (?:"(\w+)"|None)$', text, re.MULTILINE) for text in texts]
    assert [before for _, before in found] == ["", *(revision for revision, _ in found[:-1])]
