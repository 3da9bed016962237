"""Record Sound By Phone

Records a sound by phone: CallFire calls a number and records the speech. The call is not repeated if its outcome is
unknown.
"""

from lib.callfire import FIELDS, POST, Operation, one, properties_of

operation = Operation(
    POST("/campaigns/sounds/calls"),
    query=(FIELDS,),
    body=properties_of("CallCreateSound", "toNumber"),
    returns=one("CampaignSound"),
)
process = operation.process
