"""Profiles a step of the Python runtime with a sampling profiler.

    python -m bench.profile getCall --prefetch 10

Prints the lines with the most samples, and the functions with the most samples including called functions. Only samples
with the interpreter's lock count: system calls, waiting and ciphers release the lock. `--stacks FILE` saves the stacks
for flame graphs.
"""

import argparse
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.environment import environment
from bench.runs import WARM, Load, fill, metrics, watch
from bench.runtimes import PYTHON, ROOT
from bench.sections import FULL, JOBS
from services.step_queues import step_queues

RATE = 400  # samples a second
PLACE = re.compile(r"(?P<function>.+) \((?P<file>.+?)(:(?P<line>\d+))?\)$")
OUTSIDE = re.compile(r".*/(site-packages|python3[.\d]*)/")


def main() -> None:
    """Run a step under the profiler and print the shares."""
    parser = argparse.ArgumentParser(
        prog="bench.profile", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("function", choices=JOBS)
    parser.add_argument("--prefetch", type=int, default=10)
    parser.add_argument("--messages", type=int, help="messages in the queue")
    parser.add_argument("--stacks", type=Path, help="write the stacks to this file")
    parser.add_argument("--top", type=int, default=30, help="number of lines per list")
    options = parser.parse_args()
    load = Load(options.messages or 2 * FULL.count(options.function), 60, options.prefetch)
    with TemporaryDirectory() as folder:
        stacks = options.stacks or Path(folder) / "stacks"
        profile(options.function, load, stacks)
        show(stacks.read_text().splitlines(), options.top)


def profile(function: str, load: Load, stacks: Path) -> None:
    """Write the stacks of a step and the number of samples of each stack."""
    with environment() as everything, step_queues(everything.broker_uri) as queues:
        job = JOBS[function](everything.nginx)
        fill(queues, job.body, load.count)
        with everything.start(PYTHON, job, queues, **load.settings) as step:
            watch(queues, [step], lambda results: results >= load.count * WARM, load.seconds)
            spy = Path(sys.executable).with_name("py-spy")
            command = (
                spy,
                "record",
                "--gil",
                "--nonblocking",
                "--full-filenames",
                "--format",
                "raw",
                "--rate",
                str(RATE),
                "--output",
                stacks,
            )
            with subprocess.Popen((*command, "--pid", str(step.pid)), stdout=subprocess.DEVNULL) as spying:
                samples = watch(queues, [step], lambda results: results >= load.count, load.seconds)
                rate = metrics(step.started, samples)["steady_rate"]
                step.stop()  # the profiler exits with the step
                spying.wait()
    print(f"{function} at prefetch {load.prefetch}: {rate:,.0f} messages per second under the profiler\n")


def show(stacks: Iterable[str], top: int) -> None:
    """Print the places with the largest shares."""
    own: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for line in stacks:
        frames, _, count = line.rpartition(" ")
        places = [place(frame) for frame in frames.split(";")]
        own[places[-1]] += int(count)
        whole.update(dict.fromkeys({re.sub(r":\d+ ", " ", each) for each in places}, int(count)))
    total = own.total()
    for title, counts in (("of the line alone", own), ("including called functions", whole)):
        print(f"share {title}")
        for name, samples in counts.most_common(top):
            print(f"{samples / total:6.1%}  {name}")
        print()


def place(frame: str) -> str:
    """Return a frame as `file:line function`, with a short file name."""
    found = PLACE.match(frame)
    if not found:
        return frame
    file = OUTSIDE.sub("", found["file"].removeprefix(f"{ROOT}/"))
    return f"{file}:{found['line']} {found['function']}"


if __name__ == "__main__":
    main()
