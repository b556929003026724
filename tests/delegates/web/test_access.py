"""Who gets to a delegate's own pages: shown on views of the tests' own."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import Http404, HttpResponse
from django.utils import timezone

from conference.access import policy_of
from conference.models import User
from delegates import access
from delegates.operations import linking, nominating
from tests.delegates.conftest import make_delegation
from tests.delegates.inviting_cast import NOW


@access.my_delegate
def mine(request):
    return HttpResponse(request.delegate.family_name)


@access.delegate_link
def by_link(request):
    return HttpResponse(request.delegate.family_name)


@pytest.fixture
def delegate(california):
    return nominating.add_member(
        delegation=california, fields={"family_name": "Lee", "language": "zh-hans"}, now=NOW
    )


@pytest.fixture
def visit(rf):
    """Ask as somebody: a user or nobody, with a session that lasts the test."""
    session = SessionStore()

    def ask(view=mine, user=None, **arguments):
        request = rf.get("/me/")
        request.session, request.user = session, user or AnonymousUser()
        ask.request = request
        return view(request, **arguments)

    return ask


@pytest.fixture
def link(delegate):
    return linking.create_link(purpose="delegate", delegate=delegate, now=timezone.now())


def enter(visit, link):
    visit(by_link, token=link.token)
    access.enter(visit.request, visit.request.link)


def test_a_stranger_is_asked_to_sign_in(visit, delegate):
    answer = visit()
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.url


def test_an_accepted_link_opens_the_delegates_pages(visit, link):
    enter(visit, link)
    assert visit().content == b"Lee"


def test_looking_at_the_links_page_alone_opens_nothing(visit, link):
    assert visit(by_link, token=link.token).content == b"Lee"
    assert visit().status_code == 302


def test_a_revoked_link_closes_the_pages_at_once(visit, link):
    enter(visit, link)
    linking.revoke(link=link.link, now=timezone.now())
    assert visit().status_code == 302


def test_an_expired_link_is_a_page_that_says_so(visit, link):
    link.link.expires_at = timezone.now() - timedelta(seconds=1)
    link.link.save()
    answer = visit(by_link, token=link.token)
    assert answer.status_code == 404
    assert b"What you can do" in answer.content


def test_who_has_withdrawn_comes_in_no_more(visit, link, delegate):
    enter(visit, link)
    delegate.withdrawn_at = timezone.now()
    delegate.save()
    assert visit().status_code == 302


def test_leaving_forgets_the_link(visit, link):
    enter(visit, link)
    access.leave(visit.request)
    assert visit().status_code == 302


def test_an_account_finds_its_delegate_and_one_without_gets_404(visit, delegate):
    delegate.user = User.objects.create_user("lee@state.example")
    delegate.save()
    assert visit(user=delegate.user).content == b"Lee"
    with pytest.raises(Http404):
        visit(user=User.objects.create_user("nobody@state.example"))


def test_the_nearest_conference_comes_first_and_another_can_be_chosen(
    visit, delegate, other_conference
):
    user = User.objects.create_user("lee@state.example")
    delegate.user = user
    delegate.save()
    today = timezone.now().date()
    other_conference.first_day, other_conference.last_day = today, today + timedelta(days=1)
    other_conference.save()
    later = nominating.add_member(
        delegation=make_delegation(other_conference, "Texas", "", "US", "US-TX"),
        fields={"family_name": "Lee-now"},
        now=NOW,
    )
    later.user = user
    later.save()
    assert visit(user=user).content == b"Lee-now"
    access.choose(visit.request, delegate)
    assert visit(user=user).content == b"Lee"


def test_a_choice_of_somebody_else_is_ignored(visit, delegate, california):
    user = User.objects.create_user("lee@state.example")
    delegate.user = user
    delegate.save()
    stranger = nominating.add_member(
        delegation=california, fields={"family_name": "Stranger"}, now=NOW
    )
    visit(user=user)
    access.choose(visit.request, stranger)
    assert visit(user=user).content == b"Lee"


def test_every_door_names_its_policy():
    views = (mine, by_link, access.focal_user(mine), access.invitation_link(mine))
    assert [policy_of(view) for view in views] == [
        "my_delegate",
        "personal_link",
        "focal_user",
        "personal_link",
    ]
