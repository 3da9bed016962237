"""Which of our packages a file may import

sandbox and sdk import none of ours; lib takes from elasticio only what it exports; nobody but lib, the credential
check and the tests knows lib.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

OURS = {
    "bench",
    "demo",
    "elasticio",
    "elasticio_runner",
    "lib",
    "sandbox",
    "services",
    "tests",
    "tools",
    "verify_credentials",
}
MAY_IMPORT = {
    "lib": {"elasticio", "lib"},
    "verify_credentials.py": {"elasticio", "lib"},
    "sandbox": {"sandbox"},
    "sdk": {"elasticio"},
    "runner": {"elasticio", "elasticio_runner"},
    "services": {"services"},
    "tools": {"elasticio", "lib", "tools"},
    "tests": OURS,
}
ANYTHING_ELSE = OURS - {"lib", "tests"}  # the demo and the measurements
LOADERS = {"import_module", "__import__", "run_module"}


def exported(init: ast.Module) -> set[str]:
    """Return what a package's __init__ lists in __all__."""
    for node in init.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(name, ast.Name) and name.id == "__all__" for name in node.targets
        ):
            return set(ast.literal_eval(node.value))
    raise ValueError("The package has no __all__.")


def faults(path: Path, tree: ast.Module, public: set[str]) -> list[str]:
    """Return a line for each import of `path`, a path in the repository, that is against the rules."""
    room = path.parts[0]
    allowed = MAY_IMPORT.get(room, ANYTHING_ELSE)
    found = []
    for line, module, name in _imports(path, tree):
        package = module.split(".")[0]
        if package in OURS - allowed:
            found.append(f"{path}:{line}: {room} must not import {package}")
        elif package == "elasticio" and room in ("lib", "verify_credentials.py"):
            if module != "elasticio":
                found.append(f"{path}:{line}: {module} is not public, import from elasticio")
            elif name and name not in public:
                found.append(f"{path}:{line}: elasticio does not export {name}")
    return found


def _imports(path: Path, tree: ast.Module) -> Iterator[tuple[int, str, str | None]]:
    """Yield line, module and the name taken from it, if any, for every way to get at a module."""
    package = list(path.parts[:-1]) if path.parts[0] not in ("sdk", "runner") else list(path.parts[1:-1])
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name, None) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                above = package[: len(package) - level + 1] if level else []
                source = ".".join([*above, *([module] if module else [])])
                yield from ((node.lineno, source, alias.name) for alias in names)
            case ast.Attribute(value=ast.Name(id="elasticio"), attr=attribute):
                yield node.lineno, "elasticio", attribute
            case ast.Call(
                func=ast.Name(id=called) | ast.Attribute(attr=called), args=[ast.Constant(value=str(module)), *_]
            ):
                if called in LOADERS:
                    yield node.lineno, module, None
