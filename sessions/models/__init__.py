"""What happens: the timetable, the people on it and the seats."""

from sessions.models.appearance import Appearance, Speaker
from sessions.models.enrolment import Enrolment
from sessions.models.release import Release
from sessions.models.session import Session

__all__ = ["Appearance", "Enrolment", "Release", "Session", "Speaker"]
