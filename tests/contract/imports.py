"""The packages of this repository that a file may import.

`sandbox`, `sdk` and `services` import only themselves. `lib` imports only public names of elasticio. Only `lib`,
`tools`, the credential check and the tests import `lib`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGES = {
    "bench",
    "callfire_sandbox",
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
    "sandbox": {"callfire_sandbox"},
    "sdk": {"elasticio"},
    "runner": {"elasticio", "elasticio_runner"},
    "services": {"services"},
    "tools": {"callfire_sandbox", "elasticio", "lib", "tools"},
    "tests": PACKAGES,
}
ANYTHING_ELSE = PACKAGES - {"lib", "sandbox", "tests"}  # the demo and the benchmark
LOADERS = {"import_module", "__import__", "run_module"}


def exported(init: ast.Module) -> set[str]:
    """Return the names in __all__ of a package. Raises ValueError if there is none."""
    for node in init.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(name, ast.Name) and name.id == "__all__" for name in node.targets
        ):
            return set(ast.literal_eval(node.value))
    raise ValueError("The package has no __all__.")


def faults(path: Path, tree: ast.Module, public: set[str]) -> list[str]:
    """Return a line for each import that breaks the rules; `path` is the file's path in the repository."""
    room = path.parts[0]
    allowed = MAY_IMPORT.get(room, ANYTHING_ELSE)
    found = []
    for line, module, name in _imports(path, tree):
        package = module.split(".")[0]
        if package in PACKAGES - allowed:
            found.append(f"{path}:{line}: {room} must not import {package}")
        elif package == "elasticio" and room in ("lib", "verify_credentials.py"):
            if module != "elasticio":
                found.append(f"{path}:{line}: {module} is not public, import from elasticio")
            elif name and name not in public:
                found.append(f"{path}:{line}: elasticio does not export {name}")
    return found


def imported_modules(path: Path, tree: ast.Module) -> set[str]:
    """Return the full names of all modules that `path` imports, also within functions."""
    found = set()
    for _, module, name in _imports(path, tree):
        found |= {module, f"{module}.{name}"} if name else {module}
    return found


def _imports(path: Path, tree: ast.Module) -> Iterator[tuple[int, str, str | None]]:
    """Yield line, module and imported name, if any, for every way to import a module."""
    package = list(path.parts[:-1]) if path.parts[0] not in ("sdk", "runner", "sandbox") else list(path.parts[1:-1])
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
