"""Reading names: two scripts in one cell, honorifics, posts, suffixes, and which name is first.

Nothing is dropped: what is not a name is moved to its own field, and each move is told.
"""

import re
from dataclasses import dataclass, field

from delegates.models import Country, Delegate
from delegates.operations.importing.cells import HAN_RUN, close_up_han, has_han, one_line
from delegates.operations.importing.findings import Finding, finding
from delegates.operations.missing import PLACEHOLDERS

FAMILY_FIRST = Delegate.NameOrder.FAMILY_FIRST
GIVEN_FIRST = Delegate.NameOrder.GIVEN_FIRST

_HONORIFICS = (
    r"h\.?\s?e\.?(?=[\s.])|his excellency|her excellency|the hon(?:ou?rable|\.)?|hon\.|hon(?=\s)|"
    r"honou?rable|mr|mrs|ms|miss|mx|dr|prof|professor|rev|sr|sra|sir|dame|madam|madame"
)
_POSTS = (
    r"lieutenant governor|lt\.? governor|lt\.? gov\.?|vice governor|deputy governor|governor|"
    r"vice mayor|deputy mayor|former mayor|mayor pro tem(?:pore)?|mayor|state senator|senator|"
    r"state representative|representative|council ?member|council ?woman|council ?man|"
    r"county supervisor|supervisor|county commissioner|commissioner|ambassador|consul general|"
    r"secretary general|president|chairman|chairwoman|chairperson|chair|director|judge|general|"
    r"colonel|captain"
)
_LEADING = re.compile(rf"^(?P<word>{_HONORIFICS}|{_POSTS})(?:\.\s*|\s+|$)", re.IGNORECASE)
_IS_POST = re.compile(rf"^(?:{_POSTS})$", re.IGNORECASE)
_SUFFIX = re.compile(
    r"[\s,]+(?P<word>jr|sr|ii|iii|iv|ph\.?\s?d|m\.?d|j\.?d|esq|ret|\(ret\.?\)|cpa|mba)\.?$",
    re.IGNORECASE,
)
_HAN_HONORIFIC = ("先生", "女士", "小姐", "太太", "夫人", "阁下", "同志")
_HAN_POST = re.compile(
    "(副?(?:省长|市长|州长|县长|区长|镇长|主席|主任|局长|部长|处长|厅长|科长|书记|秘书长|会长|院长|校长|"
    "总领事|大使|司长|董事长|总经理|经理|教授|博士|议员|参议员|理事长|理事))$"
)
_TWO_PEOPLE = re.compile(r"\s(?:and|&|und|y)\s|\s*[&＆]\s*|\+\s*\d|、|和(?=[^平])", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"^(?:tb[dca]|n/?a|待定|未定|to be (?:determined|confirmed|named)|spouse|guest|interpreter|"
    r"assistant|翻译|配偶|随员|工作人员|name)(?:\s*(?:tb[dca]|待定|\d+|#\d+))?$|\btb[dca]\b|待定",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "der",
        "den",
        "di",
        "da",
        "do",
        "dos",
        "das",
        "du",
        "la",
        "le",
        "van",
        "von",
        "bin",
        "al",
        "el",
        "ter",
        "ten",
        "st",
        "st.",
        "mac",
    ]
)
# Only a hint where nothing else tells the order: the commonest family names in Pinyin.
_PINYIN = frozenset(
    re.findall(
        r"\w+",
        """
        wang li zhang liu chen yang zhao huang zhou wu xu sun hu zhu gao lin he guo ma luo
        liang song zheng xie han tang feng yu dong xiao cheng cao yuan deng fu shen zeng
        peng lu su jiang cai jia ding wei xue ye yan pan du dai xia zhong wan tian ren fan
        fang shi yao tan liao zou xiong jin hao kong bai cui kang mao qiu qin gu hou shao
        meng long duan lei qian yin yi chang qiao lai ouyang sima zhuge shangguan situ
        xiahou ximen murong
        """,
    )
)


@dataclass(slots=True)
class NameReading:
    """What a name cell says. All texts may be empty; ``findings`` tell each move."""

    family: str = ""
    given: str = ""
    native: str = ""
    suffix: str = ""
    honorific: str = ""
    post_en: str = ""
    post_zh: str = ""
    order: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether no name was found."""
        return not (self.family or self.given or self.native)


def read_name(text: str, *, country: str, column: str) -> NameReading:
    """Read a full name in one cell; ``country`` is the delegation's, a hint for the order.

    A reading with an error among its findings names nobody who could be written down.
    """
    reading = NameReading()
    text = one_line(text)
    if not text:
        return reading
    if _PLACEHOLDER.search(text) or text.casefold() in PLACEHOLDERS:
        reading.findings.append(finding("placeholder", column, text=text))
        return reading
    if _TWO_PEOPLE.search(text):
        reading.findings.append(finding("two_people", column, text=text))
        return reading
    han_parts = [found.group() for found in HAN_RUN.finditer(text)]
    latin = one_line(HAN_RUN.sub(" ", text)) if han_parts else text
    latin = latin.translate(str.maketrans("", "", "()[]【】<>")).strip(" /|-,，、·;:").lstrip(".")
    _read_native(reading, han_parts, column)
    if latin:
        _read_latin(reading, latin, country, column)
    if reading.native and (reading.family or reading.given):
        reading.findings.append(
            finding(
                "both_scripts",
                column,
                native=reading.native,
                latin=" ".join(part for part in (reading.given, reading.family) if part),
            )
        )
    return reading


def read_parts(family: str, given: str, *, country: str) -> NameReading:
    """Read a name whose family and given parts have columns of their own."""
    reading = NameReading()
    family, given = one_line(family), one_line(given)
    if has_han(family + given):
        reading.native = close_up_han(family) + close_up_han(given)
        return reading
    given, suffixes = _split_suffix(given)
    family, more = _split_suffix(family)
    reading.family, reading.given, reading.suffix = family, given, more or suffixes
    reading.order = FAMILY_FIRST if country == Country.CHINA else GIVEN_FIRST
    return reading


def _read_native(reading: NameReading, parts: list[str], column: str) -> None:
    if not parts:
        return
    native = close_up_han(parts[0])
    # Several runs: the longest is the name, the others are a post or a title.
    posts = [close_up_han(part) for part in parts[1:]]
    for honorific in _HAN_HONORIFIC:
        if native.endswith(honorific) and len(native) > len(honorific):
            native = native.removesuffix(honorific)
            reading.honorific = honorific
            _tell_move(reading, honorific, "honorific", column)
            break
    found = _HAN_POST.search(native)
    if found and found.start() > 0:
        native, post = native[: found.start()], found.group()
        posts.append(post)
    if posts:
        reading.post_zh = "、".join(post for post in posts if post not in _HAN_HONORIFIC)
        for post in posts:
            if post in _HAN_HONORIFIC:
                reading.honorific = post
            _tell_move(reading, post, "honorific" if post in _HAN_HONORIFIC else "title", column)
    reading.native = native
    if len(native) == 1:
        reading.findings.append(finding("given_missing", column, text=native))


def _read_latin(reading: NameReading, text: str, country: str, column: str) -> None:
    text = _take_leading(reading, text, column)
    text, reading.suffix = _split_suffix(text)
    if not text:
        return
    if "," in text:
        family, _comma, given = text.partition(",")
        given = _take_leading(reading, given.strip(), column)
        reading.family, reading.given = family.strip(), given.strip()
        given, suffix = _split_suffix(reading.given)
        reading.given, reading.suffix = given, reading.suffix or suffix
        reading.order = FAMILY_FIRST if country == Country.CHINA else GIVEN_FIRST
    else:
        _split_by_order(reading, text.split(), country, column)
    if reading.given and text != text.upper():
        reading.findings.append(
            finding("name_split", column, text=text, family=reading.family, given=reading.given)
        )
    if reading.given and text == text.upper() and text != text.lower():
        reading.findings.append(finding("all_capitals", column))


def _split_by_order(reading: NameReading, words: list[str], country: str, column: str) -> None:
    """Tell family from given name: by capitals, else by country and known family names."""
    if len(words) == 1:
        reading.family, reading.order = words[0], GIVEN_FIRST
        reading.findings.append(finding("one_name", column, text=words[0]))
        return
    capitals = _capital_run(words)
    if capitals is not None:
        start, end = capitals
        reading.family = " ".join(words[start:end])
        reading.given = " ".join(words[:start] + words[end:])
        reading.order = FAMILY_FIRST if start == 0 else GIVEN_FIRST
        return
    if country == Country.CHINA:
        first, last = (words[index].casefold() in _PINYIN for index in (0, -1))
        family_first = first or not last
        cut = 1 if family_first else len(words) - 1
        before, after = " ".join(words[:cut]), " ".join(words[cut:])
        reading.family, reading.given = (before, after) if family_first else (after, before)
        reading.order = FAMILY_FIRST if family_first else GIVEN_FIRST
        if first == last:
            reading.findings.append(
                finding("order_guessed", column, text=" ".join(words), family=reading.family)
            )
        return
    cut = len(words) - 1
    while cut > 1 and words[cut - 1].casefold() in _PARTICLES:
        cut -= 1
    reading.given, reading.family = " ".join(words[:cut]), " ".join(words[cut:])
    reading.order = GIVEN_FIRST


def _capital_run(words: list[str]) -> tuple[int, int] | None:
    """Return where the words in capitals are, if they are at one end and not all of them."""
    marked = [len(word) > 1 and word.isupper() and "." not in word for word in words]
    if all(marked) or not any(marked):
        return None
    start, end = marked.index(True), len(marked) - marked[::-1].index(True)
    at_an_end = start == 0 or end == len(marked)
    return (start, end) if all(marked[start:end]) and at_an_end else None


def _take_leading(reading: NameReading, text: str, column: str) -> str:
    """Move honorifics and posts from the beginning to their fields; return the rest."""
    while found := _LEADING.match(text):
        rest = text[found.end() :].strip(" ,")
        if not rest:
            break
        word = text[: found.end()].strip(" ,")
        if _IS_POST.match(found["word"]):
            reading.post_en = f"{reading.post_en} {word}".strip()
            _tell_move(reading, word, "title", column)
        else:
            reading.honorific = f"{reading.honorific} {word}".strip()
            _tell_move(reading, word, "honorific", column)
        text = rest
    return text


def _split_suffix(text: str) -> tuple[str, str]:
    suffixes: list[str] = []
    while found := _SUFFIX.search(text):
        suffixes.insert(0, text[found.start() :].strip(" ,()"))
        text = text[: found.start()]
    return text.strip(" ,"), " ".join(suffixes)


def _tell_move(reading: NameReading, word: str, to: str, column: str) -> None:
    names = {"honorific": "honorific / 称谓", "title": "title / 职务"}
    reading.findings.append(finding("moved", column, text=word, field=names[to]))
