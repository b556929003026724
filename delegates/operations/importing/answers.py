"""Cells with a meaning of their own: yes and no, roles, languages, ranks, moments."""

import re
from datetime import date, datetime, time, timedelta

from conference.models import Conference, Language
from delegates.models import Delegate
from delegates.operations.importing.cells import Cell, is_nothing, one_line, text_of
from delegates.operations.importing.findings import Finding, finding

_YES = frozenset(
    [
        "y",
        "yes",
        "true",
        "1",
        "x",
        "√",
        "✓",
        "✔",
        "v",
        "vip",
        "vvip",
        "是",
        "有",
        "需要",
        "需",
        "要",
        "对",
        "同意",
    ]
)
_NO = frozenset(
    ["n", "no", "false", "0", "×", "✗", "✘", "否", "无", "不", "不需要", "不用", "没有", "不同意"]
)
_ROLES: dict[str, str] = {
    word: role
    for role, words in {
        Delegate.Role.HEAD: (
            "head|head of delegation|head of the delegation|delegation head|leader|"
            "delegation leader|team leader|chief|hod|团长|代表团团长|领队|带队领导"
        ),
        Delegate.Role.DEPUTY: (
            "deputy|deputy head|deputy leader|deputy head of delegation|副团长|副领队"
        ),
        Delegate.Role.MEMBER: "member|delegate|participant|团员|成员|代表|正式代表|与会代表",
        Delegate.Role.ADVISER: "adviser|advisor|顾问|专家",
        Delegate.Role.SPOUSE: "spouse|wife|husband|partner|accompanying|配偶|夫人|家属|随行人员",
        Delegate.Role.ASSISTANT: "assistant|secretary|aide|秘书|助理|随员",
        Delegate.Role.INTERPRETER: "interpreter|translator|翻译|译员|口译",
        Delegate.Role.STAFF: "staff|support|support staff|工作人员|后勤|联络员",
    }.items()
    for word in words.split("|")
}
_CHINESE = frozenset(
    ["zh", "cn", "chinese", "mandarin", "中文", "汉语", "普通话", "中", "zh-hans", "zh-cn"]
)
_ENGLISH = frozenset(["en", "english", "英文", "英语", "英"])
_YEAR_FIRST = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_CHINESE_DAY = re.compile(r"^(\d{1,2})月(\d{1,2})日")
_NUMBERS = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")
_DAY_MONTH = re.compile(
    r"^(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})\.?(?:[\s,-]+(\d{4}))?", re.IGNORECASE
)
_MONTH_DAY = re.compile(
    r"^([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?", re.IGNORECASE
)
_CLOCK = re.compile(
    r"(上午|下午|晚上)?\s*(\d{1,2})(?::|点|h)?(\d{2})?分?(?::\d{2})?\s*(am|pm)?$", re.IGNORECASE
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # day 0 of spreadsheets, which know no zones
_NEAR = timedelta(days=45)


def read_yes(cell: Cell, column: str) -> tuple[bool | None, list[Finding]]:
    """Return yes or no; None, with a finding if something else stands there."""
    text = one_line(text_of(cell)).casefold()
    head = re.split(r"[\s(,，;:]", text, maxsplit=1)[0]
    if not text or head in ("-", "—"):
        return None, []
    if head in _YES:
        return True, []
    if head in _NO:
        return False, []
    return None, [finding("unknown_answer", column, text=text)]


def read_role(cell: Cell, column: str) -> tuple[str, list[Finding]]:
    """Return the role in the delegation; empty if the cell is."""
    text = one_line(text_of(cell)).casefold()
    if is_nothing(text):
        return "", []
    for reading in (text, *(part.strip() for part in re.split(r"[/(（)）]", text))):
        if reading in _ROLES:
            return _ROLES[reading], []
    chinese = re.sub(r"[\x00-\x7f\s]", "", text)
    if chinese in _ROLES:
        return _ROLES[chinese], []
    return Delegate.Role.MEMBER, [finding("unknown_role", column, text=text)]


def read_language(cell: Cell) -> str:
    """Return the language that the person is written to in; empty if it is neither of ours."""
    for word in re.split(r"[\s,;/、，]+", text_of(cell).casefold()):
        if word in _CHINESE:
            return Language.CHINESE
        if word in _ENGLISH:
            return Language.ENGLISH
    return ""


def read_rank(cell: Cell, column: str) -> tuple[int | None, list[Finding]]:
    """Return the rank, a whole number; None if the cell is empty or holds something else."""
    text = text_of(cell)
    if is_nothing(text):
        return None, []
    if text.isdecimal() and int(text) <= 32767:
        return int(text), []
    return None, [finding("unknown_rank", column, text=text)]


def read_moment(
    day: Cell, clock: Cell, *, conference: Conference, column: str
) -> tuple[datetime | None, list[Finding]]:
    """Return a moment at the venue from a day, a day with a time, or a day and a time apart.

    A day without a time is taken at noon. What can be read in two ways is not guessed, unless
    only one of them is near the conference.
    """
    text = one_line(text_of(day))
    if is_nothing(text):
        return None, []
    found: list[Finding] = []
    naive: datetime | None
    if isinstance(day, datetime):
        naive = day
    elif isinstance(day, date):
        naive = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # zoned below
    elif (serial := _serial(day)) is not None:
        naive = serial
    else:
        naive, found = _written(text, conference, column)
    if naive is None:
        return None, found or [finding("unknown_date", column, text=text)]
    at = _clock_of(clock)
    if at is not None:
        naive = naive.replace(hour=at.hour, minute=at.minute)
    elif naive.time() == time(0):
        naive = naive.replace(hour=12)
    return naive.replace(tzinfo=conference.zone, second=0, microsecond=0), found


def _serial(cell: Cell) -> datetime | None:
    """Return the moment of a spreadsheet's serial day number of about our time."""
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not 30000 < cell < 80000:
        return None
    return _EPOCH + timedelta(days=float(cell))


def _written(
    text: str, conference: Conference, column: str
) -> tuple[datetime | None, list[Finding]]:
    for pattern, parts in (
        (_YEAR_FIRST, "ymd"),
        (_CHINESE_DAY, "md"),
        (_DAY_MONTH, "dMy"),
        (_MONTH_DAY, "Mdy"),
    ):
        if found := pattern.match(text):
            day = _day_of(dict(zip(parts, found.groups(), strict=True)), conference)
            return (_with_clock(day, text[found.end() :]), []) if day else (None, [])
    found = _NUMBERS.match(text)
    if not found:
        return None, []
    first, second, year = found.groups()
    year = f"20{year}" if len(year) == 2 else year
    readings = [
        day
        for parts in ({"m": first, "d": second, "y": year}, {"m": second, "d": first, "y": year})
        if (day := _day_of(parts, conference))
    ]
    readings = list(dict.fromkeys(readings))
    near = [day for day in readings if abs(day - _opening(conference)) <= _NEAR]
    chosen = near if len(near) == 1 else readings
    if len(chosen) == 1:
        notes = [finding("date_guessed", column, text=text, first=f"{chosen[0]:%Y-%m-%d}")]
        return _with_clock(chosen[0], text[found.end() :]), notes if len(readings) > 1 else []
    if len(chosen) == 2:
        names = {"first": f"{chosen[0]:%Y-%m-%d}", "second": f"{chosen[1]:%Y-%m-%d}"}
        return None, [finding("two_dates", column, text=text, **names)]
    return None, []


def _day_of(parts: dict[str, str | None], conference: Conference) -> datetime | None:
    month = parts.get("m")
    name = parts.get("M")
    number = _MONTHS.index(name[:3].lower()) + 1 if name and name[:3].lower() in _MONTHS else 0
    try:
        return datetime(  # noqa: DTZ001  # zoned by the caller
            int(parts.get("y") or conference.first_day.year),
            int(month) if month else number,
            int(parts["d"] or 0),
        )
    except ValueError:
        return None


def _opening(conference: Conference) -> datetime:
    first = conference.first_day
    return datetime(first.year, first.month, first.day)  # noqa: DTZ001  # compared with the like


def _with_clock(day: datetime, rest: str) -> datetime:
    at = _clock_of(re.sub(r"^[\s,T]+", "", rest))
    return day.replace(hour=at.hour, minute=at.minute) if at else day


def _clock_of(cell: Cell) -> time | None:
    """Return a time of day from a time, a fraction of a day, or a text such as 3:30pm, 1530."""
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    if isinstance(cell, float) and 0 < cell < 1:
        return (_EPOCH + timedelta(days=cell, seconds=1)).time()
    text = text_of(cell)
    found = _CLOCK.match(text) if text else None
    if not found:
        return None
    part, hours, minutes, half = found.groups()
    hour = int(hours)
    if hour < 12 and ((half or "").lower() == "pm" or part in ("下午", "晚上")):
        hour += 12
    if hour == 12 and (half or "").lower() == "am":
        hour = 0
    try:
        return time(hour, int(minutes or 0))
    except ValueError:
        return None
