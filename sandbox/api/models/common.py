"""Objects that many operations return."""

from sandbox.api.schema import INT, LONG, STRING, model

RESOURCE_ID = model("ResourceId", id=LONG)
ERROR_RESPONSE = model(
    "ErrorResponse", developerMessage=STRING, helpLink=STRING, httpStatusCode=INT, internalCode=STRING, message=STRING
)
