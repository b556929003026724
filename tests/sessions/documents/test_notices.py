"""What a delegate is told of one session, in the words and signs of her or his language."""

import pytest

from sessions.documents import notices

pytestmark = pytest.mark.django_db

URL = "https://conference.example.org/me/link/token/"


def test_a_change_is_told_in_the_frame_of_all_mail(session, alice):
    told = notices.move(session=session, delegate=alice, url=URL)
    assert "When: Tue 3 Nov 2026, 14:00–15:30 (China time)" in told.text
    assert f"Your agenda: {URL}" in told.text
    assert told.html.count("<table") == 2
    assert "<style" not in told.html


def test_chinese_is_written_with_chinese_signs(session, alice):
    alice.language = "zh-hans"
    told = notices.move(session=session, delegate=alice, url=URL)
    assert "时间：2026年11月3日 星期二 14:00–15:30（北京时间）" in told.text
    assert f"您的议程：{URL}" in told.text
    assert '<html lang="zh-Hans">' in told.html
    for sign in ("： ", "(", "（ "):
        assert sign not in told.text
