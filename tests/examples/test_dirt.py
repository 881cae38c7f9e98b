"""Every kind of dirt is really in the files, where expected.json says it is."""

from collections import Counter
from datetime import datetime
from html import unescape
from zipfile import ZipFile

import pytest

from examples.dirt import FATES, LEDGER, Tally
from tests.examples.sample_files import (
    DATA,
    EXPECTED,
    csat_rows,
    json_lines,
    mail_bytes,
    nps_rows,
    shop_mails,
    support_mails,
)

FILES = EXPECTED["files"]


@pytest.mark.parametrize("path", FILES)
def test_what_must_become_of_the_records_adds_up(path):
    found = FILES[path]
    assert sum(found[name] for name in LEDGER) == found["records"]
    assert sum(found["set_aside_by_reason"].values()) == found["set_aside"]
    assert sum(found["skipped_by_reason"].values()) == found["skipped"]


def test_the_files_hold_as_many_records_as_promised():
    lines = {name: (DATA / name).read_text(encoding="utf-8").count("\n") for name in JSON_FILES}
    assert {path: found["records"] for path, found in FILES.items()} == {
        "mail/support.mbox": len(support_mails()),
        "mail/shop": len(shop_mails()),
        "forms/nps.csv": len(nps_rows()),
        "forms/csat.xlsx": len(csat_rows()),
        **lines,
    }


def test_every_kind_occurs_and_is_explained():
    occurring = {kind for found in FILES.values() for kind in found["dirt"]}
    explained = (DATA.parent / "README.md").read_text(encoding="utf-8")
    assert occurring == set(FATES)
    assert [kind for kind in FATES if f"`{kind}`" not in explained] == []


def test_a_record_cannot_have_two_fates():
    with pytest.raises(ValueError, match="two fates"):
        Tally("x").count("1", "bad_date", "same_id_same_content")


def test_old_charsets_are_declared_and_used():
    letters = by_id(support_mails())
    words = {
        it["ref"]: it["contains"] for it in FILES["mail/support.mbox"]["texts"] if it["contains"]
    }
    for kind, charset in (("windows_1251", "windows-1251"), ("koi8_r", "koi8-r")):
        refs = FILES["mail/support.mbox"]["dirt"][kind]["refs"]
        assert len(refs) >= 10
        for ref in refs:
            declared = {part.get_content_charset() for part in letters[ref].walk()}
            assert declared <= {charset, None}
            assert words[ref][0] in unescape(mail_bytes(letters[ref]).decode(charset))


def test_the_unknown_charset_is_unknown_and_its_bytes_are_not():
    letters = by_id(support_mails())
    odd = [letters[ref] for ref in FILES["mail/support.mbox"]["dirt"]["unknown_charset"]["refs"]]
    assert {message.get_content_charset() for message in odd} == {"x-unknown-8"}
    assert sorted(decodes(mail_bytes(message)) for message in odd) == [False, True]


def test_a_doubled_mail_is_the_same_message_twice():
    copies = Counter(message["Message-ID"] for message in support_mails())
    doubled = {ref for ref, number in copies.items() if number == 2 and ref}
    assert doubled == set(FILES["mail/support.mbox"]["dirt"]["same_id_same_content"]["refs"])


def test_agents_sentences_stand_only_in_quotations():
    letters = by_id(support_mails() + shop_mails())
    for path in ("mail/support.mbox", "mail/shop"):
        for ref in FILES[path]["dirt"]["quoted_thread"]["refs"]:
            assert letters[ref]["In-Reply-To"]
            assert letters[ref]["References"]


def test_robots_say_that_they_are_robots():
    letters = by_id(support_mails() + shop_mails())
    for path in ("mail/support.mbox", "mail/shop"):
        dirt = FILES[path]["dirt"]
        for ref in dirt["auto_reply"]["refs"]:
            assert letters[ref]["Auto-Submitted"].startswith("auto-replied")
        for ref in dirt["bounce"]["refs"]:
            assert letters[ref].get_content_type() == "multipart/report"


def test_a_cut_off_mail_holds_no_text_and_garbage_no_header():
    cut = FILES["mail/support.mbox"]["dirt"]["broken_record"]["refs"]
    assert not mail_bytes(by_id(support_mails())[cut[0]]).strip()
    assert not shop_mails()[-1].keys()


def test_no_whole_multipart_mail_is_malformed():
    broken = FILES["mail/support.mbox"]["dirt"]["broken_record"]["refs"]
    for message in support_mails():
        if message["Message-ID"] not in broken:
            assert not message.defects


def test_texts_that_look_like_formulas_are_texts():
    refs = FILES["forms/csat.xlsx"]["dirt"]["formula_cell"]["refs"]
    found = [row[3] for row in csat_rows() if row[0] in refs]
    with ZipFile(DATA / "forms/csat.xlsx") as workbook:
        sheet = workbook.read("xl/worksheets/sheet1.xml")
    assert len(found) == len(refs)
    assert all(str(text)[0] in "=+-@" for text in found)
    assert any(str(text)[0] == "=" for text in found)
    assert b"<f>" not in sheet


def test_the_workbook_holds_real_dates():
    dates = [row[1] for row in csat_rows()]
    assert sum(isinstance(moment, datetime) for moment in dates) >= len(dates) - 2


def test_the_same_id_comes_once_identical_and_once_changed():
    for path in JSON_FILES:
        seen: dict[str, list[dict]] = {}
        for row in json_lines(path):
            seen.setdefault(str(row["id"]), []).append(row)
        dirt = FILES[path]["dirt"]
        for ref in dirt["same_id_same_content"]["refs"]:
            assert seen[ref][0] == seen[ref][1]
        for ref in dirt["same_id_changed_content"]["refs"]:
            assert seen[ref][0] != seen[ref][1]


@pytest.mark.parametrize("path", ["forms/reviews.jsonl", "social/posts.jsonl"])
def test_what_must_never_be_stored_is_really_in_the_file(path):
    lines = {str(row["id"]): str(row) for row in json_lines(path)}
    never = {it["ref"]: it["never"] for it in FILES[path]["texts"]}
    refs = FILES[path]["dirt"]["personal_data"]["refs"]
    assert len(refs) >= 3
    for ref in refs:
        assert never[ref]
        assert all(word in lines[ref] for word in never[ref])


JSON_FILES = ("forms/reviews.jsonl", "social/posts.jsonl")


def by_id(messages):
    return {message["Message-ID"]: message for message in messages}


def decodes(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
