"""What earlier steps emitted, carried along"""

from typing import Any

import pytest
from elasticio import MessageError
from elasticio.wire.passthrough import passed_on, with_own_entry

EARLIER = {"step_0": {"body": 0}}


def test_it_is_passed_on() -> None:
    message = {"body": 1, "passthrough": EARLIER}
    assert passed_on(message, None) == EARLIER
    assert passed_on(message, "step_1") == {**EARLIER, "step_1": {"body": 1}}
    assert passed_on({"body": 1}, "step_1") == {"step_1": {"body": 1}}
    assert message == {"body": 1, "passthrough": {"step_0": {"body": 0}}}


@pytest.mark.parametrize("nothing", [None, {}, "", 0, []])
def test_nothing_is_nothing(nothing: Any) -> None:
    assert passed_on({"passthrough": nothing}, None) == {}


@pytest.mark.parametrize("odd", ["abc", [1], 5, True])
def test_what_is_not_an_object_is_an_error_of_the_message(odd: Any) -> None:
    with pytest.raises(MessageError, match="passthrough"):
        passed_on({"passthrough": odd}, "step_1")


def test_the_own_message_is_an_entry_without_its_passthrough() -> None:
    message = {"body": 2, "headers": {"a": 1}, "passthrough": EARLIER}
    assert with_own_entry(message, "step_2") == {**EARLIER, "step_2": {"body": 2, "headers": {"a": 1}}}
