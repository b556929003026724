"""Loading lists: what is read, what is said, what is refused, and that nothing doubles."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conference.models import AuditEntry
from delegates.errors import ImportRefused
from delegates.models import Delegate, ImportBatch, ImportRow, Quota
from delegates.operations import nominating, substituting
from delegates.operations.importing import applying, batches, files
from delegates.operations.importing.findings import is_error
from tests.delegates.files import messy

Action = ImportRow.Action


@pytest.fixture
def load(conference, california, jiangsu, organiser, now):
    def load(content, delegation=None, name="list.xlsx"):
        return batches.load_file(
            conference=conference,
            delegation=delegation,
            file_name=name,
            content=content,
            actor=organiser,
            now=now,
        )

    return load


@pytest.fixture
def apply(organiser, now):
    def apply(batch):
        return applying.apply_batch(batch=batch, actor=organiser, now=now)

    return apply


def actions(batch):
    return [(row.number, str(row.action)) for row in batch.rows.all()]


def fields(batch):
    return [row.values["fields"] for row in batch.rows.exclude(action=Action.SKIP)]


def said(batch, number):
    row = batch.rows.get(number=number)
    return [finding["message_en"] for finding in row.findings]


def test_a_clean_list_is_previewed_and_applied(load, apply, california, jiangsu):
    batch = load(messy.clean())
    assert actions(batch) == [(2, "create"), (3, "create"), (4, "create")]
    assert not Delegate.objects.exists()
    outcome = apply(batch)
    assert (outcome.created, outcome.changed, outcome.refused) == (3, 0, 0)
    ann = california.delegates.get(family_name="Lee")
    assert (ann.role, ann.title_en, ann.phone_e164) == ("head", "Mayor", "+19165550100")
    wang = jiangsu.delegates.get()
    assert (wang.native_name, wang.title_zh, wang.role) == ("王小明", "主任", "head")
    assert wang.language == "zh-hans"
    assert AuditEntry.objects.filter(action="delegate.add").count() == 3


def test_the_same_file_again_adds_and_changes_nothing(load, apply):
    first = load(messy.clean())
    apply(first)
    again = load(messy.clean())
    assert {action for _number, action in actions(again)} == {"unchanged"}
    assert batches.earlier_loads(again) == [first]
    outcome = apply(again)
    assert (outcome.created, outcome.changed, outcome.unchanged) == (0, 0, 3)
    assert Delegate.objects.count() == 3


def test_two_previews_of_one_file_add_nobody_twice(load, apply):
    first, second = load(messy.clean()), load(messy.clean())
    apply(first)
    outcome = apply(second)
    assert (outcome.created, outcome.unchanged, Delegate.objects.count()) == (0, 3, 3)


def test_applying_twice_does_nothing_the_second_time(load, apply):
    batch = load(messy.clean())
    apply(batch)
    outcome = apply(batch)
    assert (outcome.created, outcome.unchanged, Delegate.objects.count()) == (0, 0, 3)


@pytest.mark.parametrize("make", [messy.namesakes, messy.assistant, messy.names, messy.phones])
def test_each_awkward_list_doubles_nobody(make, load, apply, jiangsu):
    apply(load(make(), jiangsu))
    count = Delegate.objects.count()
    outcome = apply(load(make(), jiangsu))
    assert (outcome.created, outcome.changed, Delegate.objects.count()) == (0, 0, count)


def test_a_file_of_chinese_excel_is_read_as_gb18030(load, jiangsu):
    batch = load(messy.gbk(), jiangsu)
    assert batch.encoding == "gb18030"
    assert fields(batch)[0] == {
        "native_name": "张伟",
        "title_zh": "主任",
        "organisation_zh": "外事办公室",
        "phone": "13800138000",
        "phone_e164": "+8613800138000",
        "email": "zhang@example.cn",
    }


def test_rare_characters_come_through(load, jiangsu):
    assert [row["native_name"] for row in fields(load(messy.gb18030_rare(), jiangsu))] == [
        "王㛃",
        "李𬭎",
    ]


@pytest.mark.parametrize(
    ("make", "encoding", "family"),
    [
        (messy.bom, "utf-8-sig", "Smith"),
        (messy.utf16_tab, "utf-16", "Peña"),
        (messy.semicolons, "utf-8", "Smith"),
    ],
)
def test_marks_and_separators_are_found_out(make, encoding, family, load, california):
    batch = load(make(), california)
    assert (batch.encoding, fields(batch)[0]["family_name"]) == (encoding, family)


def test_full_width_commas_separate_columns(load, jiangsu):
    batch = load(messy.full_width_commas(), jiangsu)
    assert fields(batch) == [{"native_name": "王伟", "title_zh": "主任", "email": "w@example.cn"}]


def test_a_header_in_two_rows_under_a_title_is_joined(load, jiangsu, conference):
    batch = load(messy.two_row_header(), jiangsu)
    assert actions(batch) == [(5, "create")]
    row = fields(batch)[0]
    assert (row["native_name"], row["family_name"], row["given_name"]) == ("王伟", "Wang", "Wei")
    assert (row["arrival_at"], row["arrival_by"]) == ("2023-11-02T15:30:00+08:00", "MU588")


def test_bands_give_the_delegation_and_ditto_the_cell_above(load, california, jiangsu):
    batch = load(messy.bands())
    assert actions(batch) == [
        (2, "skip"),
        (3, "create"),
        (4, "create"),
        (5, "skip"),
        (6, "create"),
        (7, "create"),
        (8, "skip"),
        (9, "skip"),
    ]
    delegations = [row.values["delegation"] for row in batch.rows.exclude(action=Action.SKIP)]
    assert delegations == [california.pk] * 2 + [jiangsu.pk] * 2
    assert fields(batch)[1]["organisation_en"] == "City of Sacramento"
    assert fields(batch)[3]["organisation_zh"] == "外事办"
    assert said(batch, 8) == ["This row is a total or a note."]


def test_a_merged_delegation_cell_holds_for_its_rows(load, california, jiangsu):
    batch = load(messy.merged_delegations())
    delegations = [row.values["delegation"] for row in batch.rows.all()]
    assert delegations == [jiangsu.pk, jiangsu.pk, california.pk]


def test_phones_kept_as_numbers_are_rebuilt_or_asked_for(load, california):
    batch = load(messy.phones(), california)
    assert [(row.get("phone"), row.get("phone_e164")) for row in fields(batch)] == [
        ("9165550100", "+19165550100"),
        ("4.41E+11", None),
        ("+86 138 0013 8000", "+8613800138000"),
        ("ask the office", None),
    ]
    assert said(batch, 3)[-1].startswith("Digits of this phone were lost")


def test_one_address_may_be_shared(load, california):
    batch = load(messy.assistant(), california)
    assert {action for _number, action in actions(batch)} == {"create"}
    assert said(batch, 2)[-1] == "5 people of this list share this address."


def test_names_are_taken_apart_and_nothing_is_dropped(load, california):
    batch = load(messy.names(), california)
    read = [
        (row.values["fields"].get("family_name"), row.values["fields"].get("native_name"))
        for row in batch.rows.all()
    ]
    assert read == [
        ("Smith", None),
        ("WANG", None),
        ("Xiaohong", "王小明"),
        ("Doe", None),
        ("O’Neil", None),
        (None, "王伟"),
        (None, "王"),
        ("de la Cruz", None),
        (None, None),
        (None, None),
        ("Suharto", None),
    ]
    assert dict(actions(batch))[10] == "refused"
    assert dict(actions(batch))[11] == "refused"
    assert fields(batch)[3]["honorific"] == "The Hon."
    assert fields(batch)[6]["title_zh"] == "市长"


def test_a_later_version_changes_adds_and_asks(load, apply, california):
    apply(load(messy.first_version(), california))
    batch = load(messy.second_version(), california)
    assert actions(batch) == [(2, "update"), (3, "unchanged"), (4, "update"), (5, "create")]
    changed = batch.rows.get(number=2)
    assert changed.values["changes"] == {"title_en": ["Member", "Mayor"]}
    outcome = apply(batch)
    assert (outcome.created, outcome.changed, outcome.unchanged) == (1, 2, 1)
    assert california.delegates.count() == 6


def test_rows_of_another_encoding_stay_behind_and_the_others_go_in(load, apply, california):
    batch = load(messy.broken(), california)
    assert actions(batch) == [(2, "create"), (3, "create"), (4, "refused"), (5, "create")]
    assert "damaged" in said(batch, 4)[0]
    assert "beyond the last column" in said(batch, 5)[-1]
    assert apply(batch).created == 3


def test_formulas_are_text(load, california):
    batch = load(messy.formulas(), california)
    assert [row.get("title_en") for row in fields(batch)] == ["=1+1", "=cmd"]
    assert "formula" in said(batch, 2)[0]


def test_damaged_text_is_told_not_repaired_in_silence(load, california):
    batch = load(messy.damaged_text(), california)
    assert "it may be “José Lopez”" in said(batch, 2)[0]
    assert actions(batch)[1] == (3, "refused")


def test_two_people_of_one_name_are_two_people(load, apply, jiangsu):
    apply(load(messy.namesakes(), jiangsu))
    assert sorted(jiangsu.delegates.values_list("title_zh", flat=True)) == ["主任", "处长"]


def test_a_row_that_repeats_another_is_asked_about(load, jiangsu):
    row = ["张伟", "主任"]
    batch = load(messy.as_csv([["姓名", "职务"], row, row]), jiangsu)
    assert actions(batch) == [(2, "create"), (3, "refused")]
    assert said(batch, 3) == [
        "Row 2 says exactly the same. If they are two people, tell them apart."
    ]


def test_a_name_that_fits_two_people_is_asked_about(load, apply, jiangsu):
    apply(load(messy.namesakes(), jiangsu))
    batch = load(messy.as_csv([["姓名", "职务"], ["张伟", "局长"]]), jiangsu)
    assert actions(batch) == [(2, "refused")]
    assert said(batch, 2)[-1].startswith("Several people here have this name")


def test_the_answer_to_who_is_it_is_taken(load, apply, jiangsu, now):
    apply(load(messy.namesakes(), jiangsu))
    known = jiangsu.delegates.get(title_zh="主任")
    batch = load(messy.as_csv([["姓名", "职务"], ["张伟", "局长"]]), jiangsu)
    row = batches.correct_row(
        row=batch.rows.get(), delegation=jiangsu, fields={}, choice=str(known.pk), now=now
    )
    assert (row.action, row.delegate) == ("update", known)
    apply(batch)
    known.refresh_from_db()
    assert (known.title_zh, jiangsu.delegates.count()) == ("局长", 2)


def test_a_corrected_row_is_applied_later(load, apply, california, now):
    batch = load(
        messy.as_csv([["Name", "Title"], ["TBD", "Mayor"], ["Ann Lee", "Mayor"]]), california
    )
    assert apply(batch).refused == 1
    row = batches.correct_row(
        row=batch.rows.get(number=2),
        delegation=california,
        fields={"family_name": "Dow", "given_name": "Cy"},
        choice="",
        now=now,
    )
    assert row.action == "create"
    assert apply(batch).created == 1
    assert california.delegates.count() == 2
    with pytest.raises(ImportRefused):
        batches.correct_row(row=row, delegation=california, fields={}, choice="", now=now)


def test_a_correction_without_a_name_is_still_refused(load, california, now):
    batch = load(messy.as_csv([["Name", "Title"], ["TBD", "Mayor"]]), california)
    row = batches.correct_row(
        row=batch.rows.get(), delegation=california, fields={}, choice="", now=now
    )
    assert (row.action, is_error(row.findings[-1])) == ("refused", True)


def test_an_unknown_delegation_is_named(load):
    batch = load(messy.as_csv([["Delegation", "Name"], ["Atlantis", "Ann Lee"]]))
    assert said(batch, 2)[0] == "This conference has no delegation “Atlantis”."
    assert actions(batch) == [(2, "refused")]


def test_a_row_of_another_delegation_is_refused(load, california):
    batch = load(messy.as_csv([["Delegation", "Name"], ["Jiangsu", "Ann Lee"]]), california)
    assert said(batch, 2)[0] == "The row says “Jiangsu”, but the list was loaded for California."


def test_no_places_left_refuses_the_row_and_keeps_the_others(load, apply, california, badge_class):
    Quota.objects.create(delegation=california, badge_class=badge_class, granted=1)
    outcome = apply(load(messy.assistant(), california))
    assert (outcome.created + outcome.refused, california.delegates.count()) == (5, 1)
    row = ImportRow.objects.filter(action=Action.REFUSED).first()
    assert "places" in row.findings[-1]["message_en"]


def test_a_second_head_is_refused(load, california, now):
    nominating.add_member(
        delegation=california, fields={"family_name": "Old", "role": "head"}, now=now
    )
    batch = load(messy.as_csv([["Name", "Role"], ["Ann Lee", "head"]]), california)
    assert said(batch, 2)[-1] == "The delegation has another head already: Old."


def test_the_head_can_change_within_one_list(load, apply, california):
    first = [
        ["Name", "E-mail", "Role"],
        ["Ann Lee", "a@x.org", "head"],
        ["Bo Fox", "b@x.org", "member"],
    ]
    apply(load(messy.as_csv(first), california))
    second = [
        ["Name", "E-mail", "Role"],
        ["Bo Fox", "b@x.org", "head"],
        ["Ann Lee", "a@x.org", "member"],
    ]
    assert apply(load(messy.as_csv(second), california)).changed == 2
    assert california.delegates.get(role="head").family_name == "Fox"


def test_a_withdrawn_person_is_not_brought_back_in_silence(load, apply, california, now):
    apply(load(messy.as_csv([["Name", "Title"], ["Ann Lee", "Mayor"]]), california))
    substituting.withdraw_member(delegate=california.delegates.get(), now=now)
    batch = load(messy.as_csv([["Name", "Title"], ["Ann Lee", "Mayor"]]), california)
    assert said(batch, 2)[-1].startswith("Ann Lee has withdrawn")


def test_passport_numbers_are_not_kept(load, california):
    batch = load(messy.as_csv([["Name", "Passport No."], ["Ann Lee", "X1234567"]]), california)
    assert "X1234567" not in str(batch.rows.get().raw) + str(batch.rows.get().values)
    assert batch.columns["notes"][0]["message_en"].startswith("The column “Passport No.”")


def test_other_sheets_are_named(load, california):
    content = messy.as_xlsx([["Name", "Title"], ["Ann Lee", "Mayor"]], Old=[["x"], ["y"]])
    notes = load(content, california).columns["notes"]
    assert notes[0]["message_en"] == "Only the sheet “List” was read. Not read: Old."


def test_a_discarded_list_is_not_applied(load, apply, now):
    batch = load(messy.clean())
    batches.discard_batch(batch=batch, now=now)
    with pytest.raises(ImportRefused):
        apply(batch)
    with pytest.raises(ImportRefused):
        batches.discard_batch(batch=batch, now=now)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (messy.old_excel(), r"\.xls"),
        (messy.locked(), "password"),
        (b"<html><table><tr><td>Name", "web page"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "not a spreadsheet"),
        (messy.plain_zip(), "package"),
        (b"PK\x03\x04broken", "damaged"),
        (messy.many_entries(), "unpacked"),
        (messy.lying_size(), "damaged"),
        (messy.cut_off(), "damaged"),
        (messy.far_cell(), "20,000 rows"),
        (messy.too_many_rows(), "20,000 rows"),
        (b"x" * (files.LARGEST_FILE + 1), "10 MB"),
        (b"just,some,words\n1,2,3\n", "No row names the columns"),
        (b"Name,Title\n", "no rows with people"),
    ],
)
def test_what_is_no_list_is_refused_in_one_sentence(content, words, load):
    with pytest.raises(ImportRefused, match=words):
        load(content)
    assert not ImportBatch.objects.exists()


def test_a_bomb_is_refused_before_it_is_unpacked(load):
    with pytest.raises(ImportRefused, match="unpacked"):
        load(messy.bomb())


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_make_reading_fail_but_by_a_refusal(content):
    with suppress(ImportRefused):
        files.open_table(content)
