"""The platform's data of a step."""

from typing import Any

import pytest
from elasticio import PlatformError
from elasticio.runtime.context import StepData


@pytest.mark.parametrize("name", ["config", "variables"])
@pytest.mark.parametrize("value", ["text", 5, ["a"], True])
def test_data_that_would_fail_each_message_is_an_error_of_the_start(name: str, value: Any) -> None:
    with pytest.raises(PlatformError, match=f"returned a {name} that is not a JSON object"):
        StepData.read({name: value})


@pytest.mark.parametrize("name", ["config", "variables"])
@pytest.mark.parametrize("value", [None, {}, "", [], 0, False])
def test_no_data_is_an_empty_object(name: str, value: Any) -> None:
    assert getattr(StepData.read({name: value}), name) == {}
