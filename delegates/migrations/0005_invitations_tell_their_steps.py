"""Invitations of before get the steps that their times tell of."""

from django.db import migrations

ANSWERS = ("accepted", "tentative", "declined")


def tell(apps, _schema_editor):
    """Write the steps of each invitation that has none."""
    invitation_model = apps.get_model("delegates", "Invitation")
    step_model = apps.get_model("delegates", "InvitationStep")
    for invitation in invitation_model.objects.filter(steps=None).iterator():
        steps = [
            ("sent", invitation.sent_at, {"party": "organiser"}),
            ("opened", invitation.opened_at, {"party": "focal_point", "way": "link"}),
        ]
        if invitation.state in ANSWERS:
            steps.append(
                (
                    invitation.state,
                    invitation.answered_at,
                    # Nobody wrote down on which way it came.
                    {
                        "party": "focal_point",
                        "who": invitation.answered_by,
                        "note": invitation.answer_note,
                    },
                )
            )
        step_model.objects.bulk_create(
            step_model(invitation=invitation, kind=kind, at=at, **fields)
            for kind, at, fields in steps
            if at is not None
        )
    invitation_model.objects.filter(state__in=ANSWERS).update(answer_count=1)


class Migration(migrations.Migration):
    dependencies = [("delegates", "0004_invitations_have_a_life")]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
