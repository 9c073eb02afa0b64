"""Turns an answer of the orchestrator into the words a speaker would say. No synthesiser is built in: `audio` stays null."""

import os
import re

import httpx
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI(title="voice")
orchestrator = os.environ.get("ORCHESTRATOR_URL", "http://orchestrator:8000")

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"


class Utterance(BaseModel):
    text: str


def spell(number: int) -> str:
    """A number below one hundred in words; larger ones digit by digit."""
    ones, tens = ONES.split(), TENS.split()
    if number < 20:
        return ones[number]
    if number < 100:
        return tens[number // 10 - 2] + (f"-{ones[number % 10]}" if number % 10 else "")
    return " ".join(ones[int(digit)] for digit in str(number))


def spoken(text: str) -> str:
    return re.sub(r"\d+", lambda match: spell(int(match.group())), text)


@app.get("/health")
def health() -> dict:
    return {"status": "ok", "synthesiser": None}


@app.post("/say")
async def say(utterance: Utterance) -> dict:
    async with httpx.AsyncClient(timeout=5) as client:
        reply = await client.post(f"{orchestrator}/ask", json={"text": utterance.text, "session": "voice"})
        reply.raise_for_status()
    return {"spoken": spoken(reply.json()["answer"]), "audio": None}
