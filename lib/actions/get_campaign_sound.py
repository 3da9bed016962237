"""Get a sound

What is known of a sound by its ID: name, status, length. The sound itself is a download of its own.
"""

from lib.callfire import FIELDS, GET, SOUND_ID, Operation, one
from lib.callfire.operation.selects import sounds

operation = Operation(
    GET("/campaigns/sounds/{id}"),
    path=(SOUND_ID,),
    query=(FIELDS,),
    returns=one("CampaignSound"),
    selects={"id": sounds},
)
process = operation.process
