"""Whole flows on one machine: the platform's part, small enough to sit beside the runtime.

definition   the flow file, read and checked (`places`, `problems`, `references`, `schema`)
mapping      JSONata between two steps
platform     the HTTP side: steps' data, startup data, object storage (`objects`), webhooks (`gateway`)
topology     the queues of a flow, in memory or on RabbitMQ (`amqp`)
relay        carries what a step emits over the edges to the next steps
hosts        run a step: in a thread of this process, or in a process of its own
progress     what each step has taken, emitted and failed, and whether anything is still on its way
state        snapshots and startup data between runs
display      tells it, live on a terminal and in plain lines elsewhere
runner       all of it, from the first message to the summary
once         one function, run once
"""
