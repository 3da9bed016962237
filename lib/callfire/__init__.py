"""What actions share. An action declares an `Operation` with the names offered here."""

from lib.callfire.body import list_as, properties_of
from lib.callfire.fields import (
    boolean,
    integer,
    integers,
    model,
    models,
    moment,
    number,
    string_map,
    text,
    texts,
)
from lib.callfire.groups import (
    BATCH_ID,
    CAMPAIGN_ID,
    FIELDS,
    INTERVAL,
    LIMIT,
    OFFSET,
    PAGE,
    STRICT_VALIDATION,
)
from lib.callfire.operation import DELETE, GET, POST, PUT, Operation
from lib.callfire.returns import created, list_of, nothing, one, page_of, results_of

__all__ = [
    "BATCH_ID",
    "CAMPAIGN_ID",
    "DELETE",
    "FIELDS",
    "GET",
    "INTERVAL",
    "LIMIT",
    "OFFSET",
    "PAGE",
    "POST",
    "PUT",
    "STRICT_VALIDATION",
    "Operation",
    "boolean",
    "created",
    "integer",
    "integers",
    "list_as",
    "list_of",
    "model",
    "models",
    "moment",
    "nothing",
    "number",
    "one",
    "page_of",
    "properties_of",
    "results_of",
    "string_map",
    "text",
    "texts",
]
