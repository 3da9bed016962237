"""Finds the commands that the documents and the Makefile name, and those that tests start."""

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

from elasticio import cli

from tests.contract.repository import ROOT, code

# Functions of tests whose arguments are those of the command `elasticio`.
STARTERS = {"main", "elasticio", "hanging"}
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile", "bench", "docs", "sandbox", "sdk", "runner")
Command = tuple[str, ...]


def named_modules() -> set[str]:
    """Return the modules of this repository that documents and the Makefile start with `python -m`."""
    texts = "".join(path.read_text() for path in _documents())
    found = set(re.findall(r"python3? -m ([a-z_]+(?:\.[a-z_]+)*)", texts))
    return {name for name in found if (ROOT / name.replace(".", "/")).exists() or (ROOT / _file(name)).exists()}


def subcommands() -> set[Command]:
    """Return the commands of `elasticio` that its parser accepts, e.g. ("flow", "run")."""
    return set(_leaves(cli._parser([]), ()))


def started() -> set[Command]:
    """Return the words with which tests start programs: lists of texts, and arguments of STARTERS.

    ("-m", "elasticio", "flow", "run") and main(["flow", "run"]) both start the command ("flow", "run").
    """
    found: set[Command] = set()
    for _, tree in code("tests"):
        for node in ast.walk(tree):
            if isinstance(node, ast.List | ast.Tuple):
                found.add(_texts(node.elts))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in STARTERS:
                (first, *_) = node.args or [ast.Constant(None)]
                words = first.elts if isinstance(first, ast.List | ast.Tuple) else node.args
                found.add(("elasticio", *_texts(words)))
    return found


def starts(words: Command, command: Command) -> bool:
    """Whether the words contain the command at one place."""
    return any(words[at : at + len(command)] == command for at in range(len(words)))


def _leaves(parser: argparse.ArgumentParser, words: Command) -> Iterator[Command]:
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for group in groups:
        for name, child in group.choices.items():
            yield from _leaves(child, (*words, name))
    if not groups:
        yield words


def _texts(nodes: list[ast.expr]) -> Command:
    """Return the texts among expressions; every other expression becomes an empty text."""
    return tuple(node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "" for node in nodes)


def _documents() -> Iterator[Path]:
    for name in DOCUMENTS:
        path = ROOT / name
        yield from sorted(path.rglob("*.md")) if path.is_dir() else [path]


def _file(module: str) -> str:
    return f"{module.replace('.', '/')}.py"
