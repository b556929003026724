"""Django's record of the delegates app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DelegatesConfig(AppConfig):
    """Who comes: places, delegations and their people."""

    name = "delegates"
    label = "delegates"
    verbose_name = _("Delegations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer for our reminders and recipients in the outbox, and for other ways to them."""
        from conference.operations import (  # noqa: PLC0415  # models come first
            campaigning,
            channels,
            mailing,
        )
        from conference.operations.channels import adapters  # noqa: PLC0415
        from delegates.operations import (  # noqa: PLC0415
            audiences,
            inviting,
            letters,
            life,
            mailed_files,
            posting,
            pushing,
            receiving_mail,
            reminding,
            sending_badges,
            texting,
        )

        mailing.look_before_sending(purpose=posting.MAIL_PURPOSE, last_look=inviting.last_look)
        mailing.look_before_sending(purpose=reminding.MAIL_PURPOSE, last_look=reminding.last_look)
        for purpose in (posting.MAIL_PURPOSE, reminding.MAIL_PURPOSE):
            mailing.on_outcome(purpose=purpose, follow=life.follow_letter)
        mailing.find_recipients(kind="delegate", find=receiving_mail.delegate)
        mailing.find_recipients(kind="delegation", find=receiving_mail.delegation)
        channels.open_way(pushing.way())
        for channel in adapters.CHANNELS:
            channels.open_way(texting.way(channel))
        channels.tell_of(purpose=campaigning.PURPOSE, channels=adapters.CHANNELS)
        for purpose in (campaigning.PURPOSE, sending_badges.PURPOSE):
            mailing.look_before_sending(purpose=purpose, last_look=audiences.last_look)
            mailing.follow_address(purpose=purpose, find=receiving_mail.address_now)
        mailing.follow_address(purpose=posting.MAIL_PURPOSE, find=letters.address_now)
        audiences.register()
        letters.register()
        mailed_files.offer()
