"""The demo's accounts: one for each part, with a password that everybody may know."""

from django.contrib.auth.hashers import make_password

from conference.models import Conference, Membership, User
from demo.accounts import PARTS, PASSWORD


def load_accounts() -> dict[str, User]:
    """Store the accounts that are not there yet; return them by part."""
    known = {user.email: user for user in User.objects.filter(email__endswith="@plenary.example")}
    # Hashing is slow on purpose; the parts share one password, so once is enough.
    password = make_password(PASSWORD)
    missing = [
        User(email=part.email, name=part.name, password=password)
        for part in PARTS
        if part.email not in known
    ]
    known |= {user.email: user for user in User.objects.bulk_create(missing)}
    return {part.slug: known[part.email] for part in PARTS}


def load_team(conference: Conference, accounts: dict[str, User]) -> None:
    """Give those parts that belong to the team their role in this conference."""
    Membership.objects.bulk_create(
        Membership(conference=conference, user=accounts[part.slug], role=part.role)
        for part in PARTS
        if part.role
    )
