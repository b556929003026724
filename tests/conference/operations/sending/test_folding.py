"""Long Chinese headers begin on the line that names them, as every mail program expects."""

from tests.conference.operations.sending.letters import send, write

SUBJECT = "第五届中美友好城市大会关于代表团成员名单及日程安排的重要通知，请尽快答复，谢谢合作"
NAME = "镜湖城市研究院国际合作与交流办公室联络处负责人"
SENDER = "第五届中美友好城市大会组织委员会秘书处联络办公室代表团接待组"


def test_no_header_of_a_letter_begins_with_an_empty_line(suzhou, server):
    suzhou.sender_name_zh = SENDER
    suzhou.save()
    write(suzhou, "anna", subject=SUBJECT, to_name=NAME, language="zh-hans")
    send()
    lines = server.sources[0].split(b"\r\n\r\n")[0].split(b"\r\n")
    named = [line for line in lines if line.startswith((b"Subject:", b"From:", b"To:"))]
    assert [line.partition(b" ")[2][:10] for line in named] == [b"=?utf-8?b?"] * 3
    assert max(len(line) for line in lines) <= 78
    (mail,) = server.messages
    assert mail["Subject"] == SUBJECT
    # Some parsers put a space where a name was folded.
    assert str(mail["To"]).replace(" ", "") == f"{NAME}<anna@city.example>"


def test_a_name_with_a_comma_stays_one_address(suzhou, server):
    write(suzhou, "anna", to_name="Ünal, 王小明")
    write(suzhou, "bo", to_name="Smith, John")
    send()
    assert [[each.display_name for each in mail["To"].addresses] for mail in server.messages] == [
        ["Ünal, 王小明"],
        ["Smith, John"],
    ]


def test_a_long_address_to_unsubscribe_stands_on_the_line_that_names_it(suzhou, server):
    write(suzhou, "anna", optional=True)
    send()
    lines = server.sources[0].split(b"\r\n")
    (named,) = (line for line in lines if line.startswith(b"List-Unsubscribe:"))
    assert len(named) > 78
    assert named.endswith(b">")
    assert server.messages[0]["List-Unsubscribe"] == named.partition(b" ")[2].decode()
