"""A storm over sends: faults before and after the text went out, kill -9 between the two, a broker that goes away

Each recipient is a number of its own, so the sandbox knows how often it was texted, or called; of orders each asks for
something else. Kills strike when a text has just gone out and nothing of it has been answered, or some milliseconds
later: wherever the step then is. What the step puts back comes again after its time, as on the platform.

    actions     the actions that never send twice, and how to see what they did
    plan        what a storm does, and what goes wrong in it
    containers  processes of the step, which are killed and cut off one by one
    run         one run of it
    figures     what has come of it
"""

from tests.integration.sends.actions import ACTIONS
from tests.integration.sends.figures import Figures
from tests.integration.sends.plan import Plan
from tests.integration.sends.run import Storm, storm

__all__ = ["ACTIONS", "Figures", "Plan", "Storm", "storm"]
