import traceback
from pathlib import Path

import pytest

from feedback.errors import Fault, Refused
from feedback.settings import load
from tasks import operate, runs
from tasks.collect import collect
from tasks.opening import opened, with_secrets
from tests.samples import world

IMAP = '[sources.support]\nkind = "imap"\nchannel = "mail"\nhost = "127.0.0.1"\nuser = "a"\n'


@pytest.mark.usefixtures("prefect_server")
def test_a_secret_is_read_from_its_prefect_block(tmp_path: Path) -> None:
    from prefect.blocks.system import Secret

    Secret(value="hush").save("support-imap", overwrite=True)
    more = IMAP + 'password = "prefect-secret:support-imap"\n'
    settings = with_secrets(load(Path(world(tmp_path, more=more))))
    assert settings.sources["support"]["password"] == "hush"


@pytest.mark.usefixtures("prefect_server")
def test_a_secret_block_that_is_not_there_is_named(tmp_path: Path) -> None:
    more = IMAP + 'password = "prefect-secret:nowhere"\n'
    path = tmp_path / "feedback.toml"
    world(tmp_path)
    path.write_text(path.read_text() + more)
    with pytest.raises(Refused, match="nowhere"), opened(str(path)):
        pass


def test_one_source_with_bad_settings_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    more = '[sources.broken]\nkind = "table"\nchannel = "form"\n'
    with opened(world(tmp_path, more=more)) as house:
        assert list(house.sources()) == ["survey"]


def test_a_fault_of_ours_names_its_kind_and_place_and_quotes_nothing(tmp_path: Path) -> None:
    with pytest.raises(Fault) as told, opened(world(tmp_path)):
        raise KeyError("secret words of ivan@example.com")
    trace = "".join(traceback.format_exception(told.value))
    assert "KeyError at test_opening.py" in trace
    assert "ivan" not in trace.replace('raise KeyError("secret words of ivan@example.com")', "")


def test_no_new_key_is_made_over_data_that_it_could_not_open(tmp_path: Path) -> None:
    settings = world(tmp_path)
    collect.fn(settings, runs.begin(settings).id, "survey")
    (tmp_path / ".feedback/key").unlink()
    with pytest.raises(Refused, match="No new key was made"):
        list(operate.init(settings))
    assert not (tmp_path / ".feedback/key").exists()


def test_nothing_is_opened_with_a_missing_key(tmp_path: Path) -> None:
    settings = world(tmp_path)
    (tmp_path / ".feedback/key").unlink()
    with pytest.raises(Refused, match="feedback init"), opened(settings):
        pass
