"""Descriptions of public APIs (OpenAPI, Swagger), installed from npm at the version in package-lock.json"""

from pathlib import Path

from services.npm import install_packages

FOLDER = Path(__file__).parent


def api_descriptions() -> Path:
    """Return the folder with the descriptions, by version and format. Raises NodeMissingError if npm fails."""
    return install_packages(FOLDER) / "@readme" / "oas-examples"
