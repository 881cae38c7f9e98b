"""What customers wrote cannot command the terminal of whoever reads a table."""

import pandas as pd
import pytest

from flows.saying import print_table


def test_a_cell_of_a_table_cannot_command_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_table("Words", pd.DataFrame({"words": ["red \x1b[31mwords \x9b31m"]}))
    told = capsys.readouterr().out
    assert "red ·[31mwords ·31m" in told
    assert "\x1b" not in told
