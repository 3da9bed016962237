"""The credentials of a component."""

from collections.abc import Iterator

from elasticio_runner.check.checked_component import CheckedComponent
from elasticio_runner.check.findings import Finding, error, warning
from elasticio_runner.check.rules.registry import rule

VERIFICATION = "verify_credentials"


@rule
def credentials_have_help_with_a_link(component: CheckedComponent) -> Iterator[Finding]:
    """The designer shows the help where a credential is created."""
    credentials = component.descriptor.get("credentials", {})
    help_ = credentials.get("help", {})
    if not credentials.get("fields"):
        return
    place = ("credentials", "help")
    if not help_.get("description"):
        yield warning(place, '"description" is missing', "Say where to find the credentials")
    if not str(help_.get("link", "")).startswith("https://"):
        yield warning(place, '"link" is missing or not an https:// address', "Link to the page for the credentials")


@rule
def credentials_and_forms_have_different_names(component: CheckedComponent) -> Iterator[Finding]:
    """A function reads credentials and fields from one config."""
    names = component.descriptor.get("credentials", {}).get("fields", {}).keys()
    for function in component.functions():
        for name in names & function.entry.get("fields", {}).keys():
            wrong = "a field of the credentials has the same name, and the config can hold only one of them"
            yield error((*function.place, "fields", name), wrong, "Rename the field")


@rule
def credentials_can_be_verified(component: CheckedComponent) -> Iterator[Finding]:
    """The platform verifies a new credential."""
    if component.descriptor.get("credentials", {}).get("fields") and VERIFICATION not in component.root_modules:
        advice = f"Add {VERIFICATION}.py with the function verify(config), which raises an error with the reason"
        yield warning(("credentials",), "the platform cannot verify the credentials", advice)
