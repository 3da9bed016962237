"""Make a sound of a text

CallFire speaks the text, and that becomes a sound for your calls.
"""

from lib.callfire import FIELDS, POST, Operation, one, properties_of

operation = Operation(
    POST("/campaigns/sounds/tts"),
    query=(FIELDS,),
    body=properties_of("TextToSpeech", "message"),
    returns=one("CampaignSound"),
)
process = operation.process
