"""Runs flows and single functions on one machine and plays the platform for them.

cli             commands and options: `elasticio flow run` and `elasticio exec`
flow_run        `elasticio flow run`: display, signals, exit code
exec            `elasticio exec`: one function, once
flow_file       the flow file: read, checked, and turned into a `Flow`
mapping         JSONata on the edges between two steps
engine          one run of a flow: schedule, relay between steps, progress, state file
brokers         what carries the messages: memory, or RabbitMQ
hosts           a running step: in threads of this process, or in a separate process
local_platform  the platform's API, object storage and webhook gateway over HTTP
display         what the user sees: plain lines or a live table
builtin         the component with the steps that come with the runner
"""
