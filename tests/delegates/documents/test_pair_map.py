"""The map of sister pairs, as laid out before it is drawn."""

import json

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from delegates.documents.outlines import Outline, china, united_states
from delegates.documents.pair_map import PairMap, Region, Tie, lay_out

JIANGSU = Region("CN-JS", "Jiangsu", url="/places/js/")
OREGON = Region("US-OR", "Oregon")


def drawn(pair_map: PairMap, code: str) -> tuple[str, int, int]:
    (region,) = [
        region
        for country in pair_map.countries
        for region in country.regions
        if region.shape.code == code
    ]
    return region.name, region.pairs, region.shade


def test_both_countries_are_complete():
    assert len(china().shapes) == 34
    assert len(united_states().shapes) == 51


@pytest.mark.parametrize("outline", [china(), united_states()])
def test_every_shape_lies_within_the_drawing(outline):
    for shape in outline.shapes:
        assert 0 <= shape.at[0] <= outline.width, shape.code
        assert 0 <= shape.at[1] <= outline.height, shape.code
        assert shape.path.startswith("M") or shape.small, shape.code


def test_regions_are_named_counted_and_shaded():
    pair_map = lay_out([JIANGSU, OREGON], [Tie("US-OR", "CN-JS", 3), Tie("CN-JS", "US-CA", 4)])

    assert drawn(pair_map, "CN-JS") == ("Jiangsu", 7, 3)
    assert drawn(pair_map, "US-OR") == ("Oregon", 3, 2)
    assert drawn(pair_map, "US-TX") == ("US-TX", 0, 0)
    assert pair_map.pairs == 7


def test_ties_of_the_same_regions_are_one_arc_whichever_way_they_are_given():
    pair_map = lay_out(
        [JIANGSU, OREGON],
        [Tie("US-OR", "CN-JS", 1), Tie("CN-JS", "US-OR", 1), Tie("US-CA", "CN-JS", 1)],
    )

    assert [(row.first, row.second, row.pairs) for row in pair_map.rows] == [
        ("Jiangsu", "Oregon", 2),
        ("Jiangsu", "US-CA", 1),
    ]
    assert [(arc.first, arc.second, arc.width) for arc in pair_map.arcs] == [
        ("CN-JS", "US-OR", 2),
        ("CN-JS", "US-CA", 1),
    ]


def test_a_pair_with_an_unknown_side_is_counted_but_has_no_arc():
    pair_map = lay_out([JIANGSU, OREGON], [Tie("US-OR", "", 2), Tie("US-OR", "CN-JS", 1)])

    assert drawn(pair_map, "US-OR") == ("Oregon", 3, 2)
    assert len(pair_map.arcs) == 1
    assert pair_map.unplaced == 2


def test_a_tie_within_a_region_is_counted_once_there():
    pair_map = lay_out([OREGON], [Tie("US-OR", "US-OR", 1)])

    assert drawn(pair_map, "US-OR") == ("Oregon", 1, 1)
    assert pair_map.arcs == ()


def test_no_pairs_at_all_is_a_map_without_arcs():
    pair_map = lay_out([], [])

    assert (pair_map.arcs, pair_map.numbers, pair_map.rows, pair_map.pairs) == ((), (), (), 0)


def test_an_arc_begins_and_ends_where_the_numbers_of_its_regions_stand():
    pair_map = lay_out([JIANGSU, OREGON], [Tie("CN-JS", "US-OR", 1)])

    (arc,) = pair_map.arcs
    start, end = ("{} {}".format(*number.beside) for number in pair_map.numbers)
    assert arc.beside.startswith(f"M{start} ")
    assert arc.beside.endswith(f" {end}")
    start, end = ("{} {}".format(*number.below) for number in pair_map.numbers)
    assert arc.below.startswith(f"M{start} ")
    assert arc.below.endswith(f" {end}")


def test_the_legend_covers_every_number_from_one_on():
    assert [(shade.least, shade.most) for shade in PairMap.legend] == [
        (1, 2),
        (3, 5),
        (6, 10),
        (11, None),
    ]


def test_an_organiser_can_bring_another_outline(tmp_path):
    file = tmp_path / "wales.json"
    region = {"code": "GB-WLS", "at": [5, 5], "room": 4, "small": False, "path": "M0 0l9 0 0 9z"}
    file.write_text(json.dumps({"width": 10, "height": 10, "regions": [region]}))

    pair_map = lay_out([], [Tie("GB-WLS", "US-OR", 1)], left=Outline.read(file))

    assert [region.shape.code for region in pair_map.left.regions] == ["GB-WLS"]
    assert [(arc.first, arc.second) for arc in pair_map.arcs] == [("GB-WLS", "US-OR")]


def test_the_drawing_says_the_same_in_words():
    pair_map = lay_out([JIANGSU, OREGON], [Tie("CN-JS", "US-OR", 2), Tie("US-OR", "", 1)])
    with translation.override("en"):
        html = render_to_string("delegates/_pair_map.html", {"pair_map": pair_map})

    assert "<title>Jiangsu: 2 pairs</title>" in html
    assert "<title>Oregon: 3 pairs</title>" in html
    assert '<a href="/places/js/"' in html
    assert '<td>Jiangsu</td><td>Oregon</td><td class="num">2</td>' in html
    assert "1 more pair has a side whose province or state is not known." in html
    assert "style=" not in html
