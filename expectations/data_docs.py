"""Great Expectations' own pages, Data Docs, on how some frames stand to their suites.

It asks a file context, which lives in a folder of its own and is gone when the pages are built;
the pages load their styles from the network, and have counts but no values.
"""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import great_expectations as gx
import pandas as pd
from great_expectations.checkpoint import UpdateDataDocsAction
from great_expectations.checkpoint.checkpoint import CheckpointResult

from expectations.verdict import raised
from feedback.errors import Changed, Refused

COUNTS_ONLY = {"result_format": "SUMMARY", "partial_unexpected_count": 0}
SITE = "gx/uncommitted/data_docs/local_site"


def build(tables: Sequence[tuple[pd.DataFrame, gx.ExpectationSuite]], out: Path) -> Path:
    """Write the pages into `out`, a new or empty folder; returns the first page.

    Raises `Refused` for a folder with anything in it, and `Changed` when a check could not be made,
    for its page would quote the error, and that may quote a record; nothing is written then.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refused(f"{out} is no empty folder. Nothing was written. Name a new one.")
    with tempfile.TemporaryDirectory() as home:
        context = gx.get_context(mode="file", project_root_dir=home)
        context.variables.progress_bars = {"globally": False}
        source = context.data_sources.add_pandas("warehouse")
        for frame, suite in tables:
            asset = source.add_dataframe_asset(suite.name)
            whole = asset.add_batch_definition_whole_dataframe("whole")
            definition = gx.ValidationDefinition(
                name=suite.name, data=whole, suite=context.suites.add(suite)
            )
            context.validation_definitions.add(definition)
            result = gx.Checkpoint(
                name=suite.name,
                validation_definitions=[definition],
                actions=[UpdateDataDocsAction(name="docs")],
                result_format=COUNTS_ONLY,
            ).run(batch_parameters={"dataframe": frame})
            _prove_evaluated(result)
        shutil.copytree(Path(home) / SITE, out, dirs_exist_ok=True)
    return out / "index.html"


def _prove_evaluated(result: CheckpointResult) -> None:
    for validation in result.run_results.values():
        broken = sum(bool(raised(one)) for one in validation.results)
        if broken:
            raise Changed(
                f"{broken} checks of {validation.suite_name} could not be made. No page was "
                "written. This is a fault of ours: report it."
            )
