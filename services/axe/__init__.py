"""axe-core, which finds accessibility faults of a web page; installed from npm at the version in package-lock.json"""

from pathlib import Path

from services.npm import install_packages

FOLDER = Path(__file__).parent


def axe_script() -> Path:
    """Return the script that defines `axe` in a page. Raises NodeMissingError if npm cannot install it."""
    return install_packages(FOLDER) / "axe-core" / "axe.min.js"
