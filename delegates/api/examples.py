"""What answers look like, for the description of the interface."""

from typing import Final

from drf_spectacular.utils import OpenApiExample

DELEGATION: Final = OpenApiExample(
    "A delegation that handed in its list",
    response_only=True,
    value={
        "id": 12,
        "conference": "suzhou-2026",
        "name": {"en": "California", "zh": "加利福尼亚州"},
        "party": {
            "type": "place",
            "kind": "state",
            "name": {"en": "California", "zh": "加利福尼亚州"},
            "country": "US",
            "code": "US-CA",
        },
        "precedence": 3,
        "state": "nominated",
        "answer": "accepted",
        "invitation": {
            "state": "accepted",
            "deadline": "2026-09-20T10:00:00Z",
            "sent_at": "2026-08-20T02:00:00Z",
            "opened_at": "2026-08-21T15:12:40Z",
            "answered_at": "2026-08-24T16:01:09Z",
            "know_by": None,
        },
        "people": {"members": 6, "nominated": 0, "submitted": 6, "approved": 0, "refused": 0},
        "nominations_close": "2026-10-10",
        "submitted_at": "2026-09-30T17:05:12Z",
        "focal_point": None,
    },
)
DELEGATE: Final = OpenApiExample(
    "A head of delegation, as the desk reads her",
    response_only=True,
    value={
        "id": 481,
        "uid": "4f0cbb1c-61c4-4bb5-a3f4-2f5c5d5c9d0e",
        "conference": "suzhou-2026",
        "delegation": 12,
        "delegation_name": {"en": "California", "zh": "加利福尼亚州"},
        "name": "Alice Ames",
        "native_name": "艾丽斯",
        "family_name": "Ames",
        "given_name": "Alice",
        "suffix": "",
        "name_order": "given_first",
        "honorific": "The Honorable",
        "title": {"en": "Mayor", "zh": "市长"},
        "title_en": "Mayor",
        "title_zh": "市长",
        "organisation": {"en": "City of Exampleton", "zh": ""},
        "role": "head",
        "badge_class": {"code": "delegate", "number": 1, "name": {"en": "Delegate", "zh": "代表"}},
        "state": "approved",
        "language": "en",
        "needs_interpreter": True,
        "photo_consent": True,
        "withdrawn_at": None,
        "updated_at": "2026-10-02T08:11:40.120000Z",
        "contact": None,
        "needs": None,
        "travel": None,
        "protocol": {"rank": 1, "vip": True},
    },
)
