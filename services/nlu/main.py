"""Says what a sentence wants, by rules that a person can read."""

import re

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI(title="nlu")

# The first rule that matches wins. Named groups become slots.
RULES = [
    ("greet", r"\b(hello|hi|good (morning|evening))\b"),
    ("set_timer", r"\btimer\b.*?\b(?P<minutes>\d+) ?min"),
    ("weather", r"\b(weather|rain|sunny)\b(.*\bin (?P<place>[\w ]+?))?\s*[?.!]*$"),
    ("remember", r"\bremember (that )?(?P<what>.+?)\s*[.!]*$"),
]


class Sentence(BaseModel):
    text: str


@app.get("/health")
def health() -> dict:
    return {"status": "ok", "intents": [intent for intent, _ in RULES]}


@app.post("/classify")
def classify(sentence: Sentence) -> dict:
    for intent, pattern in RULES:
        if match := re.search(pattern, sentence.text, re.IGNORECASE):
            return {"intent": intent, "slots": {slot: value for slot, value in match.groupdict().items() if value}}
    return {"intent": "unknown", "slots": {}}
