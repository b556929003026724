"""Django's record of the conference app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConferenceConfig(AppConfig):
    """The house: who runs a conference, where, and in whose name."""

    name = "conference"
    label = "conference"
    verbose_name = _("Conferences")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Stop letters to blocked addresses in the last moment, and mark what may come back."""
        from conference.operations import (  # noqa: PLC0415  # models first
            campaigning,
            channels,
            mailing,
            returning,
            suppressing,
            unsubscribing,
        )
        from conference.operations.channels import adapters, rules  # noqa: PLC0415

        adapters.check()
        suppressing.explain_rules()
        rules.explain_rules()
        mailing.follow_letters(channels.follow)
        mailing.look_before_sending(purpose=mailing.EVERY_PURPOSE, last_look=suppressing.last_look)
        mailing.on_outcome(purpose=mailing.EVERY_PURPOSE, follow=suppressing.follow_letter)
        mailing.return_to(returning.return_address)
        mailing.add_headers(returning.headers)
        mailing.add_headers(returning.provider_headers)
        mailing.add_headers(unsubscribing.headers)
        mailing.add_foot(unsubscribing.foot)
        returning.explain_rules()
        mailing.make_attachments(maker=campaigning.KEPT, make=campaigning.kept_content)
        mailing.look_before_sending(purpose=campaigning.PURPOSE, last_look=campaigning.last_look)
