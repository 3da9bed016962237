"""Writes the pages of the documentation site to build/pages, for `make docs`.

The site contains docs/, the flow files of the recipes, and the documents that stay beside the code that they describe,
such as the README files. Links between these documents work in the repository and on the site. Links to other files of
the repository become plain text, because the site does not contain these files.
"""

import posixpath
import re
import shutil
import sys
from collections.abc import Set
from pathlib import Path

from tools.functions import ROOT

PAGES = ROOT / "build" / "pages"
OUTSIDE = {
    "README.md": "index.md",
    "sdk/README.md": "sdk.md",
    "sandbox/README.md": "sandbox-readme.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
}
"""Documents outside docs/, and their pages."""
_LINK = re.compile(r"(?P<picture>!?)\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\]\((?P<target>[^)\s#]*)(?P<anchor>#[^)\s]*)?\)")
_PICTURE = re.compile(r'(?P<name>src|srcset)="(?P<target>[^":]+)"')
_CODE_BLOCK = re.compile(r"(?ms)(^ *```.*?^ *```$)")


def write_pages(folder: Path = PAGES) -> None:
    """Write all files of the site into an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs", folder)
    (folder / "examples").mkdir()
    for flow in _flows():
        shutil.copy(flow, folder / "examples")
    files = (path for path in (ROOT / "docs").rglob("*") if path.is_file())
    sources = {path.relative_to(ROOT).as_posix() for path in (*files, *_flows())} | OUTSIDE.keys()
    for source in sources:
        if source.endswith(".md"):
            text = (ROOT / source).read_text(encoding="utf-8")
            (folder / page_of(source)).write_text(for_site(text, source, sources), encoding="utf-8")


def _flows() -> list[Path]:
    return sorted((ROOT / "examples").glob("*.flow.json"))


def page_of(source: str) -> str:
    """Return the path on the site for a path in the repository, e.g. `sends.md` for `docs/sends.md`."""
    return OUTSIDE.get(source, source.removeprefix("docs/"))


def for_site(text: str, source: str, sources: Set[str]) -> str:
    """Return the text of a document with links for the site. `sources` are the paths of all files of the site."""
    folder, own = posixpath.dirname(source), posixpath.dirname(page_of(source))

    def moved(target: str) -> str | None:
        path = posixpath.normpath(posixpath.join(folder, target))
        return posixpath.relpath(page_of(path), own or ".") if path in sources else None

    def link(found: re.Match[str]) -> str:
        target = found["target"]
        if not target or re.match(r"[a-z]+:", target):
            return found[0]
        page = moved(target)
        text = _LINK.sub(link, found["text"])
        return f"{found['picture']}[{text}]({page}{found['anchor'] or ''})" if page else text

    def picture(found: re.Match[str]) -> str:
        return f'{found["name"]}="{moved(found["target"]) or found["target"]}"'

    parts = _CODE_BLOCK.split(text)
    parts[::2] = [_PICTURE.sub(picture, _LINK.sub(link, part)) for part in parts[::2]]
    return "".join(parts)


if __name__ == "__main__":
    write_pages()
    sys.exit()
