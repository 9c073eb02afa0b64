"""Keeps facts in redis."""

import os

import redis
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI(title="memory")
facts = redis.from_url(os.environ.get("REDIS_URL", "redis://redis:6379"), socket_connect_timeout=1, decode_responses=True)


class Fact(BaseModel):
    text: str


@app.get("/health")
def health() -> dict:
    try:
        return {"status": "ok", "facts": facts.hlen("facts")}
    except redis.RedisError as error:
        raise HTTPException(503, detail=f"redis does not answer: {error}") from error


@app.put("/facts/{name}")
def put(name: str, fact: Fact) -> dict:
    return {"name": name, "new": bool(facts.hset("facts", name, fact.text))}


@app.get("/facts/{name}")
def get(name: str) -> dict:
    text = facts.hget("facts", name)
    if text is None:
        raise HTTPException(404, detail=f"nothing is known of {name}")
    return {"name": name, "text": text}
