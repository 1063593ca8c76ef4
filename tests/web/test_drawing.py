"""Pictures of an answer: what the chart's axis shows."""

from __future__ import annotations

from typing import Any

from khabar.web import drawing


def counted(by: str, *labels: str | None) -> list[dict[str, Any]]:
    return [{by: label, "type": "AID", "n": n} for n, label in enumerate(labels, 1)]


def test_a_chart_shows_months_of_which_nothing_is_told() -> None:
    chart = drawing.chart(counted("month", "2020-11", "2021-02", None), "month")
    assert [(label, n) for label, n, _ in chart.bars] == [
        ("2020-11", 1), ("2020-12", 0), ("2021-01", 0), ("2021-02", 2),
    ]  # fmt: skip
    assert chart.bars[0][2] == [("AID", 50.0, 50.0)]
    assert chart.bars[1][2] == []


def test_a_chart_of_years_has_room_for_empty_ones_but_not_for_centuries() -> None:
    assert [label for label, _, _ in drawing.chart(counted("year", "2018", "2021"), "year").bars] == [
        "2018", "2019", "2020", "2021",
    ]  # fmt: skip
    assert [label for label, _, _ in drawing.chart(counted("year", "1187", "2021"), "year").bars] == ["1187", "2021"]


def test_a_chart_of_nothing_dated_has_no_bars() -> None:
    assert drawing.chart(counted("month", None), "month").bars == []


def test_the_network_draws_no_line_from_a_country_to_itself() -> None:
    drawn = drawing.network({("SYR", "SYR", "ASSAULT"): 9, ("OMN", "QAT", "CONSULT"): 1})
    assert [node[0] for node in drawn.nodes] == ["OMN", "QAT"]
    assert [(edge[7], edge[8]) for edge in drawn.edges] == [("OMN", "QAT")]
    assert drawing.network({("SYR", "SYR", "ASSAULT"): 9}).nodes == []
