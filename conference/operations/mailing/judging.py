"""What a server's answer says of an address: gone for good, refused, or not now."""

import re
from typing import Final

from conference.models import MailReport

Kind = MailReport.Kind
STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?=[\s-])")
#: Enhanced codes (RFC 3463, and Exchange's own) of an address that does not exist.
_GONE: Final = {
    "5.1.1",
    "5.1.2",
    "5.1.3",
    "5.1.6",
    "5.1.10",
    "5.1.351",
    "5.2.1",
    "5.4.310",
}
#: Codes that name no reason; then the words that stand beside them are read.
_VAGUE: Final = {"", "5.0.0", "5.1.0", "5.3.0", "5.4.0", "5.4.1", "5.5.0"}
_GONE_WORDS = re.compile(
    r"user unknown|unknown user|no such (?:user|recipient|mailbox|person)|user (?:is )?not found"
    r"|(?:mailbox|recipient|account|address) (?:was |is )?not found|(?:does|do)(?: not|n't) exist"
    r"|recipient unknown|unknown recipient|invalid recipient"
    # Of itself "mailbox unavailable" is the standard's word for refusals of every sort.
    r"|5\.5\.0 [^.;]*mailbox unavailable"
    r"|account (?:has been |is )?disabled|host or domain name not found|domain not found"
    r"|user doesn't have a|不存在|无此用户|沒有此用戶|找不到收件人|用户未找到"
    r"|邮箱已停用|帐号已停用|账号已停用"
    r"|查无此人|域名无法解析",
    re.IGNORECASE,
)
_UNWANTED_WORDS = re.compile(
    r"spam|junk|blocked|black ?list|blocklist|reputation|dmarc|\bspf\b|dkim|policy|not authorized"
    r"|unsolicited|content (?:rejected|denied)|垃圾邮件|拒收|拒绝接收|黑名单"
    r"|反垃圾|内容不合规|频率",
    re.IGNORECASE,
)
_FULL_WORDS = re.compile(
    r"mailbox (?:is )?full|over ?quota|quota exceeded|insufficient storage"
    r"|邮箱已满|空间不足|容量不足|超出限额",
    re.IGNORECASE,
)


def judge(*, action: str, status: str, words: str) -> tuple[str, str]:
    """Return the kind of report and the status code, of which the most telling one is taken."""
    code = _telling(status, words)
    if action in {"delivered", "delayed"}:
        return (Kind.DELIVERED if action == "delivered" else Kind.DELAYED), code
    return _failed(code, words), code


def is_about_delivery(words: str) -> bool:
    """Tell whether a text without any structure speaks of a letter that was not delivered."""
    patterns = (STATUS, _REPLY, _GONE_WORDS, _FULL_WORDS, _UNWANTED_WORDS)
    return any(pattern.search(words) for pattern in patterns)


def _telling(status: str, words: str) -> str:
    code = (STATUS.search(status) or [""])[0]
    if code not in _VAGUE:
        return code
    said = [found for found in STATUS.findall(words) if found not in _VAGUE]
    return said[0] if said else code


def _failed(code: str, words: str) -> str:
    if code in _GONE:
        return Kind.BOUNCED
    if code.startswith("5.7."):
        return Kind.REJECTED
    if code == "5.2.2" or code.startswith("4.") or _FULL_WORDS.search(words):
        return Kind.SOFT
    return _in_words(words) if code in _VAGUE else Kind.UNCLEAR


def _in_words(words: str) -> str:
    # "Blocked as spam: no such user" is about us, not about the person's address.
    if _UNWANTED_WORDS.search(words):
        return Kind.REJECTED
    if _GONE_WORDS.search(words):
        return Kind.BOUNCED
    reply = _REPLY.search(words)
    return Kind.SOFT if reply and reply[1].startswith("4") else Kind.UNCLEAR
