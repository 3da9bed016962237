"""A storm over sends: faults before and after a text is sent, SIGKILL between the two, a broker that goes away

Each recipient has another number, so the sandbox knows how often it was texted or called. Each order asks for something
else. A kill strikes when a text has been sent and the request is not answered yet, or some milliseconds later, wherever
the step is then. A rebounded message is delivered again after its delay, as on the platform.

    actions        the actions with duplicate prevention, and how to see what they did
    plan           what a storm does, and what fails in it
    containers     processes of the step, which are killed and disconnected one by one
    run            one run
    storm_results  the results of a run
"""

from tests.integration.sends.actions import ACTIONS
from tests.integration.sends.plan import Plan
from tests.integration.sends.run import Storm, storm
from tests.integration.sends.storm_results import StormResults

__all__ = ["ACTIONS", "Plan", "Storm", "StormResults", "storm"]
