#!/usr/bin/env python3
"""Runs the jobs of scripts/bench in one Python library: `peers.py numpy|numba|torch`.

Reads a request a line, {"do": "prepare", "job": ..., "precision": ...} or {"do": "turn", "seconds": ...}, and writes an
answer a line. Between requests it sleeps, so that rounds of several peers can be interleaved. One thread, one core.
"""

import json
import os
import sys
import time

# Before the libraries are loaded: they start their threads then.
for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA", "VECLIB_MAXIMUM"):
    os.environ[f"{name}_NUM_THREADS"] = "1"
pinned = hasattr(os, "sched_setaffinity")  # Linux
if pinned:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import importlib  # noqa: E402
import platform  # noqa: E402

# Seconds of each look at a formulation, and looks; the quickest look counts, so that a disturbed one does no harm.
LOOK, LOOKS = 0.05, 3
LOOK_STEPS = 50


def quickest(candidates, job, dtype):
    """The candidate with the least time for a replica; looks take turns, so that a disturbance hits all of them."""
    if len(candidates) == 1:
        return candidates[0]
    short, rate = {**job, "steps": min(LOOK_STEPS, job["steps"])}, job["learning_rates"][-1]
    tries = [make(short, chunk, dtype) for _, make, chunk in candidates]
    best = [float("inf")] * len(candidates)
    for descend in tries:
        descend(rate)
    for _ in range(LOOKS):
        for i, descend in enumerate(tries):
            calls, start = 0, time.perf_counter()
            while (spent := time.perf_counter() - start) < LOOK or calls == 0:
                descend(rate)
                calls += 1
            best[i] = min(best[i], spent / calls / candidates[i][2])
    return candidates[best.index(min(best))]


def prepare(library, job, precision):
    """The quickest formulation and size of chunk, ready to run; chunks divide the replicas. Or why there is none."""
    missing = library.MISSING.get((job["kind"], precision))
    if missing:
        return {"refused": missing}
    dtype = library.PRECISIONS[precision]
    candidates = [
        (name, make, chunk)
        for name, make in library.FORMULATIONS[job["kind"]].items()
        for chunk in library.CHUNKS[job["kind"]]
        if job["replicas"] % chunk == 0
    ]
    name, make, chunk = quickest(candidates, job, dtype)
    return {"job": job, "chunk": chunk, "descend": make(job, chunk, dtype), "how": f"{name}, {chunk} replicas at a time"}


def turn(prepared, seconds):
    """The whole job, again and again for at least so long: how often, how long, and the last point's mean square."""
    job, chunk, descend = prepared["job"], prepared["chunk"], prepared["descend"]
    times, start = 0, time.perf_counter()
    while True:
        for learning_rate in job["learning_rates"]:
            squares = 0.0
            for _ in range(job["replicas"] // chunk):
                first = descend(learning_rate)
                squares += float(first @ first)
        times += 1
        spent = time.perf_counter() - start
        if spent >= seconds:
            return {"times": times, "seconds": spent, "square": squares / job["replicas"]}


def main():
    library = importlib.import_module(f"{sys.argv[1]}_peer")
    versions = {"Python": platform.python_version(), **library.VERSIONS}
    answer({"versions": versions, "pinned": pinned, "precisions": list(library.PRECISIONS)})
    prepared = {}
    for line in sys.stdin:
        request = json.loads(line)
        key = request["precision"]
        if request["do"] == "prepare":
            prepared[key] = prepare(library, request["job"], key)
            answer({name: prepared[key].get(name) for name in ("refused", "how")})
        else:
            answer(turn(prepared[key], request["seconds"]))


def answer(value):
    print(json.dumps(value), flush=True)


main()
