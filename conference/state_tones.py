"""Which shape and colour go with the word of a state. The word itself comes from the model."""

GOOD = "good"
WAITING = "waiting"
WARN = "warn"
BAD = "bad"
INFO = "info"
NEUTRAL = "neutral"
CLOSED = "closed"

_CODES = {
    GOOD: (
        "accepted active accredited admitted agreed applied approved arrived checked_in confirmed "
        "delivered done in_force in_letter inside printed published seat sent settled green valid "
        "ready inbox texted"
    ),
    WAITING: (
        "asked claimed countered opened planned preview queued running scheduled sending submitted "
        "tentative waiting pending"
    ),
    WARN: (
        "amber bounced conflict expired held missed open overdue overflow quarantined uncertain "
        "unsaved waits"
    ),
    BAD: "declined failed red refused rejected revoked void",
    INFO: "answered block create invited nominated update new",
    CLOSED: (
        "cancelled closed discarded dropped ended known left moot outside repeated skip "
        "substituted unchanged withdrawn"
    ),
}
_TONES = {code: tone for tone, codes in _CODES.items() for code in codes.split()}


def tone_of(state: str) -> str:
    """Return the tone of a state's code; a state unknown here is neutral."""
    return _TONES.get(str(state), NEUTRAL)
