"""Our sailor and the vendor's for Node.js at the same job, measured side by side

`python -m bench` (or `make bench`) runs both over one RabbitMQ and one HTTP target, in turns, and writes what came out:
bench/results/, the table in README.md, docs/performance.md and its plots.

sides      who is measured: our connector, and three ways to run the vendor's sailor
target     what they ask: nginx with fixed answers, and in a second pass the sandbox
world      everything that runs meanwhile: broker, platform, targets, the installed peer
step       a step's process, its processor time and its memory
runs       one run: fill the queue, start, watch the results come out
sections   what is measured, and with which sizes
results    the figures: medians, spreads, ratios of runs of the same turn, goals, JSON
report     tables of them
plots      pictures of them

Two have a command of their own: `python -m bench.sandbox` measures the sandbox beside nginx, `python -m bench.profile`
tells where our time goes.
"""
