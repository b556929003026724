"""Blocked addresses with a domain in letters of any script take the form that is compared."""

from django.db import migrations
from django.utils.encoding import punycode


def _form_of(address):
    local, at, domain = address.strip().lower().rpartition("@")
    try:
        return f"{local}{at}{punycode(domain)}"
    except UnicodeError:
        return f"{local}{at}{domain}"


def convert(apps, schema_editor):
    """Convert them; of two rows that become one, the block that has held longer stays."""
    suppressions = apps.get_model("conference", "Suppression").objects
    for row in suppressions.order_by("pk").iterator(chunk_size=500):
        form = _form_of(row.address)
        if form == row.address:
            continue
        same = suppressions.filter(
            conference_id=row.conference_id, address=form, reason=row.reason
        ).first()
        if same is None:
            suppressions.filter(pk=row.pk).update(address=form)
            continue
        if row.since < same.since:
            suppressions.filter(pk=same.pk).update(
                since=row.since, evidence=row.evidence, message=row.message_id, actor=row.actor_id
            )
        row.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("conference", "0021_letters_of_invitation_are_mailings"),
    ]

    operations = [
        # The other way round nothing is to be done: the converted form was valid before as well.
        migrations.RunPython(convert, migrations.RunPython.noop),
    ]
