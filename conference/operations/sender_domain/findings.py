"""What was found for one part. Facts only, so that they can be kept and told in any language."""

from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conference import state_tones

#: Of a record so much is kept and shown; nobody needs more to recognise it.
SHOWN = 500


class Part(models.TextChoices):
    """What is looked up, by its name in the field."""

    SPF = "spf", "SPF"
    DKIM = "dkim", "DKIM"
    DMARC = "dmarc", "DMARC"
    FIT = "fit", _("Whether they fit the sender")


class State(models.TextChoices):
    """How it stands with one part."""

    GOOD = "good", pgettext_lazy("record of a domain", "in order")
    WEAK = "weak", pgettext_lazy("record of a domain", "to be mended")
    MISSING = "missing", pgettext_lazy("record of a domain", "missing")
    UNKNOWN = "unknown", pgettext_lazy("record of a domain", "not known")


_TONES = {
    State.GOOD: state_tones.GOOD,
    State.WEAK: state_tones.WARN,
    State.MISSING: state_tones.WARN,
    State.UNKNOWN: state_tones.NEUTRAL,
}


@dataclass(frozen=True, kw_only=True)
class Record:
    """A TXT record to publish: the full name it stands at, and its text."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One part as it was found.

    ``code`` says which case it is (see ``words.py``), ``facts`` are what its sentences name.
    ``is_usable`` tells whether recipients' servers can pass a letter by it.
    """

    part: Part
    state: State
    code: str
    #: The domain, or the full name of the key, that this is about.
    name: str
    found: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    proposal: Record | None = None
    is_usable: bool = False
    #: Whether its domain is that of the sender as DMARC asks for it.
    is_aligned: bool = False

    @property
    def tone(self) -> str:
        """Which shape and colour go with the state."""
        return _TONES[self.state]
