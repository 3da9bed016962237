"""The texts below the options in `--help`: examples, exit codes, completion."""

_COMPLETION = """\
completion in bash and zsh, including names of functions and fields:
  eval "$(register-python-argcomplete elasticio)"
"""

EXEC = f"""\
examples:
  elasticio exec FUNCTION --config @config.json --body '{{}}'   the function
  elasticio exec FUNCTION --select FIELD --config @config.json
  elasticio exec FUNCTION --metadata
  elasticio exec --verify --config @config.json

Results go to standard output, one JSON value per line. Errors, log lines and
what the component prints go to standard error. LOG_LEVEL (trace, debug, info,
warn, error, fatal) sets the level of the log lines.

exit codes:
  0    success; with --verify: the credentials are valid
  1    the function failed or rebounded, the credentials are invalid,
       or the command cannot run, for example without a required field
  2    the command line is invalid
  130  ended by Ctrl-C

{_COMPLETION}"""

RUN = f"""\
The first Ctrl-C starts no new runs and waits for all open messages. The second
ends the run.

exit codes:
  0    all messages succeeded
  1    a message failed or remained unfinished, or the flow cannot run
  2    the command line is invalid
  130  ended by the second Ctrl-C (143: SIGTERM)

LOG_LEVEL (trace, debug, info, warn, error, fatal) sets the level of the log lines.
docs/flows.md describes the events of --json.

{_COMPLETION}"""

CHECK = f"""\
Mistakes go to standard output, one per line: FILE:LINE: place: mistake; correction.
`elasticio flow run` makes the same check before it starts. Warnings do not prevent a run.

exit codes:
  0    no mistakes
  1    mistakes, or a file that cannot be read
  2    the command line is invalid
  130  ended by Ctrl-C

{_COMPLETION}"""
