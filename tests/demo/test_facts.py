"""What public sources tell, as it stands in the demo's data."""

from collections import Counter

from demo import facts


def test_all_sister_pairs_are_there_with_a_source():
    assert len(facts.pairs()) == 233
    assert all(pair.source for pair in facts.pairs())
    assert len({(pair.american, pair.chinese) for pair in facts.pairs()}) == 233


def test_pairs_of_states_and_provinces_join_first_level_regions():
    of_regions = [
        pair
        for pair in facts.pairs()
        if isinstance(pair.american, str) and isinstance(pair.chinese, str)
    ]
    assert len(of_regions) == 27


def test_every_region_is_named_in_both_languages():
    regions = facts.regions().values()
    assert Counter(region.country for region in regions) == {"US": 51, "CN": 34}
    assert all(region.name_en and region.name_zh and region.timezone for region in regions)


def test_every_american_place_has_a_chinese_name():
    american = [place for place in facts.places() if place.country == "US"]
    assert [place for place in american if not place.name_zh] == []


def test_six_chinese_places_stay_blank_because_no_source_tells_which_is_meant():
    unknown = sorted(place.name_en for place in facts.places() if not place.name_zh)
    assert unknown == ["Jinzhou", "Qingyuan", "Wuwei", "Xinyi", "Yichun", "Yulin"]
    assert [place for place in facts.places() if not place.name_zh and place.region] == []


def test_places_of_the_same_latin_name_are_told_apart():
    def named(name):
        return {(place.region, place.name_zh) for place in facts.places() if place.name_en == name}

    assert named("Taizhou") == {("CN-JS", "泰州市"), ("CN-ZJ", "台州市")}
    assert named("Suzhou") == {("CN-JS", "苏州市"), ("CN-AH", "宿州市")}


def test_places_keep_their_apostrophes_and_dots():
    names = {place.name_en for place in facts.places()}
    assert {"Xi'an", "Ma'anshan", "Ürümqi"} <= names


def test_facts_that_are_not_sure_are_marked():
    facts_2023 = facts.conference()
    assert facts_2023["venue"]["value"] is None
    assert facts_2023["venue"]["uncertain"] is True
    assert facts_2023["sub_location"]["uncertain"] is True
    assert [person["name_en"] for person in facts_2023["people"] if person.get("uncertain")] == [
        None,
        "Ryana Parks-Shaw",
    ]


def test_every_session_is_either_sourced_or_marked_as_made_up():
    told = facts.document("programme_2023.json")["sessions"]
    assert [item["key"] for item in told if not (item.get("source") or item.get("invented"))] == []
    sourced = [item["key"] for item in told if not item.get("invented")]
    assert sourced == ["opening", "address", "exchange", "dialogue"]


def test_nobody_speaks_whom_the_facts_do_not_name():
    told = {person["name_en"] for person in facts.conference()["people"]}
    speakers = [person for person in facts.document("speakers.json") if person["key"] != "alameda"]
    assert [person["name_en"] for person in speakers if person["name_en"] not in told] == []
    assert [
        person["key"] for person in facts.document("speakers.json") if not person["source"]
    ] == []


def test_xi_jinping_sent_a_letter_and_is_no_speaker():
    names = {person["name_en"] for person in facts.document("speakers.json")}
    assert "Xi Jinping" not in names
    letter = next(fact for fact in facts.document("public_facts.json") if fact["key"] == "letter")
    assert "not present" in letter["text_en"]
