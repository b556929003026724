"""The letter in the documentation is one as they leave."""

import re
from pathlib import Path

from django.conf import settings

from tests.conference.operations.sending.letters import send, write


def names(source: str) -> list[str]:
    head, _blank, _body = source.partition("\n\n")
    return re.findall(r"^([\w-]+):", head, re.MULTILINE)


def test_the_documented_letter_has_the_headers_and_the_foot_of_letters_that_leave(suzhou, server):
    text = Path(settings.BASE_DIR, "docs/mail.md").read_text(encoding="utf-8")
    _before, _mark, sample = text.partition("```text\nContent-Type")
    sample = "Content-Type" + sample.partition("```")[0]
    write(
        suzhou,
        "anna",
        optional=True,
        language="zh-hans",
        to_name="王安娜",
        subject="关于会议日程的通知",
        body_text="尊敬的王安娜女士：\n\n会议日程已更新。",
    )
    send()
    source = server.sources[0].decode().replace("\r\n", "\n")
    assert names(sample) == names(source)
    same = {line.partition(":")[0] for line in source.splitlines() if line in sample.splitlines()}
    assert {"Subject", "From", "To", "Content-Language", "List-Unsubscribe-Post"} <= same
    assert "退订非必要邮件" in sample
    assert "退订非必要邮件" in source
