"""One typed tree of settings: `feedback.toml`, with the environment on top of it.

Reading settings opens nothing; what a source or CRM needs is checked by its own connector.
"""

import os
import re
import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from feedback.errors import Refused

DEFAULT = Path("feedback.toml")
SECRET = "prefect-secret:"  # noqa: S105 - the mark of a value that is kept in a Prefect Secret block
NAME = re.compile(r"[a-z][a-z0-9_]*")  # what an environment variable can name


class Publish(BaseModel):
    """`[publish]`: where the page goes and how much of the past it shows."""

    model_config = ConfigDict(extra="forbid")

    folder: Path = Field(Path("site"), description="Where publications are written.")
    title: str = Field("Customer feedback", description="The heading of the page.")
    days: int = Field(90, ge=1, description="How many days the page shows, up to the last words.")
    quotes: bool = Field(
        False,
        description="Whether a theme is shown with what one customer wrote. Texts are redacted, "
        "but redaction can miss a name: turn it on where every reader of the page may read "
        "customers' own words.",
    )


class Understand(BaseModel):
    """`[understand]`: how what was said is understood."""

    model_config = ConfigDict(extra="forbid")

    engine: str = Field(
        "shipped", description="What judges sentiment: `shipped`, or the name of an engine below."
    )
    taxonomy: Path | None = Field(
        None, description="A YAML file with topics of your own, instead of ours."
    )


class Settings(BaseSettings):
    """Everything that can be set. `FEEDBACK_<NAME>` in the environment wins over the file."""

    model_config = SettingsConfigDict(
        env_prefix="FEEDBACK_", env_nested_delimiter="__", extra="forbid"
    )

    database: SecretStr = Field(
        SecretStr("sqlite:///.feedback/feedback.db"),
        description="SQLAlchemy URL of the warehouse: sqlite:///… or postgresql+psycopg://…",
    )
    key: SecretStr = Field(
        SecretStr(""), description="The key that personal data are sealed with; else `key_file`."
    )
    key_file: Path = Field(Path(".feedback/key"), description="A file, mode 0600, with the key.")
    timezone: str = Field("UTC", description="The zone that days and weeks are counted in.")
    phone_regions: list[str] = Field(
        ["RU", "US"],
        min_length=1,
        description="Countries whose national phone numbers are redacted.",
    )
    raw_days: int = Field(
        365,
        ge=0,
        description="How many days a record is kept as it came, sealed, once it is refined; 0: for "
        "ever. `refine --all` and `--since` can rebuild only what is still kept.",
    )
    publish: Publish = Publish()
    understand: Understand = Understand()
    sources: dict[str, dict[str, Any]] = Field(
        {}, repr=False, description="`[sources.<name>]`: kind, channel and what that kind needs."
    )
    crm: dict[str, dict[str, Any]] = Field(
        {}, repr=False, description="`[crm.<name>]`: kind and what that kind needs."
    )
    engines: dict[str, dict[str, Any]] = Field(
        {}, repr=False, description="`[engines.<name>]`: kind and what that kind needs."
    )

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{name!r} is not a time zone such as Europe/Moscow") from None
        return name

    def tables(self) -> list[dict[str, Any]]:
        """Every table whose kind says what may stand in it."""
        return [*self.sources.values(), *self.crm.values(), *self.engines.values()]

    def owner(self, source: str) -> str:
        """Who mends what is set aside from a source; "" when nobody is named."""
        return str(self.sources.get(source, {}).get("owner") or "")

    def own_addresses(self) -> frozenset[str]:
        """Our own mail addresses and @domains, as the sources name them, in lower case."""
        named = [one for table in self.sources.values() for one in _addresses(table)]
        return frozenset(one.strip().lower() for one in named if "@" in one)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings


def _addresses(table: dict[str, Any]) -> list[str]:
    listed = table.get("own_addresses", [])  # not yet checked by its connector
    named = [*listed, table.get("user")] if isinstance(listed, list) else [table.get("user")]
    return [one for one in named if isinstance(one, str)]


def load(path: Path) -> Settings:
    """The settings of a TOML file; its relative paths are meant from the file's own folder.

    Raises `Refused` naming the file and every value that cannot be used.
    """
    try:
        settings = Settings(**tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise Refused(
            f"There is no settings file {path}. Nothing was read or written. Run `feedback init`, "
            "or name the file with --settings."
        ) from None
    except OSError as error:
        raise Refused(_unusable(path, str(error.strerror))) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise Refused(_unusable(path, "it is not TOML in UTF-8")) from None
    except SettingsError as error:
        raise Refused(_unusable(path, f"{error} (lists are written as JSON there)")) from None
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise Refused(_unusable(path, said)) from None
    for name in [*settings.sources, *settings.crm, *settings.engines]:
        if not NAME.fullmatch(name):
            raise Refused(_unusable(path, f"the name {name!r} is not of the form my_source_2"))
    return _at_home(settings, path.resolve().parent)


def _unusable(path: Path, why: str) -> str:
    return f"{path} cannot be used: {why}. Nothing was read or written."


def _at_home(settings: Settings, home: Path) -> Settings:
    settings.key_file = Path(os.path.normpath(home / settings.key_file))
    settings.publish.folder = Path(os.path.normpath(home / settings.publish.folder))
    settings.database = SecretStr(_database_at(home, settings.database.get_secret_value()))
    if settings.understand.taxonomy:
        own = home / settings.understand.taxonomy
        settings.understand.taxonomy = Path(os.path.normpath(own))
    for table in settings.tables():
        for name in ("path", "ca_file"):
            if isinstance(table.get(name), str):
                table[name] = os.path.normpath(home / table[name])
        if isinstance(table.get("database"), str):
            table["database"] = _database_at(home, table["database"])
    return settings


def _database_at(home: Path, text: str) -> str:
    if text.startswith(SECRET):
        return text
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        raise Refused(
            "A `database` is not an SQLAlchemy URL such as sqlite:///feedback.db or "
            "postgresql://user@host/name. Nothing was read or written."
        ) from None
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        url = url.set(database=os.path.normpath(home / url.database))
    return url.render_as_string(hide_password=False)
