"""`elasticio new`: creates a component, empty or from the description of an HTTP API.

command             the options, and writing the files
greeting_component  the files of a component without a description
api_component       the files of a component from a description
component_files     the files that every new component has; templates has their texts
description         reads OpenAPI 3.0, OpenAPI 3.1 and Swagger 2.0
operations          the operations of a description as functions, with their inputs
mapper_schema       schemas of a description in the mapper's dialect
security, servers   the fields of the credentials
swagger2            what Swagger 2.0 writes in another way
naming, plain_text  names and texts for the designer
python_code         literals and declarations
logo                the picture
"""
