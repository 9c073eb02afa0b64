"""Answers a sentence: asks guardian for leave, nlu for the meaning, and keeps the history in redis when there is one."""

import os

import httpx
import redis.asyncio as redis
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI(title="orchestrator")
guardian = os.environ.get("GUARDIAN_URL", "http://guardian:8000")
nlu = os.environ.get("NLU_URL", "http://nlu:8000")
redis_url = os.environ.get("REDIS_URL")
history = redis.from_url(redis_url, socket_connect_timeout=0.5, decode_responses=True) if redis_url else None

ANSWERS = {
    "greet": "Hello!",
    "set_timer": "A timer for {minutes} minutes is set.",
    "weather": "I cannot look outside from here, but I hope for sun in {place}.",
    "remember": "I will remember that {what}.",
    "unknown": "I did not understand that.",
}


class Question(BaseModel):
    text: str
    session: str = "default"


@app.get("/health")
def health() -> dict:
    return {"status": "ok"}


@app.post("/ask")
async def ask(question: Question) -> dict:
    async with httpx.AsyncClient(timeout=2) as client:
        leave = await client.get(f"{guardian}/admit")
        if leave.status_code != 200:
            raise HTTPException(503, detail=leave.json())
        meaning = (await client.post(f"{nlu}/classify", json={"text": question.text})).json()
    slots = {"place": "your town", **meaning["slots"]}
    answer = ANSWERS[meaning["intent"]].format_map(slots)
    return {"answer": answer, "intent": meaning["intent"], "turns": await remember(question, answer)}


async def remember(question: Question, answer: str) -> int | None:
    """Adds a turn to the session and counts them; None when there is no redis, which is no reason to fail."""
    if history is None:
        return None
    try:
        return await history.rpush(f"history:{question.session}", f"{question.text} -> {answer}")
    except redis.RedisError:
        return None
