"""How a person's names are put together, from the fields alone."""


def latin_name(*, family_name: str, given_name: str, suffix: str, family_first: bool) -> str:
    """Return the name in Latin script, in the order the person chose; empty if there is none."""
    names = (family_name, given_name) if family_first else (given_name, family_name)
    return " ".join(part for part in (*names, suffix) if part)


def shown_names(*, badge_name: str, latin: str, native_name: str) -> tuple[str, str]:
    """Return the name as it stands on the badge, and the one in the other script.

    The first is the chosen one, else Latin, else own script; the second is empty where it would
    repeat the first.
    """
    shown = badge_name or latin or native_name
    return shown, native_name if native_name != shown else ""
