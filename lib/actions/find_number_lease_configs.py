"""Lookup Number Configurations

Returns the inbound call and text settings of the leased numbers, filtered by place or label.
"""

from lib.callfire import FIELDS, GET, LABEL_NAME, PAGE, PLACE, Operation, page_of

operation = Operation(
    GET("/numbers/leases/configs"),
    query=(*PLACE, LABEL_NAME, *PAGE, FIELDS),
    returns=page_of("NumberConfig", key=("number",)),
)
process = operation.process
get_meta_model = operation.get_meta_model
