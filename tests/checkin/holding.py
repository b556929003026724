"""What a phone keeps of the snapshots it got: applied whole, as CP1 tells it to."""

from django.core.cache import cache

from checkin.operations import stocking
from checkin.operations.stocks import presence_key_of


class Holding:
    """The phone's own tables, filled by full snapshots and deltas."""

    def __init__(self, phone):
        self.phone = phone
        self.cursor = ""
        self.rules, self.badges, self.presence = {}, {}, {}

    def poll(self, **headers):
        """Ask for news and keep them; return the answer's body, None for 304."""
        query = {"cursor": self.cursor} if self.cursor else {}
        answer = self.phone.get("snapshot/", query, **headers)
        if answer.status_code == 304:
            assert answer["ETag"] == f'"{self.cursor}"'
            return None
        assert answer.status_code == 200, answer.content
        body = answer.json()
        assert answer["ETag"] == f'"{body["cursor"]}"'
        assert len(body["cursor"]) <= 200
        self.apply(body)
        return body

    def poll_for_news(self):
        return self.poll(**{"If-None-Match": f'"{self.cursor}"'})

    def apply(self, body):
        if body["full"]:
            self.rules, self.badges, self.presence = {}, {}, {}
        self.rules = body.get("rules", self.rules)
        for row in body["badges"]:
            self.badges[row["lookup"]] = row
        for row in body["presence"]:
            self.presence[row["lookup"], row["zone"]] = row
        for lookup in body["gone"]:
            self.badges.pop(lookup, None)
            for key in [key for key in self.presence if key[0] == lookup]:
                del self.presence[key]
        self.cursor = body["cursor"]

    def contents(self):
        """What counts at the door; presence that no longer stands is none."""
        standing = {key: row for key, row in self.presence.items() if row["at_ms"] is not None}
        return {"rules": self.rules, "badges": self.badges, "presence": standing}


def fresh(phone):
    """What a phone that asks for everything now would have, with and without the cache."""
    contents = []
    for _time in range(2):
        holding = Holding(phone)
        assert holding.poll()["full"] is True
        contents.append(holding.contents())
        lose_stocks(phone)
    assert contents[0] == contents[1]
    return contents[1]


def lose_stocks(phone):
    """Take from the cache what the phone's whole snapshot is made of."""
    conference = phone.device.conference
    zones = sorted(phone.device.zones.values_list("pk", flat=True))
    stocking._at_hand.clear()
    cache.delete_many([stocking.key_of(conference), presence_key_of(conference, zones)])
