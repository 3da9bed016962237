"""Delete do-not-contact entries of a source

Your account may contact all numbers again whose entries were made with this source.
"""

from lib.callfire import DELETE, Operation, text

operation = Operation(
    DELETE("/contacts/dncs/sources/{source}"),
    path=(text("source", "Source of the entries to delete."),),
)
process = operation.process
