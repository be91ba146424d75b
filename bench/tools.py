"""Runs programs and measures them."""

import os
import resource
import statistics
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Cost:
    """What one run cost: seconds on the clock, seconds of processors, and the most memory in bytes; `None` where that is not
    known."""

    wall: float
    cpu: float
    memory: int | None


@dataclass
class Costs:
    """What several runs cost."""

    runs: list = field(default_factory=list)

    def wall(self):
        return statistics.median(run.wall for run in self.runs)

    def cpu(self):
        return statistics.median(run.cpu for run in self.runs)

    def memory(self):
        known = [run.memory for run in self.runs if run.memory]
        return max(known, default=None)


def once(command, **more):
    """Runs a command to its end. Raises where it fails."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE} | more
    began = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], **quiet)
    errors = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {errors.decode(errors='replace')[-2000:]}")
    # The kernel counts from the fork on, when the memory was still ours.
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    memory = usage.ru_maxrss * 1024 if usage.ru_maxrss > ours else None
    return Cost(wall, usage.ru_utime + usage.ru_stime, memory)


def alternating(commands, rounds, before=lambda name: None):
    """Runs several commands in turn, so that what else goes on meets all of them alike.

    `commands` has by name a command and how often it runs at the most."""
    costs = {name: Costs() for name in commands}
    for number in range(rounds):
        for name, (command, most) in commands.items():
            if number < most:
                before(name)
                costs[name].runs.append(once(command))
    return costs


def percentile(samples, part):
    ordered = sorted(samples)
    return ordered[int((len(ordered) - 1) * part)]


def resident(pid):
    """The resident memory of a process in bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("the process has ended")


def processor_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def quiet_down(pid, patience=120):
    """Waits until a process does nothing any more."""
    last, still = processor_seconds(pid), 0
    deadline = time.monotonic() + patience
    while still < 5 and time.monotonic() < deadline:
        time.sleep(0.1)
        now = processor_seconds(pid)
        still = still + 1 if now == last else 0
        last = now


def until(condition, patience=60):
    """Waits without pause until something is so; the seconds that took."""
    began = time.perf_counter()
    while not condition():
        if time.perf_counter() - began > patience:
            raise TimeoutError("it did not become so")
        # Leaves the processor to whoever makes it so.
        os.sched_yield()
    return time.perf_counter() - began


def fresh(folder):
    """An empty folder in place of whatever was there.

    What was there is put aside and not removed: ext4 takes no number of a file that was removed within the last half minute,
    and looks for another one, which costs whoever makes files next more than all the rest."""
    folder = Path(folder)
    if folder.exists():
        aside = folder.parent / "aside"
        aside.mkdir(exist_ok=True)
        folder.rename(aside / f"{folder.name}-{time.monotonic_ns()}")
    folder.mkdir(parents=True)
    return folder


def machine():
    """What the numbers were measured on, without its name."""
    cpuinfo = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.split(":", 1)[1].strip() for line in cpuinfo if line.startswith("model name")]
    memory = next(line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    return f"{os.cpu_count()} cores ({models[0] if models else os.uname().machine}), {int(memory) // 2**20} GiB, Linux {os.uname().release}"


def load():
    return os.getloadavg()[0]
