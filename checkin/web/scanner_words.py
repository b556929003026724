"""Every sentence of the scanner, in the reader's language; the page carries them as JSON."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Return the scanner's words by their keys; ``%(…)s`` is filled in by the page."""
    return (
        _verdicts()
        | _reasons()
        | _work()
        | _line()
        | _readiness()
        | _own()
        | _people()
        | _troubles()
    )


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
        "leave_question_queued": _(
            "Scans of this phone that were not sent yet: %(n)s. They stay on it until it is set up"
            " again. Take it off the gate all the same?"
        ),
    }


def _line() -> dict[str, str]:
    return {
        "online": _("Online"),
        "offline": _("Offline: this phone decides"),
        "cards": _("cards: %(n)s"),
        "no_cards": _("no cards"),
        "synced": _("synced %(ago)s"),
        "queued": _("%(n)s waiting to be sent"),
        "queued_kept": _("Scans that wait on this phone to be sent: %(n)s. They are not lost."),
        "ago_now": _("just now"),
        "ago_minutes": _("%(n)s min ago"),
        "ago_hours": _("%(n)s h ago"),
        "judged_offline": _("decided by this phone"),
        "clock_wrong": _("The clock of this phone is wrong by %(n)s min. Set it to automatic."),
        "new_version": _("A new version is here. It is used at the next start."),
    }


def _readiness() -> dict[str, str]:
    return {
        "ready_yes": _("Yes. It can work a whole shift without a connection."),
        "ready_no": _("Not yet. What is marked red must be put right first."),
        "check_good": _("fine"),
        "check_warn": _("look at this"),
        "check_bad": _("must be put right"),
        "ready_cards": _("Cards"),
        "ready_cards_good": _("on this phone: %(n)s, synced %(ago)s"),
        "ready_cards_old": _("on this phone: %(n)s, but synced %(ago)s: go online once."),
        "ready_cards_empty": _("No badge has been issued yet: nobody can be let in."),
        "ready_cards_none": _("The list of badges is not on this phone: go online once."),
        "ready_page": _("Scanner"),
        "ready_page_good": _("starts without a connection, decoder included"),
        "ready_page_part": _("not everything is on this phone yet: go online and check again."),
        "ready_page_failed": _(
            "could not be put on this phone: the server may be changing its version, or there is no"
            " room. It is tried again every half minute."
        ),
        "ready_page_none": _("is being put on this phone; wait a moment, or use another browser."),
        "ready_storage": _("Storage"),
        "ready_storage_good": _("there is room, and scans can be written"),
        "ready_storage_full": _("is nearly full: delete photos or apps, then check again."),
        "ready_storage_broken": _("cannot be written to: leave private browsing, or make room."),
        "ready_persisted": _("Kept"),
        "ready_persisted_good": _("the browser will not clear it by itself"),
        "ready_persisted_warn": _(
            "the browser may clear it when room is short: install the page, "
            "or let it keep data when it asks."
        ),
        "ready_clock": _("Clock"),
        "ready_clock_good": _("agrees with the server"),
        "ready_clock_wrong": _("is wrong by %(minutes)s min: set it to automatic."),
        "ready_clock_unknown": _("not compared yet since this start"),
        "ready_camera": _("Camera"),
        "ready_camera_good": _("allowed"),
        "ready_camera_prompt": _("asks for permission when it is started"),
        "ready_camera_denied": _("is not allowed: allow it in the browser, or type the codes."),
        "ready_camera_none": _("none: use a hand scanner, or type the codes."),
        "ready_sound": _("Sound"),
        "ready_sound_good": _("is on"),
        "ready_sound_warn": _("is off: only light and vibration will tell."),
        "ready_fonts": _("Chinese"),
        "ready_fonts_good": _("all characters are on this phone"),
        "ready_fonts_warn": _("characters are being put on this phone; some may show as boxes."),
        "ready_installed": _("Installed"),
        "ready_installed_good": _("yes"),
        "ready_installed_warn": _("opened in the browser: add it to the home screen."),
    }


def _own() -> dict[str, str]:
    return {
        "take_back": _("Take back"),
        "waits": _("waits to be sent"),
        "no_verdict": _("No verdict yet"),
        "refused_kept": _("Scans that the server did not accept: %(n)s. They are kept here."),
        "rehearsal": _("Rehearsal"),
    }


def _people() -> dict[str, str]:
    return {
        "reason_choose": _("Choose …"),
        "reason_missing": _("Say why: choose a reason."),
        "pin_wrong": _("That is not the PIN of this supervisor."),
        "pin_wait": _("Too many wrong PINs. Wait %(n)s s."),
        "on_site": _("Registered on site"),
        "name_missing": _("Type the name."),
        "badge_made": _("The badge is made. Print it, and let the person in."),
        "let_in_now": _("Scan in now"),
        "print_badge": _("Print badge"),
        "print_label": _("Print label"),
        "printing": _("Printing …"),
        "printed": _("The badge was given to the printer."),
        "printing_elsewhere": _(
            "This browser cannot print by itself: the badge opens as a PDF, to print it from there."
        ),
        "substitute": _("Somebody else comes"),
        "instead_of": _("Instead of %(name)s"),
    }


def _troubles() -> dict[str, str]:
    return {
        "no_network": _("No connection. Badges can be scanned; this needs a connection."),
        "too_slow": _("The server did not answer in time. Try again."),
        "server_trouble": _("The server cannot answer now. Try again."),
        "storage_full": _(
            "The storage of this phone is full, so the scan could not be kept. Make room, then scan"
            " again. Until then nobody is let in here."
        ),
        "storage_trouble": _(
            "The storage of this phone does not work, so the scan could not be kept. Open the page"
            " again; if it stays so, use another phone."
        ),
        "storage_full_sync": _("The storage of this phone is full. Make room before you go on."),
        "storage_broken": _(
            "The storage of this phone does not work. Open the page again; if it stays so, use"
            " another phone."
        ),
        "not_recorded": _("Not recorded"),
        "insecure": _("The scanner needs https and a browser of the last years."),
        "lease_over": _(
            "It was without a connection for too long, so the cards were deleted. Go online: it"
            " unlocks by itself."
        ),
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
