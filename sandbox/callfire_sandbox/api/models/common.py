"""Objects that many operations return."""

from callfire_sandbox.api.schema import INT, LONG, STRING, about, model

RESOURCE_ID = model("ResourceId", "The id of a new resource.", id=about(LONG, "The id."))
ERROR_RESPONSE = model(
    "ErrorResponse",
    "An error.",
    developerMessage=about(STRING, "Details for developers."),
    helpLink=about(STRING, "URL of an explanation."),
    httpStatusCode=about(INT, "HTTP status of the response."),
    internalCode=about(STRING, "Code of the error."),
    message=about(STRING, "What is wrong and what to do."),
)
