"""Texts fit into what a network carries, and their link is always whole."""

import pytest

from conference.operations.channels.fitting import segments, short_form

LINK = "https://conference.example.org/t/17-AbCdEfGhIjKlMnOp/"


@pytest.mark.parametrize(
    ("text", "count"),
    [("a" * 160, 1), ("a" * 161, 2), ("[" * 80, 1), ("[" * 81, 2), ("汉" * 70, 1), ("汉" * 71, 2)],
)
def test_messages_are_counted_as_the_networks_do(text, count):
    assert segments(text) == count


def test_a_short_title_stands_whole_before_the_link():
    assert short_form("Your session moved", LINK, channel="sms") == f"Your session moved {LINK}"


def test_what_printers_write_does_not_double_the_price():
    text = short_form("Reminder: “Cities” – 3 Nov · 14:00", LINK, channel="sms")
    assert text == f'Reminder: "Cities" - 3 Nov - 14:00 {LINK}'
    assert segments(text) == 1


def test_a_long_title_is_cut_to_one_message():
    text = short_form("Long words " * 30, LINK, channel="sms")
    assert text.endswith(f"... {LINK}")
    assert len(text) <= 160
    assert len(text) > 150


def test_a_long_chinese_title_is_cut_to_two():
    text = short_form("友好城市大会提醒" * 20, LINK, channel="sms")
    assert text.endswith(f"… {LINK}")
    assert segments(text) == 2
    assert len(text) == 134


def test_wechat_has_more_room():
    title = "友好城市大会提醒" * 20
    assert short_form(title, LINK, channel="wechat") == f"{title} {LINK}"


def test_an_endless_link_is_not_cut():
    link = "https://conference.example.org/" + "x" * 300
    assert short_form("Long words " * 9, link, channel="sms").endswith(f"... {link}")
