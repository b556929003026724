"""What recipients' servers know of the sender's domain, asked of a real DNS server."""

import base64
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.cache import cache
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from conference.operations import sender_domain
from conference.operations.sender_domain import asking, words
from tests.conference.conftest import NOW

DOMAIN = "forum-of-cities.org"
KEY = f"s1._domainkey.{DOMAIN}"


@pytest.fixture(autouse=True)
def _sender(settings):
    settings.DEFAULT_FROM_ADDRESS = f"noreply@{DOMAIN}"
    settings.BOUNCE_ADDRESS = ""
    settings.DKIM_SELECTORS = ["s1"]
    settings.SPF_INCLUDE = ""
    settings.EMAIL_URL = "smtp://relay.post-office.net"
    settings.EMAIL_HOST = "relay.post-office.net"
    cache.clear()


def rsa_key(bits=2048):
    if bits >= 1024:
        public = rsa.generate_private_key(65537, bits).public_key()
    else:
        public = rsa.RSAPublicNumbers(65537, (1 << (bits - 1)) | 1).public_key()
    raw = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(raw).decode()


GOOD_KEY = rsa_key()


def in_order(server, policy="reject"):
    server.put(DOMAIN, "v=spf1 ip4:192.0.2.1 ~all")
    server.put(KEY, f"v=DKIM1; k=rsa; p={GOOD_KEY}")
    server.put(f"_dmarc.{DOMAIN}", f"v=DMARC1; p={policy}; rua=mailto:dmarc@{DOMAIN}")


def look():
    return sender_domain.look_again(now=NOW)


def found(part, picture=None):
    return next(each for each in (picture or look()).findings if each.part == part)


def spf():
    return found("spf")


# --- The whole ---


def test_a_domain_in_order_is_good_in_every_part(name_server):
    in_order(name_server)
    picture = look()
    assert {each.part: each.state for each in picture.findings} == {
        "spf": "good",
        "dkim": "good",
        "dmarc": "good",
        "fit": "good",
    }
    assert (picture.is_refused, picture.is_demo) == (False, False)
    assert found("fit", picture).facts == {"parts": "SPF + DKIM"}


def test_a_domain_of_which_nothing_is_known_misses_all_and_is_told_the_records(name_server):
    name_server.put(DOMAIN, "google-site-verification=abc")
    picture = look()
    assert found("spf", picture).state == "missing"
    assert found("spf", picture).proposal.value == "v=spf1 a:relay.post-office.net ~all"
    assert found("dkim", picture).state == "missing"
    assert found("dkim", picture).proposal.name == KEY
    dmarc = found("dmarc", picture)
    assert (dmarc.state, dmarc.proposal.name, dmarc.proposal.value) == (
        "missing",
        f"_dmarc.{DOMAIN}",
        f"v=DMARC1; p=none; rua=mailto:postmaster@{DOMAIN}",
    )
    assert (found("fit", picture).code, picture.is_refused) == ("fit_none", False)


def test_every_case_has_its_sentences_in_both_languages(name_server):
    for language in ("en", "zh-hans"):
        with translation.override(language):
            for consequence, advice in words.CASES.values():
                assert str(consequence)
                assert (str(advice) == "") is (advice == "")
    in_order(name_server)
    assert all(consequence for _finding, consequence, _advice in look().rows)


@pytest.mark.parametrize(
    "address",
    ["noreply@plenary.example", "a@host.test", "root@localhost", "a@mail.example.org", "nobody"],
)
def test_a_demo_address_is_called_one_and_nobody_is_asked(name_server, settings, address):
    settings.DEFAULT_FROM_ADDRESS = address
    picture = look()
    assert (picture.is_demo, picture.findings, name_server.asked) == (True, (), [])


def test_a_look_is_kept_and_a_further_one_asks_again(name_server):
    in_order(name_server)
    first = sender_domain.look(now=NOW)
    asked = len(name_server.asked)
    name_server.put(DOMAIN)
    assert sender_domain.look(now=NOW) == sender_domain.seen() == first
    assert len(name_server.asked) == asked
    assert found("spf").state == "missing"
    assert found("spf", sender_domain.seen()).state == "missing"


def test_another_sender_is_another_look(name_server, settings):
    in_order(name_server)
    sender_domain.look(now=NOW)
    settings.DEFAULT_FROM_ADDRESS = "noreply@other-forum.org"
    assert sender_domain.seen() is None


# --- No answer ---


def test_a_dns_that_never_answers_is_not_waited_for_longer_than_three_seconds(name_server):
    for name in (DOMAIN, KEY, f"_dmarc.{DOMAIN}"):
        name_server.hush(name)
    begun = time.monotonic()
    picture = look()
    assert time.monotonic() - begun < 4
    assert {each.state for each in picture.findings} == {"unknown"}
    assert not picture.is_refused


def test_one_silent_include_costs_only_its_own_part(name_server, monkeypatch):
    monkeypatch.setattr(asking, "_ALL", 1.0)
    in_order(name_server)
    name_server.put(DOMAIN, "v=spf1 include:slow.post-office.net ~all")
    name_server.hush("slow.post-office.net")
    picture = look()
    assert (found("spf", picture).state, found("spf", picture).facts["about"]) == (
        "unknown",
        "slow.post-office.net",
    )
    assert found("dkim", picture).state == found("dmarc", picture).state == "good"


def test_a_server_failure_is_no_missing_record(name_server):
    for name in (DOMAIN, KEY, f"_dmarc.{DOMAIN}"):
        name_server.fail(name)
    assert {each.code for each in look().findings} == {
        "spf_no_answer",
        "dkim_no_answer",
        "dmarc_no_answer",
        "fit_no_answer",
    }


def test_nobody_at_the_port_is_no_missing_record(settings, monkeypatch):
    monkeypatch.setattr(asking, "_ALL", 0.3)
    settings.DNS_SERVERS = [("127.0.0.1", 1)]
    assert {each.state for each in look().findings} == {"unknown"}


# --- SPF ---


@pytest.mark.parametrize(
    ("record", "state", "code"),
    [
        ("v=spf1 mx -all", "good", "spf_strict"),
        ("V=SPF1 MX ~ALL", "good", "spf_good"),
        ("v=spf1 mx ?all", "weak", "spf_open_end"),
        ("v=spf1 mx", "weak", "spf_open_end"),
        ("v=spf1", "weak", "spf_open_end"),
        ("v=spf1 +all", "weak", "spf_everybody"),
        ("v=spf1 mx all", "weak", "spf_everybody"),
        ("v=spf1 mx ipv4:192.0.2.1 ~all", "weak", "spf_not_readable"),
        ("v=spf1 include ~all", "weak", "spf_not_readable"),
        ("v=spf1 include:a..b ~all", "weak", "spf_not_readable"),
        ("v=spf1 include:nowhere.net ~all", "weak", "spf_include_missing"),
        ("v=spf1 exp=why.%{d} ip6:2001:db8::/32 a/24 ptr -all", "good", "spf_strict"),
        ("v=spf1 include:%{ir}.list.net ~all", "good", "spf_good"),
        ("v=spf10 mx -all", "missing", "spf_missing"),
    ],
)
def test_one_record_is_read_to_its_end(name_server, record, state, code):
    in_order(name_server)
    name_server.put(DOMAIN, record)
    assert (spf().state, spf().code) == (state, code)


def test_an_end_that_lets_everybody_in_is_replaced_in_the_proposal(name_server):
    name_server.put(DOMAIN, "v=spf1 mx ip4:192.0.2.0/24 +all")
    assert spf().proposal.value == "v=spf1 mx ip4:192.0.2.0/24 ~all"


def test_of_two_records_none_counts_and_one_is_proposed_for_both(name_server):
    in_order(name_server)
    name_server.put(DOMAIN, "v=spf1 mx -all", "something else", "v=spf1 a mx ~all")
    finding = spf()
    assert (finding.code, finding.is_usable) == ("spf_several", False)
    terms = finding.proposal.value.split()
    assert (terms[0], sorted(terms[1:-1]), terms[-1]) == ("v=spf1", ["a", "mx"], "~all")


def includes(server, count):
    """A record that asks the DNS ``count`` times, half of them one level down."""
    here = count // 2
    server.put(DOMAIN, "v=spf1 include:part.net " + "a " * (here - 1) + "~all")
    server.put("part.net", "v=spf1 " + "mx:a.net " * (count - here) + "~all")


def test_ten_lookups_are_followed_and_the_eleventh_voids_the_record(name_server):
    includes(name_server, 10)
    assert spf().code == "spf_good"
    includes(name_server, 11)
    finding = spf()
    assert (finding.code, finding.is_usable) == ("spf_too_many_lookups", False)
    assert "10" in {row[0].part: row[2] for row in look().rows}["spf"]


def test_includes_in_a_circle_end(name_server):
    name_server.put(DOMAIN, "v=spf1 include:a.net ~all")
    name_server.put("a.net", "v=spf1 include:b.net ~all")
    name_server.put("b.net", "v=spf1 include:A.net. ~all")
    assert (spf().code, spf().facts["about"]) == ("spf_loop", "a.net")


def test_a_record_may_be_another_domains(name_server):
    name_server.put(DOMAIN, "v=spf1 redirect=spf.post-office.net")
    name_server.put("spf.post-office.net", "v=spf1 ip4:192.0.2.1 -all")
    assert spf().code == "spf_strict"
    name_server.put("spf.post-office.net", "nothing")
    assert spf().code == "spf_include_missing"


def test_an_include_that_lets_everybody_in_does_so_for_us(name_server):
    name_server.put(DOMAIN, "v=spf1 include:open.net -all")
    name_server.put("open.net", "v=spf1 +all")
    assert spf().code == "spf_everybody"


def test_an_included_domain_with_two_records_voids_ours(name_server):
    name_server.put(DOMAIN, "v=spf1 include:two.net -all")
    name_server.put("two.net", "v=spf1 mx ~all", "v=spf1 a ~all")
    assert (spf().code, spf().facts["about"]) == ("spf_include_several", "two.net")


def test_the_relays_own_include_is_missed_at_any_depth(name_server, settings):
    settings.SPF_INCLUDE = "spf.relay.net"
    name_server.put(DOMAIN, "v=spf1 include:all.net mx -all")
    name_server.put("all.net", "v=spf1 mx ~all")
    assert (spf().code, spf().proposal.value) == (
        "spf_without_relay",
        "v=spf1 include:spf.relay.net include:all.net mx -all",
    )
    name_server.put("all.net", "v=spf1 include:spf.relay.net ~all")
    name_server.put("spf.relay.net", "v=spf1 ip4:192.0.2.9 ~all")
    assert spf().state == "good"


def test_the_strings_of_one_record_are_joined_without_spaces(name_server):
    name_server.put(DOMAIN, [b"v=spf1 ip4:192.0.2.1 ip4:198.51.", b"100.7 -all"])
    assert (spf().found, spf().state) == ("v=spf1 ip4:192.0.2.1 ip4:198.51.100.7 -all", "good")


def test_a_record_too_long_for_a_packet_comes_by_tcp_and_is_shown_in_part(name_server):
    many = " ".join(f"ip4:192.0.2.{n % 256}" for n in range(400))
    name_server.put(DOMAIN, f"v=spf1 {many} -all")
    finding = spf()
    assert (finding.state, len(finding.found)) == ("good", 500)
    assert DOMAIN in name_server.over_tcp


@pytest.mark.parametrize(
    "text",
    [
        "v=spf1 " + "x" * 60_000,
        "v=spf1 " + "include:" * 3000,
        "v=spf1 include:" + "a." * 200 + "net -all",
        "v=spf1 include:" + "a" * 100 + ".net -all",
        b"v=spf1 \xff\xfe\x00 -all",
    ],
)
def test_whatever_is_published_is_read_in_time_and_does_not_count(name_server, text):
    name_server.put(DOMAIN, text)
    begun = time.monotonic()
    finding = spf()
    assert time.monotonic() - begun < 4
    assert (finding.state, finding.is_usable) == ("weak", False)
    assert len(finding.found) <= 500


@pytest.mark.parametrize("part", [DOMAIN, KEY, f"_dmarc.{DOMAIN}"])
@effort(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tail=st.binary(max_size=300))
def test_no_text_breaks_the_look(name_server, part, tail):
    start = {DOMAIN: b"v=spf1 ", KEY: b"v=DKIM1; p="}.get(part, b"v=DMARC1; p=")
    in_order(name_server)
    name_server.put(part, start + tail)
    assert all(consequence for _finding, consequence, _advice in look().rows)


# --- DKIM ---


def dkim():
    return found("dkim")


def test_without_a_selector_it_cannot_be_known(name_server, settings):
    settings.DKIM_SELECTORS = []
    in_order(name_server)
    assert (dkim().state, dkim().code) == ("unknown", "dkim_unnamed")
    assert found("fit").facts == {"parts": "SPF"}


def test_each_named_key_is_looked_up_also_where_the_relay_signs_for_itself(name_server, settings):
    settings.DKIM_SELECTORS = ["s1", "k2._domainkey.post-office.net"]
    in_order(name_server)
    name_server.put("k2._domainkey.post-office.net", f"p={GOOD_KEY}")
    keys = [each for each in look().findings if each.part == "dkim"]
    assert [(each.name, each.state, each.is_aligned) for each in keys] == [
        (KEY, "good", True),
        ("k2._domainkey.post-office.net", "good", False),
    ]


def test_a_key_behind_an_alias_is_found(name_server):
    in_order(name_server)
    name_server.put(KEY)
    name_server.alias(KEY, "s1.keys.post-office.net")
    name_server.put("s1.keys.post-office.net", f"v=DKIM1; p={GOOD_KEY}")
    assert dkim().state == "good"


def test_an_alias_to_nowhere_is_a_missing_key(name_server):
    in_order(name_server)
    name_server.alias(KEY, "gone.post-office.net")
    assert dkim().state == "missing"


SOUND_EDWARDS = base64.b64encode(
    ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
).decode()


@pytest.mark.parametrize(
    ("record", "state", "code"),
    [
        (f"v=DKIM1; k=ed25519; p={SOUND_EDWARDS}", "good", "dkim_good"),
        (f"k=rsa;p={GOOD_KEY[:60]} {GOOD_KEY[60:]}", "good", "dkim_good"),
        ("v=DKIM1; p=", "weak", "dkim_revoked"),
        (f"v=DKIM1; p={rsa_key(768)}", "weak", "dkim_short"),
        (f"v=DKIM1; p={rsa_key(1024)}", "good", "dkim_good"),
        (f"v=DKIM1; t=y:s; p={GOOD_KEY}", "weak", "dkim_testing"),
        ("v=DKIM1; p=bm8ga2V5", "weak", "dkim_not_readable"),
        ("v=DKIM1; p=!!!", "weak", "dkim_not_readable"),
        ("v=DKIM1; k=ed25519; p=bm8ga2V5", "weak", "dkim_not_readable"),
        (f"v=DKIM2; p={GOOD_KEY}", "weak", "dkim_not_readable"),
        ("hello", "weak", "dkim_not_readable"),
        ("v=DKIM1; p=" + "A" * 30_000, "weak", "dkim_not_readable"),
    ],
)
def test_a_key_is_looked_at(name_server, record, state, code):
    in_order(name_server)
    name_server.put(KEY, record)
    assert (dkim().state, dkim().code) == (state, code)


def test_two_records_at_a_key_are_none(name_server):
    in_order(name_server)
    name_server.put(KEY, f"p={GOOD_KEY}", "p=")
    assert dkim().code == "dkim_several"


# --- DMARC ---


def dmarc():
    return found("dmarc")


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ("v=DMARC1; p=reject", "dmarc_reject"),
        ("v=DMARC1;p=Quarantine;", "dmarc_quarantine"),
        ("v=DMARC1; p=none", "dmarc_none"),
        ("v=DMARC1; p=reject; pct=0", "dmarc_quarantine"),
        ("v=DMARC1; p=quarantine; pct=0", "dmarc_none"),
        ("v=DMARC1; rua=mailto:a@b.org", "dmarc_none"),
        ("v=DMARC1; p=maybe", "dmarc_not_readable"),
        ("v=DMARC1", "dmarc_not_readable"),
        ("v=dmarc2; p=reject", "dmarc_missing"),
    ],
)
def test_a_policy_is_read(name_server, record, code):
    in_order(name_server)
    name_server.put(f"_dmarc.{DOMAIN}", record)
    assert dmarc().code == code


def test_of_two_policies_none_is_taken(name_server):
    in_order(name_server)
    name_server.put(f"_dmarc.{DOMAIN}", "v=DMARC1; p=reject", "v=DMARC1; p=none")
    assert (dmarc().code, look().asks) == ("dmarc_several", "")


@pytest.mark.parametrize(
    ("record", "asks"),
    [
        ("v=DMARC1; p=reject", "reject"),
        ("v=DMARC1; p=reject; sp=none", "none"),
        ("v=DMARC1; p=none; sp=reject", "reject"),
    ],
)
def test_a_domain_below_another_has_that_ones_policy(name_server, settings, record, asks):
    settings.DEFAULT_FROM_ADDRESS = "noreply@mail.forum.suzhou.gov.cn"
    name_server.put("_dmarc.suzhou.gov.cn", record)
    picture = look()
    assert (found("dmarc", picture).name, picture.asks) == ("_dmarc.suzhou.gov.cn", asks)
    assert "_dmarc.gov.cn" not in name_server.asked


def test_a_policy_of_its_own_comes_first(name_server, settings):
    settings.DEFAULT_FROM_ADDRESS = "noreply@mail.suzhou.gov.cn"
    name_server.put("_dmarc.suzhou.gov.cn", "v=DMARC1; p=reject")
    name_server.put("_dmarc.mail.suzhou.gov.cn", "v=DMARC1; p=none")
    assert look().asks == "none"


# --- Whether they fit ---


def with_return_path(server, settings, domain, *, policy="v=DMARC1; p=reject"):
    settings.BOUNCE_ADDRESS = f"bounces@{domain}"
    settings.DKIM_SELECTORS = []
    server.put(domain, "v=spf1 mx -all")
    server.put(f"_dmarc.{DOMAIN}", policy)
    return look()


def test_spf_is_that_of_the_return_path_and_fits_below_the_same_domain(name_server, settings):
    picture = with_return_path(name_server, settings, f"bounce.{DOMAIN}")
    assert (found("spf", picture).name, found("fit", picture).state) == (
        f"bounce.{DOMAIN}",
        "good",
    )
    assert not picture.is_refused


def test_a_strict_policy_wants_the_very_same_domain(name_server, settings):
    picture = with_return_path(
        name_server, settings, f"bounce.{DOMAIN}", policy="v=DMARC1; p=reject; aspf=s"
    )
    assert (found("fit", picture).code, picture.is_refused) == ("fit_none_reject", True)


def test_a_return_path_elsewhere_does_not_vouch(name_server, settings):
    picture = with_return_path(name_server, settings, "bounces.post-office.net")
    assert found("spf", picture).state == "good"
    assert picture.is_refused


def test_where_nothing_vouches_and_junk_is_asked_for_no_refusal_is_told(name_server, settings):
    picture = with_return_path(
        name_server, settings, "bounces.post-office.net", policy="v=DMARC1; p=quarantine"
    )
    assert (found("fit", picture).code, picture.is_refused) == ("fit_none_quarantine", False)


def test_a_key_strictly_asked_for_is_one_of_the_very_domain(name_server, settings):
    settings.DKIM_SELECTORS = [f"s1._domainkey.mail.{DOMAIN}"]
    name_server.put(f"s1._domainkey.mail.{DOMAIN}", f"p={GOOD_KEY}")
    name_server.put(f"_dmarc.{DOMAIN}", "v=DMARC1; p=reject; adkim=r")
    assert not look().is_refused
    name_server.put(f"_dmarc.{DOMAIN}", "v=DMARC1; p=reject; adkim=s")
    assert look().is_refused


def test_a_part_without_an_answer_is_no_reason_to_call_letters_refused(name_server):
    name_server.put(f"_dmarc.{DOMAIN}", "v=DMARC1; p=reject")
    name_server.fail(KEY)
    assert (found("fit").code, look().is_refused) == ("fit_no_answer", False)
