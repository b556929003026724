"""Addresses of the arrival desk, of how people are received, and of the supervisors."""

from django.urls import path

from checkin.web import desk, handling, sentences, supervisors, walk_in_classes
from conference.access import conference_role
from conference.models import Role

_at_the_desk = conference_role(Role.PROTOCOL, Role.DESK)
_protocol = conference_role(Role.PROTOCOL)
_organiser = conference_role()
_DESK = "organise/<slug:slug>/desk/"
_SUPERVISORS = "organise/<slug:slug>/supervisors/"

urlpatterns = [
    path(_DESK, _at_the_desk(desk.desk), name="desk"),
    path(f"{_DESK}walk-in/", _at_the_desk(desk.walk_in), name="desk_walk_in"),
    path(
        f"{_DESK}walk-in/classes/",
        _organiser(walk_in_classes.walk_in_classes),
        name="walk_in_classes",
    ),
    path(f"{_DESK}sentences/", _protocol(sentences.sentence_list), name="sentence_list"),
    path(
        f"{_DESK}sentences/<int:pk>/remove/",
        _protocol(sentences.sentence_remove),
        name="sentence_remove",
    ),
    path(f"{_DESK}<int:pk>/", _at_the_desk(desk.person), name="desk_person"),
    path(f"{_DESK}<int:pk>/print/", _at_the_desk(desk.badge_print), name="desk_print"),
    path(f"{_DESK}<int:pk>/replace/", _at_the_desk(desk.badge_replace), name="desk_replace"),
    path(f"{_DESK}<int:pk>/substitute/", _at_the_desk(desk.substitute), name="desk_substitute"),
    path(f"{_DESK}<int:pk>/handling/", _at_the_desk(handling.handle), name="desk_handling"),
    path(f"{_DESK}<int:pk>/block/", _protocol(handling.block), name="desk_block"),
    path(f"{_DESK}<int:pk>/unblock/", _protocol(handling.unblock), name="desk_unblock"),
    path(_SUPERVISORS, _organiser(supervisors.supervisor_list), name="supervisor_list"),
    path(f"{_SUPERVISORS}new/", _organiser(supervisors.supervisor_new), name="supervisor_new"),
    path(
        f"{_SUPERVISORS}<int:pk>/pin/",
        _organiser(supervisors.supervisor_pin),
        name="supervisor_pin",
    ),
    path(
        f"{_SUPERVISORS}<int:pk>/end/",
        _organiser(supervisors.supervisor_end),
        name="supervisor_end",
    ),
]
