"""Create Sound From Text (TTS)

Creates a sound from a text by text-to-speech (TTS), for use in calls.
"""

from lib.callfire import FIELDS, POST, Operation, one, properties_of

operation = Operation(
    POST("/campaigns/sounds/tts"),
    query=(FIELDS,),
    body=properties_of("TextToSpeech", "message"),
    returns=one("CampaignSound"),
)
process = operation.process
