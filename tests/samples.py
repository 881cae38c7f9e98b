"""A small world for flow tests: settings, sources and a database of its own in one folder."""

import csv
from pathlib import Path

from sqlalchemy import Engine

from feedback.settings import load
from feedback.warehouse.engine import connect

HEADER = ["id", "when", "score", "words", "mail"]
ANSWERS = [
    ["1", "2026-09-01 10:00", "9", "Всё отлично, спасибо большое!", "anna@example.com"],
    [
        "2",
        "2026-09-02 11:00",
        "2",
        "The delivery was late and the box was broken",
        "bo@example.com",
    ],
    ["3", "2026-09-03 12:00", "7", "", ""],
]
SETTINGS = """
database = "{database}"
[publish]
title = "Test"
[sources.survey]
kind = "table"
channel = "form"
path = "answers.csv"
survey = "nps"
scale = [0, 10]
columns = {{ id = "id", said_at = "when", rating = "score", text = "words", email = "mail" }}
[crm.contacts]
kind = "sql"
database = "sqlite:///crm.db"
"""


def world(folder: Path, database: str = "sqlite:///feedback.db", more: str = "") -> str:
    """Write settings and answers into a folder, make key and tables; the settings' path."""
    from tasks import operate

    folder.mkdir(parents=True, exist_ok=True)
    write_answers(folder, ANSWERS)
    path = folder / "feedback.toml"
    path.write_text(SETTINGS.format(database=database) + more, encoding="utf-8")
    list(operate.init(str(path)))
    return str(path)


def write_answers(folder: Path, rows: list[list[str]], header: list[str] = HEADER) -> None:
    with (folder / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def rows(settings: str, table: str, *columns: str) -> list[tuple[object, ...]]:
    """The rows of a table of the warehouse, sorted; all columns unless some are named."""
    engine = connect(load(Path(settings)).database.get_secret_value())
    return _rows(engine, table, columns)


def crm_rows(settings: str, table: str, *columns: str) -> list[tuple[object, ...]]:
    """The rows of a table of the settings' SQL CRM, sorted."""
    url = load(Path(settings)).crm["contacts"]["database"]
    return _rows(connect(url), table, columns)


def _rows(engine: Engine, name: str, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT {', '.join(columns) or '*'} FROM {name}")
        rows = [tuple(row) for row in found]
    engine.dispose()
    return sorted(rows, key=repr)
