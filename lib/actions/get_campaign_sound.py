"""Get a sound

Returns the name, status and length of a sound by its ID, without the sound itself. Download Sound returns the file.
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
