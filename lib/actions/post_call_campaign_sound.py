"""Record a sound by phone

CallFire calls the number, and what is spoken there becomes a sound. It is not repeated by itself when it is not known
whether CallFire took it.
"""

from lib.callfire import FIELDS, POST, Operation, one, properties_of

operation = Operation(
    POST("/campaigns/sounds/calls"),
    query=(FIELDS,),
    body=properties_of("CallCreateSound", "toNumber"),
    returns=one("CampaignSound"),
)
process = operation.process
