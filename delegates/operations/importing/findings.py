"""What the importer has to say about a row, in both languages at once.

Findings are stored with the row and read later by people of either language, so they are not
translated at the time of reading.
"""

from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

from django.utils import translation

from conference.errors import DomainError

ERROR, WARNING, NOTE = "error", "warning", "note"


class FindingJson(TypedDict):
    """A finding as it is stored."""

    level: str
    column: str
    message_en: str
    message_zh: str
    # Said while comparing with the people already known, and said anew each time.
    matching: NotRequired[bool]


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about one cell; ``column`` is the header as the file has it, or empty."""

    level: str
    column: str
    message_en: str
    message_zh: str

    def as_json(self) -> FindingJson:
        """Return what is stored."""
        return {
            "level": self.level,
            "column": self.column,
            "message_en": self.message_en,
            "message_zh": self.message_zh,
        }


_SENTENCES: dict[str, tuple[str, str, str]] = {
    # rows
    "empty": (NOTE, "This row names nobody.", "此行没有姓名。"),
    "example": (NOTE, "This is the example row of the template.", "这是模板中的示例行。"),
    "total": (NOTE, "This row is a total or a note.", "此行是合计或备注。"),
    "band": (NOTE, "From here on: {name}.", "以下属于：{name}。"),
    "repeated_header": (NOTE, "This row repeats the header.", "此行重复了表头。"),
    "no_name": (ERROR, "There is no name in this row.", "此行没有姓名。"),
    "placeholder": (
        ERROR,
        "“{text}” holds a place but names nobody yet. Write the name when it is known.",
        "“{text}”只是占位，请在确定后填写姓名。",
    ),
    "two_people": (
        ERROR,
        "“{text}” seems to name two people. Give each person a row.",
        "“{text}”似乎是两个人，请每人一行。",
    ),
    "extra_cells": (
        WARNING,
        "There is text beyond the last column: {text}",
        "最后一列之外还有内容：{text}",
    ),
    # delegations
    "no_delegation": (
        ERROR,
        "The row does not say which delegation it belongs to.",
        "此行没有写明代表团。",
    ),
    "unknown_delegation": (
        ERROR,
        "This conference has no delegation “{text}”.",
        "本次大会没有“{text}”代表团。",
    ),
    "several_delegations": (
        ERROR,
        "“{text}” may be several delegations: {names}.",
        "“{text}”可能是多个代表团：{names}。",
    ),
    "other_delegation": (
        ERROR,
        "The row says “{text}”, but the list was loaded for {name}.",
        "此行写的是“{text}”，而名单是为{name}导入的。",
    ),
    "filled_down": (NOTE, "Taken from the row above: {text}", "沿用上一行：{text}"),
    "nothing_above": (
        WARNING,
        "“{text}” refers to a row above, but there is none.",
        "“{text}”指上一行，但上面没有内容。",
    ),
    # cells
    "broken_text": (
        ERROR,
        "The letters of this cell were damaged before the file reached us: {text}",
        "此单元格的文字在送达前已损坏：{text}",
    ),
    "mojibake": (
        WARNING,
        "“{text}” looks damaged; it may be “{better}”. Correct it if so.",
        "“{text}”似乎是乱码，可能是“{better}”，请核对后更正。",
    ),
    "private_use": (
        WARNING,
        "“{text}” has a character that only its old system can show. Write it anew.",
        "“{text}”含有旧系统的自造字，请重新输入。",
    ),
    "formula": (
        WARNING,
        "“{text}” looks like a formula. It is taken as plain text.",
        "“{text}”像是公式，已按文字处理。",
    ),
    "error_value": (
        WARNING,
        "The spreadsheet shows {text} here; the cell is left empty.",
        "表格中显示为{text}，此单元格按空处理。",
    ),
    "too_long": (
        WARNING,
        "Longer than {limit} characters; only the beginning is kept.",
        "超过{limit}个字符，只保留开头部分。",
    ),
    # names
    "name_split": (
        NOTE,
        "“{text}” is read as family name “{family}”, given name “{given}”.",
        "“{text}”读作：姓“{family}”，名“{given}”。",
    ),
    "order_guessed": (
        WARNING,
        "Which is the family name in “{text}”? Taken: “{family}”.",
        "“{text}”中哪个是姓？暂按“{family}”处理。",
    ),
    "one_name": (NOTE, "Only one name: “{text}”.", "只有一个名字：“{text}”。"),
    "given_missing": (
        WARNING,
        "Only the family name “{text}” is known.",
        "只有姓“{text}”，没有名。",
    ),
    "all_capitals": (
        NOTE,
        "The name is all in capitals; it is kept as it is.",
        "姓名全部为大写，按原样保留。",
    ),
    "moved": (NOTE, "“{text}” was moved to {field}.", "“{text}”已移至{field}。"),
    "both_scripts": (
        NOTE,
        "Both scripts in one cell: “{native}” and “{latin}”.",
        "同一单元格中有两种文字：“{native}”和“{latin}”。",
    ),
    # addresses and numbers
    "bad_email": (
        WARNING,
        "“{text}” is not an e-mail address. It is left empty.",
        "“{text}”不是有效的电子邮件地址，按空处理。",
    ),
    "several_emails": (
        WARNING,
        "Several addresses; the first is used: {text}",
        "有多个地址，使用第一个：{text}",
    ),
    "shared_email": (
        NOTE,
        "{count} people of this list share this address.",
        "名单中有{count}人共用此地址。",
    ),
    "typo_email": (
        WARNING,
        "Is “{text}” spelt right? “{better}” is more usual.",
        "“{text}”拼写是否正确？常见的是“{better}”。",
    ),
    "rebuilt_phone": (
        NOTE,
        "The spreadsheet kept this phone as a number; read as {text}.",
        "表格把电话存成了数字，读作{text}。",
    ),
    "lost_digits": (
        WARNING,
        "Digits of this phone were lost in the spreadsheet: {text}. Ask for the number.",
        "电话号码在表格中丢失了数字：{text}，请核实。",
    ),
    "guessed_phone": (
        NOTE,
        "Read as {text}, by the country of the delegation.",
        "按代表团所在国家读作{text}。",
    ),
    "unread_phone": (
        WARNING,
        "“{text}” is kept, but it is not a number that can be dialled.",
        "“{text}”已保留，但不是可拨打的号码。",
    ),
    # other columns
    "unknown_role": (
        WARNING,
        "“{text}” is not a role we know; taken as member.",
        "不认识的身份“{text}”，按成员处理。",
    ),
    "unknown_answer": (
        WARNING,
        "“{text}” is neither yes nor no; left as it is.",
        "“{text}”既不是“是”也不是“否”，未作更改。",
    ),
    "unknown_date": (
        WARNING,
        "“{text}” cannot be read as a date and time.",
        "“{text}”无法读作日期和时间。",
    ),
    "two_dates": (
        WARNING,
        "“{text}” may be {first} or {second}. Write the month in letters.",
        "“{text}”可能是{first}或{second}，请写明月份。",
    ),
    "date_guessed": (
        NOTE,
        "“{text}” is read as {first}.",
        "“{text}”读作{first}。",
    ),
    "unknown_rank": (
        WARNING,
        "“{text}” is not a rank. Write a whole number.",
        "“{text}”不是级别，请填写整数。",
    ),
    # matching
    "by_name": (
        NOTE,
        "Recognised by the name alone.",
        "仅凭姓名识别。",
    ),
    "same_row": (
        ERROR,
        "Row {row} says exactly the same. If they are two people, tell them apart.",
        "与第{row}行完全相同。如果是两个人，请加以区分。",
    ),
    "same_id": (
        ERROR,
        "Row {row} has the same id. An id belongs to one person.",
        "与第{row}行的编号相同，一个编号只属于一个人。",
    ),
    "ambiguous": (
        ERROR,
        "Several people here have this name. Say who is meant, or that it is somebody new.",
        "有多人同名，请选择是哪一位，或说明是新的人。",
    ),
    "id_of_another": (
        ERROR,
        "The id {text} belonged to {name}. Say whether this is the same person.",
        "编号{text}原属于{name}，请说明是否为同一人。",
    ),
    "withdrawn": (
        ERROR,
        "{name} has withdrawn. Restore the person first, or say that it is somebody new.",
        "{name}已退出。请先恢复，或说明是新的人。",
    ),
    "second_head": (
        ERROR,
        "The delegation has another head already: {name}.",
        "代表团已有团长：{name}。",
    ),
    # files
    "other_sheets": (
        WARNING,
        "Only the sheet “{name}” was read. Not read: {others}.",
        "只读取了工作表“{name}”，未读取：{others}。",
    ),
    "unread_columns": (NOTE, "Columns not read: {names}.", "未读取的列：{names}。"),
    "duplicate_column": (
        WARNING,
        "The column “{text}” is there twice; the first with text is used.",
        "“{text}”列出现两次，使用有内容的第一列。",
    ),
    "sensitive_column": (
        NOTE,
        "The column “{text}” holds passport or identity numbers and was not kept.",
        "“{text}”列是护照或证件号码，未予保存。",
    ),
    "macros": (NOTE, "The file has macros; they were not run.", "文件含有宏，未运行。"),
    "mixed_encoding": (
        WARNING,
        "Some rows were pasted in from a file of another encoding and cannot be read.",
        "部分行来自另一种编码的文件，无法读取。",
    ),
}


def finding(code: str, column: str = "", **params: Any) -> Finding:
    """Return the finding of this code; long texts in ``params`` are cut to 80 characters."""
    level, english, chinese = _SENTENCES[code]
    short = {name: _short(value) for name, value in params.items()}
    return Finding(level, column, english.format(**short), chinese.format(**short))


def of_refusal(refusal: DomainError) -> Finding:
    """Return an operation's refusal as a finding in both languages."""
    with translation.override("en"):
        english = str(refusal)
    with translation.override("zh-hans"):
        chinese = str(refusal)
    return Finding(ERROR, "", english, chinese)


def is_error(stored: FindingJson) -> bool:
    """Return whether a stored finding keeps its row from going in."""
    return stored["level"] == ERROR


def _short(value: Any) -> Any:
    return value if not isinstance(value, str) or len(value) <= 80 else value[:79] + "…"
