"""Lookup Number Regions

Returns regions in which numbers are available, with their prefixes.
"""

from lib.callfire import FIELDS, GET, PAGE, PLACE, Operation, page_of, text

operation = Operation(
    GET("/numbers/regions"),
    query=(
        *PLACE,
        text("cityPrefix", "First letters of the city."),
        text("country", "Country, two letters, e.g. US."),
        *PAGE,
        FIELDS,
    ),
    returns=page_of("Region", key=()),
)
process = operation.process
get_meta_model = operation.get_meta_model
