"""A storm of faults during sends: errors before and after a send, SIGKILL in between, lost connections.

Each recipient has its own number, so the sandbox knows how often it was sent to. Each order has its own content. A kill
happens after the sandbox has executed a send and before its response, or some milliseconds later. A rebounded message
is delivered again after its delay, as on the platform.

    actions        the actions with duplicate prevention, and their results in the sandbox
    plan           the messages and the faults of a storm
    containers     processes of the step, which are killed and disconnected one by one
    run            one run
    storm_results  the results of a run
"""

from tests.integration.sends.actions import ACTIONS
from tests.integration.sends.plan import Plan
from tests.integration.sends.run import Storm, storm
from tests.integration.sends.storm_results import StormResults

__all__ = ["ACTIONS", "Plan", "Storm", "StormResults", "storm"]
