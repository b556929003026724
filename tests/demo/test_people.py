"""The made-up people: how many, in what shape, the same each time, and nobody real."""

import re
from collections import Counter
from email.utils import parseaddr

import pytest
from faker import Faker

from demo import facts
from demo.names import NameBook
from demo.parties import SHARED_ADDRESS, WITHOUT_EMAIL, parties
from demo.people import Census, delegates, everybody, staff

RESERVED = re.compile(r"(\.example|(^|\.)example\.(com|net|org))$")


@pytest.fixture
def by_mark():
    return {person.mark: person for person in everybody() if person.mark}


def of(prefix):
    return [person for person in delegates() if person.party.startswith(prefix)]


def test_there_are_200_delegates_and_30_staff():
    assert len(delegates()) == 200
    assert len(staff()) == 30


def test_22_american_states_send_two_to_nine_people_three_of_them_more_than_seven():
    sizes = Counter(person.party for person in of("US-"))
    assert len(sizes) == 22
    assert sum(sizes.values()) == 90
    assert (min(sizes.values()), max(sizes.values())) == (2, 9)
    assert sum(size > 7 for size in sizes.values()) == 3


def test_14_chinese_regions_send_90_people_the_host_the_most():
    sizes = Counter(person.party for person in of("CN-"))
    assert len(sizes) == 14
    assert sum(sizes.values()) == 90
    assert sizes.most_common(1) == [("CN-JS", 19)]


def test_nearly_20_mayors_and_county_supervisors_come_from_the_united_states():
    counted = Counter(person.counts_as for person in of("US-") if person.counts_as)
    assert counted == {"mayor": 13, "county supervisor": 5}
    titles = Counter(person.title_en.split(",")[0].split(" of ")[0] for person in of("US-"))
    assert titles["Mayor"] == 12
    assert titles["County Supervisor"] == 5


def test_no_american_governor_comes():
    assert [person.key for person in of("US-") if person.title_en.startswith("Governor")] == []


def test_every_delegation_has_one_head_who_has_not_withdrawn():
    heads = Counter(
        person.party
        for person in delegates()
        if person.role == "head" and person.mark != "head_withdrawn"
    )
    assert set(heads) == {person.party for person in delegates()}
    assert set(heads.values()) == {1}


def test_two_thirds_of_the_state_delegations_find_a_sister_at_the_conference():
    present = {person.party for person in delegates()}

    def region(side):
        return side if isinstance(side, str) else side.region

    paired = {
        region(pair.american)
        for pair in facts.pairs()
        if {region(pair.american), region(pair.chinese)} <= present
    }
    states = {party for party in present if party.startswith("US-")}
    assert len(paired) >= len(states) * 2 / 3


def test_the_same_seed_makes_the_same_people():
    assert Census(7).people() == Census(7).people()
    assert everybody() == Census(20231103).people()


def test_another_seed_makes_other_people():
    assert Census(7).people() != Census(8).people()


def test_every_address_is_on_a_reserved_domain():
    domains = {parseaddr(person.email)[1].split("@")[1] for person in everybody() if person.email}
    assert [domain for domain in domains if not RESERVED.search(domain)] == []


def test_no_phone_number_can_belong_to_anybody():
    fictional = re.compile(r"\+1 \d{3} 555 01\d{2}|\+86 512 0000 \d{4}")
    assert [person.phone for person in everybody() if not fictional.fullmatch(person.phone)] == []
    assert len({person.phone for person in everybody()}) == 230


def test_nobody_has_the_name_of_a_real_person():
    real = facts.names_of_record()
    for person in everybody():
        names = {
            person.latin_name,
            f"{person.given_name} {person.family_name}",
            f"{person.family_name} {person.given_name}",
            person.native_name,
        }
        assert not names & real


def test_a_dealt_name_is_never_that_of_a_real_person(monkeypatch):
    stock = {
        "cn_family": [["谢", "Xie"]],
        "cn_given_male": [["锋", "Feng"], ["立安", "Li'an"]],
    }
    monkeypatch.setattr(facts, "document", lambda _name: stock)
    monkeypatch.setattr(facts, "names_of_record", lambda: frozenset({"Xie Feng", "谢锋"}))
    names = NameBook(Faker())
    assert names.chinese(female=False).native == "谢立安"


def test_names_are_not_shared_but_by_the_two_who_are_meant_to():
    latin = Counter(person.latin_name for person in everybody())
    assert {name: count for name, count in latin.items() if count > 1} == {
        "David Keller": 2,
        "Wang Wei": 2,
    }


def test_every_title_stands_in_both_languages():
    assert [
        person.key
        for person in everybody()
        if not (person.title_en and person.title_zh) or "{" in person.title_en + person.title_zh
    ] == []


def test_chinese_names_come_in_characters_and_most_with_the_family_name_first():
    chinese = of("CN-")
    assert all(person.native_name for person in chinese)
    first = sum(person.name_order == "family_first" for person in chinese)
    assert 60 <= first < 90


def test_about_a_third_of_the_americans_have_a_name_in_characters():
    share = sum(bool(person.native_name) for person in of("US-")) / 90
    assert 0.25 <= share <= 0.42


def test_ten_couples_travel_together():
    people = {person.key: person for person in delegates()}
    spouses = [person for person in delegates() if person.role == "spouse"]
    assert len(spouses) == 10
    for spouse in spouses:
        partner = people[spouse.companion_of]
        assert (spouse.arrival, spouse.departure) == (partner.arrival, partner.departure)
        assert spouse.badge_class == "accompanying"


def test_ten_assistants_hold_the_address_of_three_to_five_people():
    shared = Counter(
        person.email for person in delegates() if person.email.startswith("assistant@")
    )
    assert len(shared) == 10
    assert set(shared.values()) <= {3, 4, 5}
    assert set(SHARED_ADDRESS) <= set(parties())


def test_one_delegation_has_no_address_at_all():
    without = {
        party
        for party in {person.party for person in delegates()}
        if not any(person.email for person in delegates() if person.party == party)
    }
    assert without == {WITHOUT_EMAIL}


def test_everybody_arrives_before_departing():
    assert [person.key for person in everybody() if person.arrival.at >= person.departure.at] == []


def test_one_person_leaves_before_the_day_is_over(by_mark):
    early = by_mark["leaves_early"]
    assert early.departure.at.isoformat() == "2023-11-03T06:30:00+00:00"
    assert [person.key for person in everybody() if person.departure.at <= early.departure.at] == [
        early.key
    ]


@pytest.mark.parametrize(
    ("mark", "latin", "native"),
    [
        ("accent", "Marisol Peña", "玛丽索尔·佩尼亚"),
        ("apostrophe", "Maeve O'Neil", "梅芙·奥尼尔"),
        ("hyphen", "Jean-Luc Beaumont-Ortiz", ""),
        ("jr", "Raymond Halloway Jr.", ""),
        ("third", "Walter Ellery III", "沃尔特·埃勒里"),
        ("mononym", "Madhavi", ""),
        ("heritage", "Grace Lin", "林恩慈"),
        ("ouyang", "Ouyang Jing", "欧阳静"),
        ("sima", "Sima Chengde", "司马承德"),
        ("rare_bmp", "Wu Jie", "吴㛃"),
        ("rare_astral", "Liu Hong", "刘𬭎"),
    ],
)
def test_awkward_names_are_there(by_mark, mark, latin, native):
    person = by_mark[mark]
    names = {person.latin_name, f"{person.family_name} {person.given_name}"}
    assert latin in names
    assert person.native_name == native


def test_one_name_has_more_than_40_letters(by_mark):
    assert len(by_mark["long"].latin_name) > 40


def test_one_character_lies_beyond_the_basic_plane(by_mark):
    assert max(map(ord, by_mark["rare_astral"].native_name)) > 0xFFFF


def test_a_head_was_replaced_by_another_on_the_day_before(by_mark):
    former, successor = by_mark["head_withdrawn"], by_mark["head_substitute"]
    assert former.party == successor.party
    assert (former.role, successor.role) == ("head", "head")


def test_two_vice_mayors_of_suzhou_differ_in_chinese():
    found = {
        (person.title_en, person.title_zh)
        for person in delegates()
        if person.title_en.startswith("Vice Mayor of Suzhou")
    }
    assert found == {
        ("Vice Mayor of Suzhou", "苏州市副市长"),
        ("Vice Mayor of Suzhou (Anhui)", "宿州市副市长"),
    }


def test_all_diets_and_access_needs_occur():
    assert {person.diet for person in delegates()} == {
        "",
        "vegetarian",
        "vegan",
        "halal",
        "no pork",
        "nut allergy",
    }
    assert len({person.access_needs for person in everybody()}) == 5
