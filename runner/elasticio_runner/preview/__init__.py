"""`elasticio preview`: a local page that shows a component as the platform's designer does.

command      the parser, and the command until Ctrl-C
server       the page's routes
page_access  refuses requests of other web sites
description  component.json as the page shows it: functions and fields in the designer's order
schemas      the static input and output schemas of a function
calls        calls of the component, each in a new process with a time limit
call_child   the program of that process
static/      the page: HTML, CSS and JavaScript without a build step

Credentials go from the page through the server to the new process and are stored nowhere. Only files that a function
emits are stored, in a temporary folder that is deleted at the end.
"""
