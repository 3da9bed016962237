"""Whole flows on one machine: the platform's part, small enough to sit beside the runtime.

command      the command line's way in, with its signals
definition   the flow file, read and checked (`schema`, `checks`, `components`, `references`; `places`, `problems`)
mapping      JSONata between two steps
runner       all that follows, from the first message to the summary
platform     steps' data, startup data and stored files over HTTP (`server`, `objects`), requests in (`gateway`)
topology     a run's queues and the settings that lead its steps to them
backends     where it runs: in this process, or over RabbitMQ (`rabbit`, `amqp`)
hosts        a step at work in this process (`watched`), or in one of its own (`processes`, `child`)
relay        carries what steps emit over the edges to the next steps
progress     what each step has taken, emitted and failed, and whether anything is still on its way
state        snapshots and startup data between runs
display      tells it in plain lines, `live` on a terminal; `logs` brings in what is logged
once         one function, run once
builtin      the component with the steps that come with the runner
"""
