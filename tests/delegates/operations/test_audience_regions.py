"""Narrowing an audience by state or province."""

import pytest

from conference.operations import campaigning
from delegates.models import Locality
from tests.delegates.mailing_cast import make_mailing, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def oakland(california):
    """California's delegation comes from a town in a county of the state."""
    state = california.locality
    county = Locality.objects.create(
        kind="county", country="US", parent=state, name_en="Alameda County"
    )
    california.locality = Locality.objects.create(
        kind="city", country="US", parent=county, name_en="Oakland"
    )
    california.save()
    return california


@pytest.mark.parametrize("audience", ["people", "focal_points"])
def test_a_region_reaches_the_places_inside_it_and_no_other(conference, oakland, jiangsu, audience):
    for delegation, name in ((oakland, "Lopez"), (jiangsu, "Wang")):
        make_person(delegation, name)
        delegation.focal_name, delegation.focal_email = name, f"{name.lower()}@example.org"
        delegation.save()
    way = campaigning.kind_of(make_mailing(conference, audience=audience)).narrowings["region"]
    offered = {label: value for value, label in way.choices(conference)}
    assert list(offered) == ["Jiangsu", "California"]
    only = make_mailing(conference, audience=audience, narrowed={"region": [offered["California"]]})
    assert [each.email for each in campaigning.recipients_of(only).reached] == ["lopez@example.org"]
