"""Finding the header row of a list, and which column holds what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from delegates.operations.importing.cells import Cell, fold, one_line, text_of

# How far down a header may begin, under titles and remarks.
SEARCHED_ROWS = 40

# What a column may hold, with the words that head it, folded and in small letters.
_WORDS: dict[str, str] = {
    "id": "id|uid|person id|delegate id|人员编号|代表编号|唯一编号",
    "serial": "no|no.|nr|number|#|s/n|serial|serial no|序号|编号|号",
    "delegation": (
        "delegation|name of delegation|delegation name|party|state|province|state/province|"
        "state or province|city|city/county|from|team|group|sister city|"
        "代表团|代表团名称|所属代表团|团组|省份|省市|省|"
        "州|所在州|所在省|省/州|州/省|城市|代表城市|团名"
    ),
    "name": (
        "name|full name|fullname|delegate|delegate name|name of delegate|names|participant|"
        "participant name|guest|guest name|attendee|person|first and last name|"
        "姓名|名字|姓 名|代表姓名|嘉宾|嘉宾姓名|"
        "参会人员|参会人|人员姓名|与会人员|来宾姓名|中英文姓名"
    ),
    "family_name": (
        "family name|last name|lastname|surname|familyname|family|last|姓|姓氏|英文姓|姓(拼音)"
    ),
    "given_name": (
        "given name|first name|firstname|given names|forename|givenname|first|"
        "given name(s)|名|英文名字|英文名|名(拼音)"
    ),
    "latin_name": (
        "english name|name in english|latin name|name in latin|name en|name (en)|romanised name|"
        "romanized name|pinyin|name in pinyin|passport name|name as in passport|"
        "英文姓名|拼音|姓名拼音|拼音姓名|外文姓名|护照姓名|姓名英文"
    ),
    "native_name": (
        "chinese name|name in chinese|native name|name in own script|name zh|name (zh)|"
        "name in characters|中文姓名|中文名|汉字姓名|中文名字|姓名中文"
    ),
    "badge_name": (
        "name on badge|badge name|name on the badge|preferred name|证件姓名|胸卡姓名|胸牌姓名"
    ),
    "suffix": "suffix|name suffix|后缀",
    "honorific": (
        "honorific|salutation|prefix|mr/ms|mr./ms.|"
        "mr/mrs/ms|form of address|courtesy title|称谓|称呼|尊称"
    ),
    "title": (
        "title|post|position|job title|job|official title|designation|function|title/position|"
        "title/post|office|rank/title|职务|职位|职称|头衔|现任职务|职务/职称|单位职务"
    ),
    "title_en": "title in english|english title|title en|title (en)|英文职务|职务英文|英文职位",
    "title_zh": "title in chinese|chinese title|title zh|title (zh)|中文职务|职务中文|中文职位",
    "organisation": (
        "organisation|organization|company|institution|affiliation|employer|unit|department|"
        "agency|ministry|work unit|单位|工作单位|部门|单位名称|机构|所在单位|公司"
    ),
    "organisation_en": "organisation in english|organization in english|英文单位|单位英文",
    "organisation_zh": "organisation in chinese|organization in chinese|中文单位|单位中文",
    "role": (
        "role|role in delegation|role in the delegation|capacity|team role|"
        "身份|团内身份|团内职务|角色|代表类别|人员身份"
    ),
    "rank": "rank|order|precedence|protocol rank|protocol order|排序|礼宾顺序|礼宾次序|级别",
    "vip": "vip|vvip|贵宾",
    "email": (
        "email|e-mail|mail|email address|e-mail address|emails|contact email|contact e-mail|"
        "邮箱|电子邮箱|电子邮件|邮件|电邮|邮箱地址|联系邮箱"
    ),
    "phone": (
        "phone|telephone|mobile|cell|cell phone|mobile phone|phone number|tel|tel.|mobile number|"
        "contact number|contact|telephone number|cellphone|mobile no|phone no|"
        "手机|电话|手机号|手机号码|电话号码|联系电话|联系方式|移动电话"
    ),
    "language": "language|preferred language|languages|working language|语言|语种|使用语言",
    "needs_interpreter": (
        "needs interpreter|interpreter needed|"
        "needs an interpreter|interpretation|interpretation needed|"
        "需要翻译|是否需要翻译|需翻译"
    ),
    "diet": (
        "diet|dietary|dietary needs|dietary requirements|dietary restrictions|food|meal|"
        "饮食|饮食要求|饮食禁忌|餐饮要求|忌口|用餐要求"
    ),
    "access_needs": (
        "access needs|accessibility|special needs|assistance|disability|health|medical|"
        "无障碍需求|特殊需求|健康事项|特殊要求"
    ),
    "arrival": (
        "arrival|arrival date|date of arrival|arrives|arriving|arrival date and time|"
        "arrival date/time|arrival / date|抵达|抵达日期|"
        "到达日期|抵达时间|到达时间|抵达日期时间|抵达 / 日期"
    ),
    "arrival_time": "arrival time|time of arrival|arrival / time|抵达时刻|抵达 / 时间",
    "arrival_by": (
        "arrival flight|flight in|inbound flight|arrives by|arriving flight|arrival by|flight|"
        "arrival / flight|arrival flight no|抵达航班|到达航班|"
        "来程航班|航班|航班号|抵达 / 航班|抵达车次"
    ),
    "departure": (
        "departure|departure date|date of departure|departs|leaving|departure date and time|"
        "departure / date|离开|离开日期|返程日期|离会时间|返程时间|离开 / 日期|返程 / 日期"
    ),
    "departure_time": "departure time|time of departure|departure / time|离开时刻|离开 / 时间",
    "departure_by": (
        "departure flight|flight out|outbound flight|departs by|return flight|departure by|"
        "departure / flight|返程航班|离开航班|离开 / 航班|返程 / 航班"
    ),
    "photo_consent": "photo consent|consents to photographs|photo|photographs|同意拍照|照片授权",
    "sensitive": (
        "passport|passport no|passport no.|passport number|id number|id card|identity number|"
        "id card number|护照|护照号|护照号码|身份证|身份证号|身份证号码|证件号码|证件号"
    ),
    "ignored": "sex|gender|性别|remarks|remark|note|notes|comments|comment|备注|附注|说明",
}
TARGETS: dict[str, str] = {
    word: target for target, words in _WORDS.items() for word in words.split("|")
}
NAMES: frozenset[str] = frozenset(
    {"name", "latin_name", "native_name", "family_name", "given_name"}
)
_ORNAMENT = re.compile(r"[*:：;;。.!！?？✱※]+")
_BRACKETS = re.compile(r"[(\[【（〔].*?[)\]】）〕]")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9 ./()'&-]*")

Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it is, what the file calls it, what it holds (empty if unknown)."""

    index: int
    label: str
    target: str


@dataclass(frozen=True, slots=True)
class Header:
    """The header: the number of its last row (from 0), and the columns."""

    last_row: int
    columns: tuple[Column, ...]
    score: int = field(default=0)

    def of(self, target: str) -> list[Column]:
        """Return the columns that hold this, from left to right."""
        return [column for column in self.columns if column.target == target]


def target_of(label: str) -> str:
    """Return what a column with this header holds, or an empty string."""
    folded = fold(label).casefold()
    whole = one_line(_ORNAMENT.sub(" ", folded))
    for candidate in _readings(whole):
        if candidate in TARGETS:
            return TARGETS[candidate]
    return ""


def find_header(rows: Sequence[Row]) -> Header | None:
    """Return the most telling header among the first rows, or None if there is none.

    A header in two rows is joined: “Arrival” over “Date” and “Flight” gives “Arrival / Date”.
    """
    best: Header | None = None
    for number in range(min(len(rows), SEARCHED_ROWS)):
        single = _as_header(number, [text_of(cell) for cell in rows[number]])
        candidates = [single]
        if number + 1 < len(rows):
            candidates.append(_as_header(number + 1, _joined(rows[number], rows[number + 1])))
        for candidate in candidates:
            if _is_header(candidate) and (best is None or candidate.score > best.score):
                best = candidate
    return best


def repeats(row: Row, header: Header) -> bool:
    """Return whether a row only repeats the header, as lists pasted together do."""
    known = [column for column in header.columns if column.target and column.index < len(row)]
    same = sum(target_of(text_of(row[column.index])) == column.target for column in known)
    return len(known) >= 2 and same >= max(2, len(known) - 1)


def _readings(label: str) -> list[str]:
    """Return the ways to read a header: whole, without brackets, by script, by its last part."""
    bare = one_line(_BRACKETS.sub(" ", label))
    readings = [label, bare, label.replace(" ", ""), bare.replace(" ", "")]
    chinese = re.sub(r"[\x00-\x7f]", "", label)
    if chinese:
        latin = " ".join(part.strip(" /-") for part in _LATIN.findall(label))
        readings += [one_line(latin).strip("() "), one_line(_BRACKETS.sub("", latin))]
    for separator in ("/", "|", "-"):
        if separator in label:
            readings += [part.strip() for part in reversed(label.split(separator))]
    return [reading for reading in (*readings, chinese) if reading]


def _joined(upper: Row, lower: Row) -> list[str]:
    """Return two header rows as one; a label spreads over the empty cells at its right."""
    labels: list[str] = []
    spread = ""
    for index in range(max(len(upper), len(lower))):
        top, below = _text_at(upper, index), _text_at(lower, index)
        spread = top or (spread if below else "")
        together = f"{spread} / {below}"
        if not below:
            labels.append(top)
        elif spread and spread != below and (target_of(together) or not target_of(below)):
            labels.append(together)
        else:
            labels.append(below)
    return labels


def _text_at(row: Row, index: int) -> str:
    return one_line(text_of(row[index])) if index < len(row) else ""


def _as_header(last_row: int, labels: Sequence[str]) -> Header:
    columns: list[Column] = []
    taken: set[str] = set()
    for index, label in enumerate(labels):
        target = target_of(label) if 0 < len(label) <= 60 else ""
        columns.append(Column(index, one_line(label).strip("*:： "), target))
        if target:
            taken.add(target)
    return Header(last_row, tuple(columns), score=len(taken))


def _is_header(header: Header) -> bool:
    targets = {column.target for column in header.columns}
    if not targets & NAMES:
        return False
    # A lone “Name” is a header too: a list may have a single column.
    labels = [column for column in header.columns if column.label]
    return len(targets - {""}) >= 2 or len(labels) == 1
