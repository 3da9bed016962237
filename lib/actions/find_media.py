"""Lookup Media Files

Returns the media files (MMS) of the account, filtered by name.
"""

from lib.callfire import FIELDS, GET, PAGE, Operation, page_of, text

operation = Operation(
    GET("/media"),
    query=(text("filter", "Only files whose name contains this text.", label="Name Contains"), *PAGE, FIELDS),
    returns=page_of("Media"),
)
process = operation.process
get_meta_model = operation.get_meta_model
