"""A little reader of iCalendar that forgives nothing: RFC 5545, read anew from the bytes."""

import re
from datetime import datetime

NAME = re.compile(r"[A-Z0-9-]+")
PARAMETER = re.compile(r'([A-Z0-9-]+)=("[^"\x00-\x1f]*"|[^";:,\x00-\x1f]*)')
TEXT_ESCAPES = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n", "\\N": "\n"}
REQUIRED = {
    "VCALENDAR": {"PRODID", "VERSION"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS"},
    "VTIMEZONE": {"TZID"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
    "DAYLIGHT": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
}
TEXTS = {"SUMMARY", "LOCATION", "DESCRIPTION", "NAME", "X-WR-CALNAME"}
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "SEQUENCE", "STATUS", "LOCATION", "TZID"}


def read(body):
    """Return the calendar as nested dictionaries; any breach of the rules is an AssertionError."""
    root = {"kind": "", "properties": {}, "children": []}
    open_ones = [root]
    for line in unfolded(body):
        name, parameters, value = split(line)
        if name == "BEGIN":
            open_ones.append({"kind": value, "properties": {}, "children": []})
        elif name == "END":
            finished = open_ones.pop()
            assert finished["kind"] == value, f"{value} ends inside {finished['kind']}"
            check(finished)
            open_ones[-1]["children"].append(finished)
        else:
            here = open_ones[-1]["properties"]
            assert not (name in here and name in ONCE), f"{name} twice"
            here[name] = (parameters, unescaped(value) if name in TEXTS else value)
    assert len(open_ones) == 1, "something was not closed"
    (calendar,) = root["children"]
    return calendar


def unfolded(body):
    assert body.endswith(b"\r\n"), "the last line has no end"
    physical = body[:-2].split(b"\r\n")
    for line in physical:
        assert b"\n" not in line, "a line feed of its own"
        assert b"\r" not in line, "a carriage return of its own"
        assert len(line) <= 75, f"{len(line)} octets in a line"
        assert line not in {b"", b" "}, "an empty line"
        line.decode()  # a fold that splits a character fails here
    return body[:-2].replace(b"\r\n ", b"").decode().split("\r\n")


def split(line):
    name = NAME.match(line)
    assert name, f"no name: {line}"
    rest = line[name.end() :]
    parameters = {}
    while rest.startswith(";"):
        parameter = PARAMETER.match(rest, 1)
        assert parameter, f"bad parameter: {line}"
        parameters[parameter[1]] = parameter[2].strip('"')
        rest = rest[parameter.end() :]
    assert rest.startswith(":"), f"no value: {line}"
    return name[0], parameters, rest[1:]


def unescaped(value):
    bare = re.sub(r"\\[\\;,nN]", "", value)
    assert not re.search(r"[\\;,]", bare), f"not escaped: {value}"
    return re.sub(r"\\[\\;,nN]", lambda found: TEXT_ESCAPES[found[0]], value)


def check(part):
    missing = REQUIRED.get(part["kind"], set()) - set(part["properties"])
    assert not missing, f"{part['kind']} without {missing}"
    if part["kind"] == "VCALENDAR":
        known = {one["properties"]["TZID"][1] for one in part["children"] if is_zone(one)}
        for event in events(part):
            for name in ("DTSTART", "DTEND"):
                parameters, value = event["properties"][name]
                datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007
                assert parameters["TZID"] in known, f"{name} in a zone without rules"
            datetime.strptime(event["properties"]["DTSTAMP"][1], "%Y%m%dT%H%M%SZ")  # noqa: DTZ007
        uids = [event["properties"]["UID"][1] for event in events(part)]
        assert len(uids) == len(set(uids)), "one UID for two events"
    if is_zone(part):
        assert part["children"], "a zone without rules"


def is_zone(part):
    return part["kind"] == "VTIMEZONE"


def events(calendar):
    return [part for part in calendar["children"] if part["kind"] == "VEVENT"]


def value_of(part, name):
    return part["properties"][name][1]
