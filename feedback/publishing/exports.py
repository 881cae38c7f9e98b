"""The numbers for programs and spreadsheets: CSV, JSON, Parquet and, next door, XLSX.

Names of products and channels come from outside, so CSV text never begins like a formula.
"""

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from feedback.metrics.compute import COLUMNS, FEW
from feedback.publishing.snapshot import Row, Snapshot, declaration, plain
from feedback.publishing.topic_exports import topic_json, topic_sheets
from feedback.publishing.workbook import workbook

FORMATS = ("csv", "xlsx", "json", "parquet")
FIELDS = (*COLUMNS, "unit", "as_of", "model")
SCHEMA = "feedback-metrics/1"
MEANING = {
    "metric": "name of the metric, see metrics",
    "grain": "day, week or period (the whole window)",
    "period": "first day of it, ISO 8601",
    "channel": 'channel, "" for all',
    "product": 'product, "" for all',
    "value": "in the metric's unit; share is 0 to 1; null when few",
    "n": "answers behind the value, for corrected shares texts that people read; null when few",
    "low": "lower end of the 95 % interval, null when there is none",
    "high": "upper end of the 95 % interval, null when there is none",
    "status": f"ok, or few: fewer than {FEW} answers, not shown",
}


def export(kind: str, snapshot: Snapshot, table: Sequence[Row]) -> bytes:
    """The bytes of one export; `kind` is one of FORMATS, else KeyError."""
    writers: dict[str, Callable[[Snapshot, Sequence[Row]], bytes]] = {
        "csv": csv_bytes,
        "xlsx": _xlsx,
        "json": json_bytes,
        "parquet": parquet_bytes,
    }
    return writers[kind](snapshot, table)


def records(snapshot: Snapshot, table: Sequence[Row]) -> list[dict[str, Any]]:
    """One flat record per number, with the unit, the as-of time and the model beside it."""
    units = {metric.name: metric.unit for metric in snapshot.metrics}
    extra = {"as_of": snapshot.as_of, "model": plain(snapshot.model)}
    return [{**asdict(row), "unit": units.get(row.metric, ""), **extra} for row in table]


def csv_bytes(snapshot: Snapshot, table: Sequence[Row]) -> bytes:
    """UTF-8 with a byte order mark, which Excel needs; comma, point, CRLF (RFC 4180)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(FIELDS)
    for record in records(snapshot, table):
        record["as_of"] = snapshot.as_of.isoformat()
        writer.writerow([harmless(record[field]) for field in FIELDS])
    return out.getvalue().encode("utf-8-sig")


def _xlsx(snapshot: Snapshot, table: Sequence[Row]) -> bytes:
    sheets = [("Metrics", FIELDS, records(snapshot, table)), *topic_sheets(snapshot)]
    return workbook(snapshot, sheets)


def json_bytes(snapshot: Snapshot, table: Sequence[Row]) -> bytes:
    """A header that explains the columns, then the records."""
    content = {
        "schema": SCHEMA,
        "columns": MEANING,
        "title": snapshot.title,
        "as_of": snapshot.as_of,
        "window_start": snapshot.window_start,
        "window_end": snapshot.window_end,
        "timezone": snapshot.timezone,
        "model": snapshot.model,
        "runs": list(snapshot.runs),
        "metrics": [declaration(metric) for metric in snapshot.metrics],
        "sources": [asdict(source) for source in snapshot.sources],
        "records": [asdict(row) for row in table],
        **topic_json(snapshot),
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1, default=_iso)
    return (text + "\n").encode("utf-8", "replace")


def parquet_bytes(snapshot: Snapshot, table: Sequence[Row]) -> bytes:
    """Typed columns; the same table gives the same bytes under one version of pyarrow."""
    schema = pa.schema(
        [(name, pa.string()) for name in ("metric", "grain")]
        + [("period", pa.date32()), ("channel", pa.string()), ("product", pa.string())]
        + [
            ("value", pa.float64()),
            ("n", pa.int64()),
            ("low", pa.float64()),
            ("high", pa.float64()),
        ]
        + [("status", pa.string()), ("unit", pa.string())]
        + [("as_of", pa.timestamp("us", tz="UTC")), ("model", pa.string())],
        metadata={"schema": SCHEMA, "timezone": snapshot.timezone},
    )
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records(snapshot, table), schema=schema), out)
    return out.getvalue()


def harmless(value: object) -> object:
    """A value for a CSV cell: what a spreadsheet would take for a formula begins with a quote."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return "" if value is None else value


def _iso(value: Any) -> str:
    return str(value.isoformat())
