"""The least that Flask can serve."""

from flask import Flask

app = Flask(__name__)


@app.get("/t/<code>")
def page(code: str) -> str:
    """Anybody sees this."""
    return "ready"
