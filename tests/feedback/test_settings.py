from pathlib import Path

import pytest

from feedback.errors import Refused
from feedback.settings import load


def test_relative_paths_are_meant_from_the_file(tmp_path: Path) -> None:
    settings = load(
        write(
            tmp_path,
            'database = "sqlite:///data/x.db"\n[sources.a]\nkind = "table"\npath = "../in.csv"\n',
        )
    )
    assert settings.database.get_secret_value() == f"sqlite:///{tmp_path}/data/x.db"
    assert settings.sources["a"]["path"] == str(tmp_path.parent / "in.csv")
    assert settings.publish.folder == tmp_path / "site"


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDBACK_TIMEZONE", "Asia/Almaty")
    monkeypatch.setenv("FEEDBACK_SOURCES__A__PASSWORD", "hush")
    settings = load(write(tmp_path, 'timezone = "UTC"\n[sources.a]\nkind = "imap"\n'))
    assert settings.timezone == "Asia/Almaty"
    assert settings.sources["a"] == {"kind": "imap", "password": "hush"}


def test_an_engine_has_its_paths_and_its_key_as_a_source_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDBACK_ENGINES__BIG__API_KEY", "hush")
    told = '[understand]\nengine = "big"\n[engines.big]\nkind = "onnx"\npath = "models/m"\n'
    settings = load(write(tmp_path, told))
    assert settings.understand.engine == "big"
    assert settings.engines["big"]["path"] == str(tmp_path / "models/m")
    assert settings.engines["big"]["api_key"] == "hush"
    assert "hush" not in repr(settings)


def test_secrets_do_not_show_when_settings_are_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDBACK_SOURCES__A__PASSWORD", "hush")
    monkeypatch.setenv("FEEDBACK_KEY", "hush")
    monkeypatch.setenv("FEEDBACK_DATABASE", "postgresql+psycopg://me:hush@host/x")
    assert "hush" not in repr(load(write(tmp_path, '[sources.a]\nkind = "imap"\n')))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("timezone = 'Moscow'", "timezone"),
        ("colour = 'red'", "colour"),
        ("[publish]\ndays = 0", "publish.days"),
        ("timezone =", "not TOML"),
        ("database = 'nonsense'", "database"),
        ("phone_regions = []", "phone_regions"),
        ("[engines.My-Model]\nkind = 'onnx'", "My-Model"),
        ("[understand]\nmodel = 'x'", "understand.model"),
        ("[sources.My-Survey]\nkind = 'table'", "My-Survey"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(Refused, match=named):
        load(write(tmp_path, text))


def test_a_file_in_another_encoding_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "feedback.toml").write_bytes("title = 'Отзывы'".encode("cp1251"))
    with pytest.raises(Refused, match="UTF-8"):
        load(tmp_path / "feedback.toml")


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be used"):
        load(tmp_path)


def test_an_environment_variable_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDBACK_PHONE_REGIONS", "RU,US")
    with pytest.raises(Refused, match="phone_regions"):
        load(write(tmp_path, ""))


def test_a_database_may_be_a_reference_to_a_secret(tmp_path: Path) -> None:
    settings = load(write(tmp_path, 'database = "prefect-secret:warehouse"'))
    assert settings.database.get_secret_value() == "prefect-secret:warehouse"


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="feedback init"):
        load(tmp_path / "none.toml")


def write(folder: Path, text: str) -> Path:
    path = folder / "feedback.toml"
    path.write_text(text, encoding="utf-8")
    return path
