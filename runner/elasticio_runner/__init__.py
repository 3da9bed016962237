"""Runs flows and single functions on one machine, with a local platform.

cli             commands and options: `elasticio flow run` and `elasticio exec`
flow_run        `elasticio flow run`: display, signals, exit code
exec            `elasticio exec`: runs one function once
check           `elasticio check`: compares a component with the rules of the platform
new             `elasticio new`: creates a component, empty or from the description of an API
flow_file       reads and checks a flow file, and returns a `Flow`
mapping         JSONata on the edges between two steps
engine          one run of a flow: schedule, relay between steps, progress, state file
brokers         the broker for the messages: in memory or RabbitMQ
hosts           a running step: in threads of this process, or in a separate process
local_platform  the platform's API, object storage and webhook gateway over HTTP
display         the output for the user: plain lines or a live table
builtin         the component with the runner's own steps
"""
