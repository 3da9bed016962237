"""Delete Sound By ID

Archives a sound: it no longer appears in lists, but broadcasts that use the sound still play it.
"""

from lib.callfire import DELETE, SOUND_ID, Operation

operation = Operation(DELETE("/campaigns/sounds/{id}"), path=(SOUND_ID,))
process = operation.process
