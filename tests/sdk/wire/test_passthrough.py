"""The passthrough: the messages of earlier steps."""

from typing import Any

import pytest
from elasticio import MessageError
from elasticio.wire.passthrough import passed_on, with_own_entry

EARLIER = {"step_0": {"body": 0}}


def test_the_passthrough_is_passed_on() -> None:
    message = {"body": 1, "passthrough": EARLIER}
    assert passed_on(message, None) == EARLIER
    assert passed_on(message, "step_1") == {**EARLIER, "step_1": {"body": 1}}
    assert passed_on({"body": 1}, "step_1") == {"step_1": {"body": 1}}
    assert message == {"body": 1, "passthrough": {"step_0": {"body": 0}}}


@pytest.mark.parametrize("nothing", [None, {}, "", 0, []])
def test_a_missing_passthrough_is_empty(nothing: Any) -> None:
    assert passed_on({"passthrough": nothing}, None) == {}


@pytest.mark.parametrize("odd", ["abc", [1], 5, True])
def test_a_passthrough_that_is_not_an_object_is_a_message_error(odd: Any) -> None:
    with pytest.raises(MessageError, match="passthrough"):
        passed_on({"passthrough": odd}, "step_1")


def test_the_entry_of_the_own_message_has_no_passthrough() -> None:
    message = {"body": 2, "headers": {"a": 1}, "passthrough": EARLIER}
    assert with_own_entry(message, "step_2") == {**EARLIER, "step_2": {"body": 2, "headers": {"a": 1}}}
