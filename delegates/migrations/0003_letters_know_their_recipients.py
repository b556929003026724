"""Letters of invitation that were sent before they knew whose they are learn it."""

from django.db import migrations


def tell(apps, _schema_editor):
    """Name the delegation of each letter after the invitation in its key."""
    message_model = apps.get_model("conference", "Message")
    invitation_model = apps.get_model("delegates", "Invitation")
    delegations = dict(invitation_model.objects.values_list("pk", "delegation_id"))
    for start in ("invite:", "invite-reminder:"):
        changed = []
        letters = message_model.objects.filter(key__startswith=start, recipient="")
        for letter in letters.only("pk", "key").iterator(chunk_size=1000):
            number = letter.key.split(":")[1]
            if number.isdecimal() and int(number) in delegations:
                letter.recipient = f"delegation:{delegations[int(number)]}"
                changed.append(letter)
        message_model.objects.bulk_update(changed, ["recipient"], batch_size=500)


class Migration(migrations.Migration):
    """Only rows change."""

    dependencies = [
        ("delegates", "0002_badges_of_the_desk"),
        ("conference", "0004_letters_tell_their_steps"),
    ]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
