"""The topic table as files of their own, for a CSV and a Parquet file hold one table each.

Names come from somebody's taxonomy, so CSV text never begins like a formula here either.
"""

import csv
import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from feedback.publishing.exports import harmless
from feedback.publishing.snapshot import Snapshot
from feedback.publishing.topic_exports import TOPIC_FIELDS, topic_records


def topic_files(snapshot: Snapshot) -> dict[str, bytes]:
    """topics.csv and topics.parquet; no file where the snapshot has no such numbers."""
    records = topic_records(snapshot)
    if not records:
        return {}
    return {"topics.csv": _csv(records), "topics.parquet": _parquet(records)}


def _csv(records: list[dict[str, Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(TOPIC_FIELDS)
    for one in records:
        one = one | {"as_of": one["as_of"].isoformat()}
        writer.writerow([harmless(one[field]) for field in TOPIC_FIELDS])
    return out.getvalue().encode("utf-8-sig")


def _parquet(records: list[dict[str, Any]]) -> bytes:
    kinds = {"period": pa.date32(), "n": pa.int64(), "as_of": pa.timestamp("us", tz="UTC")}
    kinds |= dict.fromkeys(("value", "low", "high"), pa.float64())
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in TOPIC_FIELDS])
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records, schema=schema), out)
    return out.getvalue()
