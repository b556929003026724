"""Every sentence of the scanner, in the reader's language; the page carries them as JSON."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Return the scanner's words by their keys; ``%(…)s`` is filled in by the page."""
    return _verdicts() | _reasons() | _work() | _troubles()


def _verdicts() -> dict[str, str]:
    return {
        "admit": _("Welcome"),
        "exit_ok": _("Goodbye"),
        "admit_provisional": _("Let in: newly registered"),
        "override_admit": _("Let in by the supervisor"),
        "already_inside": _("Already inside"),
        "wrong_zone": _("Not for this area"),
        "not_yet": _("Not open yet"),
        "expired": _("No longer valid"),
        "unconfirmed": _("Not confirmed yet"),
        "revoked": _("This badge is void"),
        "blocked": _("Please wait for a colleague"),
        "wrong_conference": _("Badge of another conference"),
        "unknown": _("Not a valid badge"),
        "refer": _("To the desk, please"),
        "annulled": _("Taken back"),
        "green": _("Let in"),
        "amber": _("Send to the desk"),
        "red": _("Do not let in"),
    }


def _reasons() -> dict[str, str]:
    return {
        "why_already_inside_anti_passback": _("Came in at %(when)s, %(gate)s."),
        "why_already_inside_once": _("Has been here already: %(when)s, %(gate)s."),
        "why_wrong_zone": _("This badge does not open %(zone)s."),
        "why_not_yet_zone": _("%(zone)s opens at %(when)s."),
        "why_not_yet_badge": _("The badge is valid from %(when)s."),
        "why_expired_zone": _("%(zone)s closed at %(when)s."),
        "why_expired_badge": _("The badge was valid until %(when)s."),
        "why_unconfirmed": _("The accreditation is not decided. The desk can help."),
        "why_revoked": _("It was replaced or taken back. Keep it and send the person to the desk."),
        "why_blocked": _("Do not discuss it here. Call your supervisor."),
        "why_wrong_conference": _("It does not belong to this conference."),
        "why_unknown_unreadable": _("This code is not a badge."),
        "why_unknown_signature": _("The code was not issued by the organiser."),
        "why_unknown_unknown_key": _("The code was not issued by the organiser."),
        "why_unknown_not_found": _("No such badge. Send the person to the desk."),
        "why_refer_desk": _("The desk has a question."),
        "why_refer_escort": _("Needs somebody to accompany them here."),
        "why_refer_card": _("The details cannot be shown here."),
        "why_refer_time": _("The time of this phone is not certain."),
        "why_refer_not_listed": _("This badge is not on the list yet."),
        "also": _("Also: %(reasons)s"),
        "vip": _("VIP"),
    }


def _work() -> dict[str, str]:
    return {
        "enrolling": _("Setting up this phone …"),
        "ready": _("Ready"),
        "scanning": _("Hold the badge before the camera"),
        "checking": _("Checking …"),
        "searching": _("Searching …"),
        "nobody_found": _("Nobody of that name has a badge. Try another spelling."),
        "more_found": _("There are more: type more of the name."),
        "inside_now": _("inside"),
        "outside_now": _("not inside"),
        "status_ok": _("ready"),
        "status_unconfirmed": _("not confirmed"),
        "status_revoked": _("void"),
        "status_blocked": _("ask supervisor"),
        "entry": _("Entry"),
        "exit": _("Exit"),
        "zone": _("Area"),
        "start_camera": _("Start the camera"),
        "stop_camera": _("Stop the camera"),
        "sound_on": _("Sound is on"),
        "sound_off": _("Sound is off"),
        "leave_question": _("Take this phone off the gate?"),
    }


def _troubles() -> dict[str, str]:
    return {
        "no_network": _("No connection. Nobody was checked: try again, or send to the desk."),
        "too_slow": _("The server did not answer in time. Nobody was checked: try again."),
        "server_trouble": _("The server cannot answer now. Nobody was checked: try again."),
        "suspended": _("This phone is suspended. Ask your supervisor."),
        "not_enrolled": _("This phone is not set up any more. Scan a new set-up code."),
        "revoked_device": _("This phone was taken off the gates. What it held is wiped."),
        "code_invalid": _("This code is unknown, used or expired. Ask for a new one."),
        "code_shape": _("That is not a set-up code. It is 22 characters, or a whole link."),
        "badge_shape": _("Type or scan the whole code on the badge: it begins with C1:"),
        "no_camera": _("No camera was found. Type the code or search by name."),
        "camera_refused": _(
            "The camera is not allowed. Allow it in the browser, or type the code."
        ),
        "camera_insecure": _("The camera needs https. Type the code or search by name."),
        "short_name": _("Type at least two letters, or one Chinese character."),
    }
