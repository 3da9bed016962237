"""Find media

Files that were uploaded for picture messages, by name.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, page_of, text

operation = Operation(
    GET("/media"),
    query=(text("filter", "Only files whose name contains this.", label="Name contains"), *PAGE, FIELDS),
    returns=page_of("Media"),
)
process = operation.process
get_meta_model = operation.get_meta_model
