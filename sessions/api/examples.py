"""What an answer looks like, for the description of the interface."""

from typing import Final

from drf_spectacular.utils import OpenApiExample

SESSION: Final = OpenApiExample(
    "A plenary, as everybody reads it",
    response_only=True,
    value={
        "id": 7,
        "uid": "9f7ad1d6-6d0e-4b0e-9b0a-5a3f4f1f4c11",
        "conference": "suzhou-2026",
        "parent": None,
        "kind": "plenary",
        "title": {"en": "Green cities", "zh": "绿色城市"},
        "summary": {"en": "", "zh": ""},
        "room": {
            "id": 2,
            "name": {"en": "Lotus Room", "zh": "荷花厅"},
            "venue": {"en": "Lake Centre", "zh": "湖滨中心"},
            "floor": "2",
        },
        "place": {"en": "", "zh": ""},
        "timezone": "Asia/Shanghai",
        "starts_at": "2026-11-03T01:30:00Z",
        "ends_at": "2026-11-03T03:00:00Z",
        "day": "2026-11-03",
        "languages": "en, zh",
        "interpretation": "simultaneous",
        "visibility": "public",
        "appearances": [
            {
                "part": "keynote",
                "name": {"en": "Li Na", "zh": "李娜"},
                "title": {"en": "Planner", "zh": "规划师"},
                "uncertain": False,
            }
        ],
        "seats": None,
        "published_at": "2026-10-01T02:00:00Z",
        "cancelled_at": None,
        "cancel_reason": {"en": "", "zh": ""},
        "sequence": 0,
        "invented": False,
        "updated_at": "2026-10-01T02:00:00Z",
    },
)
