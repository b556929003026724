"""The lists that delegations really send, made small: each function returns a file's bytes."""

import csv
import io
import zipfile
from datetime import datetime
from functools import cache

import openpyxl

HEADER_ZH = ["序号", "姓名", "职务", "单位", "手机", "邮箱"]


def as_csv(rows, *, encoding="utf-8", delimiter=","):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows, *, merged=(), **sheets):
    book = openpyxl.Workbook()
    book.active.title = "List"
    for name, table in {"List": rows, **sheets}.items():
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        for row in table:
            sheet.append(row)
    for cells in merged:
        book["List"].merge_cells(cells)
    return saved(book)


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@cache  # a workbook holds the second of its making: the same file is the same bytes
def clean():
    return as_xlsx(
        [
            ["Delegation", "Family name", "Given name", "Title", "E-mail", "Phone", "Role"],
            ["California", "Lee", "Ann", "Mayor", "ann@example.org", "+1 916 555 0100", "head"],
            ["California", "Park", "Bo", "Director", "bo@example.org", "+1 916 555 0101", "member"],
            ["江苏省", "王", "小明", "主任", "wang@example.cn", "13800138000", "团长"],
        ]
    )


def gbk():
    rows = [HEADER_ZH, [1, "张伟", "主任", "外事办公室", "13800138000", "zhang@example.cn"]]
    return as_csv(rows, encoding="gbk")


def bom():
    return as_csv([["Name", "Title"], ["John Smith", "Mayor"]], encoding="utf-8-sig")


def gb18030_rare():
    return as_csv([["姓名", "职务"], ["王㛃", "主任"], ["李𬭎", "处长"]], encoding="gb18030")


def utf16_tab():
    return as_csv([["Name", "Title"], ["José Peña", "Mayor"]], encoding="utf-16", delimiter="\t")


def semicolons():
    return as_csv([["Name", "Title"], ["Smith, John", "Mayor"]], delimiter=";")


def full_width_commas():
    return "姓名，职务，邮箱\n王伟，主任，w@example.cn\n".encode()


def two_row_header():
    return as_xlsx(
        [
            ["第五届大会参会名单", None, None, None, None],
            [],
            ["序号", "姓名 Name*", "抵达 Arrival", None, "手机："],
            [None, None, "Date", "Flight", None],
            [1, "王伟 Wang Wei", datetime(2023, 11, 2, 15, 30), "MU588", "13800138000"],  # noqa: DTZ001
        ],
        merged=["A1:E1", "C3:D3"],
    )


def bands():
    return as_xlsx(
        [
            ["No.", "Name", "Title", "Organisation", "E-mail"],
            ["California Delegation (2)", None, None, None, None],
            [1, "Ann Lee", "Mayor", "City of Sacramento", "ann@example.org"],
            [2, "Bo Park", "Director", "同上", "bo@example.org"],
            ["江苏省代表团", None, None, None, None],
            [1, "王伟", "主任", "外事办", "w@example.cn"],
            [2, "李娜", "处长", "〃", None],
            ["Total", 4, None, None, None],
            ["备注：以上名单以最终通知为准", None, None, None, None],
        ],
        merged=["A2:E2", "A5:E5"],
    )


def merged_delegations():
    return as_xlsx(
        [
            ["代表团", "姓名", "职务"],
            ["江苏省", "王伟", "主任"],
            [None, "李娜", "处长"],
            ["加利福尼亚州", "Ann Lee", "Mayor"],
        ],
        merged=["A2:A3"],
    )


def phones():
    return as_xlsx(
        [
            ["Name", "Title", "Phone"],
            ["Ann Lee", "Mayor", 9165550100.0],
            ["Bo Park", "Mayor", "4.41E+11"],
            ["Cy Dow", "Mayor", "+86 138 0013 8000"],
            ["Di Fox", "Mayor", "ask the office"],
        ]
    )


def assistant():
    return as_csv(
        [["Name", "Title", "E-mail"]]
        + [[f"Person P{letter}", "Member", "office@example.org"] for letter in "abcde"]
    )


def names():
    cells = [
        "Smith, John",
        "WANG Xiaoming",
        "王小明 Li Xiaohong",
        "The Hon. Jane Doe",
        "Robert O’Neil Jr.",
        "王　伟",
        "王市长",
        "Juan de la Cruz III",
        "John Smith and Mary Smith",
        "TBD",
        "Suharto",
    ]
    return as_csv([["Name", "Remarks"], *([cell, ""] for cell in cells)])


def first_version():
    return as_csv(
        [["ID", "Name", "Title", "E-mail"]]
        + [[f"A{n}", f"Person N{n}x", "Member", f"n{n}@example.org"] for n in range(5)]
    )


def second_version():
    return as_csv(
        [
            ["ID", "Name", "Title", "E-mail"],
            ["A0", "Person N0x", "Mayor", "n0@example.org"],
            ["A1", "Person N1x", "Member", "n1@example.org"],
            ["A2", "Person N2y", "Member", "n2@example.org"],
            ["A9", "Somebody New", "Member", "new@example.org"],
        ]
    )


def broken():
    lines = [
        b"Name,Title\n",
        "José Peña,Mayor\n".encode(),
        "Zoë Müller,Member\n".encode(),
        "张伟,主任\n".encode("gbk"),
        b"Ann\x00 Lee,Member,extra\n",
    ]
    return b"".join(lines)


def formulas():
    return as_csv(
        [
            ["Name", "Title", "Phone"],
            ["Ann Lee", "=1+1", "+1 916 555 0100"],
            ["Bo Park", "'=cmd", ""],
        ]
    )


def damaged_text():
    return as_csv([["Name", "Title"], ["JosÃ© Lopez", "Mayor"], ["锟斤拷", "Mayor"]])


def namesakes():
    return as_csv(
        [
            ["姓名", "职务", "邮箱"],
            ["张伟", "主任", "a@example.cn"],
            ["张伟", "处长", "b@example.cn"],
        ]
    )


def bomb():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b" " * (101 * 1024 * 1024))
    return content.getvalue()


def many_entries():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(201):
            package.writestr(f"xl/media/{number}.png", "")
    return content.getvalue()


def far_cell():
    book = openpyxl.Workbook()
    book.active["A1"] = "Name"
    book.active["XFD1048576"] = 1
    return saved(book)


def too_many_rows():
    return as_csv([["Name", "Title"], *(["Ann Lee", "x"] for _ in range(20_001))])


def plain_zip():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("list1.csv", "Name\nAnn")
    return content.getvalue()


def old_excel():
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def locked():
    return old_excel() + "EncryptedPackage".encode("utf-16-le")


def lying_size():
    """A workbook whose directory says that its sheet is far smaller than it is."""
    content = bytearray(clean())
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        name = package.getinfo("xl/worksheets/sheet1.xml").filename.encode()
        offset = content.rindex(name) - 46
    content[offset + 24 : offset + 28] = (10).to_bytes(4, "little")
    return bytes(content)


def cut_off():
    return clean()[:-400]
