"""A benchmark of this SDK and the vendor's Node.js sailor.

`python -m bench` (or `make bench`) runs the same jobs with each runtime, in turns, over one RabbitMQ and one target. It
writes bench/results/, docs/performance.md and its plots.

runtimes      the compared runtimes: this connector, and three variants of the Node.js sailor
target        the HTTP targets: nginx with fixed responses, and the sandbox
environment   broker, platform, targets and the installed Node.js sailor
step          a step's process, its CPU time and its memory
runs          one run: fill the queue, start the step, sample the results
sections      the measurements and their sizes
results       medians, spreads, ratios and goals; JSON
report        tables
plots         plots

Further commands: `python -m bench.sandbox` compares the sandbox with nginx. `python -m bench.profile` profiles a step.
`python -m bench.trace` counts the files, functions and hops of one message.
"""
