"""Find number settings

What happens with calls and texts to each of your leased numbers.
"""

from lib.callfire import FIELDS, GET, LABEL_NAME, PAGE, PLACE, Operation, page_of

operation = Operation(
    GET("/numbers/leases/configs"),
    query=(*PLACE, LABEL_NAME, *PAGE, FIELDS),
    returns=page_of("NumberConfig", key=("number",)),
)
process = operation.process
get_meta_model = operation.get_meta_model
