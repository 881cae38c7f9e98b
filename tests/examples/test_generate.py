"""The generator gives the same bytes for the same seed: those of the repository."""

import re

import pytest

from examples.generate import Samples, counts, main, make, write
from examples.people import luhn_valid
from tests.examples.sample_files import DATA, json_lines, mail_bytes, shop_mails, support_mails

ADDRESS = re.compile(rb"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
OURS = re.compile(rb"(?:[\w-]+\.)*(?:example\.(?:com|org|net)|example)")


@pytest.fixture(scope="module")
def samples() -> Samples:
    return make(seed=7, rows=1000)


def test_the_same_seed_gives_the_same_bytes(samples):
    assert make(seed=7, rows=1000).files == samples.files


def test_another_seed_gives_other_words(samples):
    other = make(seed=8, rows=1000).files
    assert all(other[name] != content for name, content in samples.files.items() if name in other)


def test_the_committed_data_are_what_the_generator_writes(samples):
    committed = {
        path.relative_to(DATA).as_posix(): path.read_bytes()
        for path in DATA.rglob("*")
        if path.is_file()
    }
    assert committed.keys() == samples.files.keys()
    assert [name for name, content in committed.items() if content != samples.files[name]] == []


def test_the_committed_data_are_small():
    assert sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file()) < 1_500_000


def test_writing_again_leaves_no_older_mail_behind(tmp_path, samples):
    stray = tmp_path / "mail/shop/9999.eml"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"old")
    write(samples, tmp_path)
    assert not stray.exists()
    assert (tmp_path / "forms/nps.csv").read_bytes() == samples.files["forms/nps.csv"]


def test_about_a_thousand_people_speak_russian_first_and_english_second(samples):
    told = [said for plan in samples.plans.values() for said in plan]
    shares = {
        language: sum(said.person.language == language for said in told) / len(told)
        for language in ("ru", "en", "de", "uk", "kk")
    }
    assert len(told) == 1000
    assert 0.6 < shares["ru"] < 0.7
    assert 0.25 < shares["en"] < 0.36
    assert all(0 < shares[language] < 0.03 for language in ("de", "uk", "kk"))


def test_nearly_no_two_texts_are_alike():
    texts = [row["text"] for row in json_lines("forms/reviews.jsonl") if len(row["text"]) > 25]
    repeated = len(texts) - len(set(texts))
    assert repeated <= 5  # those that are doubled on purpose


def test_no_address_leads_to_anybody():
    mails = support_mails() + shop_mails()
    texts = [mail_bytes(message) for message in mails]
    texts += [f"{name}: {value}".encode() for mail in mails for name, value in mail.items()]
    texts += [path.read_bytes() for path in DATA.glob("[!m]*/*")]  # the workbook is not compressed
    domains = {found for content in texts for found in ADDRESS.findall(content)}
    assert len(domains) >= 5
    assert [domain for domain in domains if not OURS.fullmatch(domain)] == []


def test_more_rows_are_mostly_answers_to_forms():
    planned = counts(100_000)
    assert sum(planned.values()) == 100_000
    assert planned["reviews"] + planned["nps"] > 90_000


def test_ten_times_the_rows_carry_ten_times_the_dirt(samples):
    grown = make(seed=7, rows=10_000).tallies["reviews"]
    assert grown.fates["set_aside"] > 10 * samples.tallies["reviews"].fates["set_aside"]


def test_too_few_rows_are_refused_with_the_reason(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["generate", "--rows", "10"])
    with pytest.raises(SystemExit):
        main()
    assert "--rows must be 1000 or more" in capsys.readouterr().err


def test_no_long_number_could_be_taken_for_a_card():
    numbers = [str(row["id"]) for row in json_lines("forms/reviews.jsonl")]
    assert {len(number) for number in numbers} == {15}
    assert not any(luhn_valid(number) for number in numbers)
    assert luhn_valid("4111111111111111")
