"""Addresses of the programme: the public one, the delegate's own pages, the organiser's desk."""

from django.urls import path

from conference.access import conference_role, declare, public
from conference.models import Role
from delegates.access import delegate_link, my_delegate
from sessions.web import (
    calendar,
    editing,
    edition,
    enrolled,
    inbox,
    me,
    notices,
    programme,
    publishing,
    reminder_editing,
    reminders,
    seats,
    speakers,
    text_link,
    texts,
)
from sessions.web import public as public_pages

app_name = "programme"

ORGANISE = "organise/<slug:slug>/programme/"
REMINDERS = "organise/<slug:slug>/reminders/"
read = conference_role(Role.PROTOCOL, Role.PROGRAMME)
write = conference_role(Role.PROGRAMME)
remind = conference_role(Role.PROTOCOL)

urlpatterns = [
    path("conferences/<slug:slug>/", public(edition.edition), name="edition"),
    path("conferences/<slug:slug>/programme/", public(public_pages.public), name="public"),
    path("calendar/<str:token>.ics", declare(calendar.feed, "personal_link"), name="calendar_feed"),
    path("me/", my_delegate(me.me), name="me"),
    path("me/link/<str:token>/", delegate_link(me.link), name="me_link"),
    path("me/choose/", my_delegate(me.choose), name="me_choose"),
    path("me/agenda/", my_delegate(me.my_agenda), name="my_agenda"),
    path("me/agenda.ics", my_delegate(calendar.agenda_file), name="my_agenda_file"),
    path("me/home-time/", my_delegate(me.home_time), name="home_time"),
    path("me/calendar/", my_delegate(calendar.my_calendar), name="my_calendar"),
    path("me/calendar/subscribe/", my_delegate(calendar.subscribe), name="my_calendar_subscribe"),
    path("me/calendar/renew/", my_delegate(calendar.renew), name="my_calendar_renew"),
    path("me/inbox/", my_delegate(inbox.inbox), name="inbox"),
    path("me/inbox/read/", my_delegate(inbox.read_all), name="inbox_read_all"),
    path("me/inbox/<int:pk>/", my_delegate(inbox.letter), name="inbox_letter"),
    path("me/inbox/<int:pk>/read/", my_delegate(inbox.read), name="inbox_read"),
    path("me/inbox/<int:pk>/files/<int:file>/", my_delegate(inbox.attachment), name="inbox_file"),
    path("me/notices/", my_delegate(notices.notices), name="notices"),
    path("me/notices/subscribe/", my_delegate(notices.subscribe), name="push_subscribe"),
    path("me/notices/unsubscribe/", my_delegate(notices.unsubscribe), name="push_unsubscribe"),
    path("me/notices/stop/", my_delegate(notices.stop_all), name="push_stop"),
    path("me/notices/texts/code/", my_delegate(texts.send_code), name="text_code"),
    path("me/notices/texts/allow/", my_delegate(texts.use_code), name="text_allow"),
    path("me/notices/texts/news/", my_delegate(texts.choose_news), name="text_news"),
    path("me/notices/texts/stop/", my_delegate(texts.stop), name="text_stop"),
    path("t/<str:token>/", declare(text_link.text_link, "personal_link"), name="text_link"),
    path("t/<str:token>/stop/", declare(text_link.stop, "personal_link"), name="text_link_stop"),
    path("me/sw.js", public(notices.service_worker), name="me_worker"),
    path("me/manifest.webmanifest", public(notices.manifest), name="me_manifest"),
    path("me/sessions/<int:pk>.ics", my_delegate(calendar.session_file), name="my_session_file"),
    path("me/sessions/<int:pk>/take/", my_delegate(seats.take), name="take_seat"),
    path("me/sessions/<int:pk>/wait/", my_delegate(seats.wait), name="join_waiting_list"),
    path("me/sessions/<int:pk>/give-back/", my_delegate(seats.give_back), name="give_back_seat"),
    path(ORGANISE, read(programme.session_list), name="session_list"),
    path(f"{ORGANISE}rooms/", read(programme.room_plan), name="room_plan"),
    path(f"{ORGANISE}new/", write(editing.session_new), name="session_new"),
    path(f"{ORGANISE}publish/", write(publishing.publish), name="publish"),
    path(f"{ORGANISE}<int:pk>/", read(programme.session_detail), name="session_detail"),
    path(f"{ORGANISE}<int:pk>/edit/", write(editing.session_edit), name="session_edit"),
    path(f"{ORGANISE}<int:pk>/cancel/", write(editing.session_cancel), name="session_cancel"),
    path(f"{ORGANISE}<int:pk>/speakers/", write(speakers.add), name="speaker_add"),
    path(
        f"{ORGANISE}<int:pk>/speakers/<int:appearance>/remove/",
        write(speakers.remove),
        name="speaker_remove",
    ),
    path(REMINDERS, remind(reminders.reminder_list), name="reminder_list"),
    path(f"{REMINDERS}new/", remind(reminder_editing.reminder_new), name="reminder_new"),
    path(f"{REMINDERS}habits/", remind(reminders.reminder_habits), name="reminder_habits"),
    path(f"{REMINDERS}<int:pk>/", remind(reminders.reminder_rule), name="reminder_rule"),
    path(
        f"{REMINDERS}<int:pk>/edit/", remind(reminder_editing.reminder_edit), name="reminder_edit"
    ),
    path(f"{REMINDERS}<int:pk>/log/", remind(reminders.reminder_log), name="reminder_log"),
    path(f"{REMINDERS}<int:pk>/switch/", remind(reminders.reminder_switch), name="reminder_switch"),
    path(f"{ORGANISE}<int:pk>/enrolled.csv", read(enrolled.as_csv), name="enrolled_csv"),
    path(f"{ORGANISE}<int:pk>/enrolled.xlsx", read(enrolled.as_xlsx), name="enrolled_xlsx"),
]
