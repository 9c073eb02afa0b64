"""Admits work, or refuses it while memory is short."""

import os
from pathlib import Path

from fastapi import FastAPI, Response

app = FastAPI(title="guardian")
limit = float(os.environ.get("GUARDIAN_MAX_MEMORY_PERCENT", "90"))


def memory_used_percent() -> float:
    """How much of the machine's memory is in use, as the kernel sees it."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    kilobytes = {name: int(value.split()[0]) for name, value in (line.split(":") for line in lines)}
    return 100 * (1 - kilobytes["MemAvailable"] / kilobytes["MemTotal"])


@app.get("/health")
def health() -> dict:
    return {"status": "ok"}


@app.get("/admit")
def admit(response: Response) -> dict:
    used = memory_used_percent()
    admitted = used < limit
    if not admitted:
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return {"admitted": admitted, "memory_used_percent": round(used, 1), "limit_percent": limit}
