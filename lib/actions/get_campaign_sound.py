"""Lookup Sound By ID

Returns the name, status and length of a sound by its ID. Use Download Sound (MP3) for the sound itself.
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
