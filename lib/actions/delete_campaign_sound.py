"""Delete a sound

CallFire archives the sound: it no longer shows, but broadcasts that use it still play it.
"""

from lib.callfire import DELETE, SOUND_ID, Operation

operation = Operation(DELETE("/campaigns/sounds/{id}"), path=(SOUND_ID,))
process = operation.process
