"""Great Expectations inside the warehouse: a verdict on every rule, and on the core tables.

The rules have run by then, once each, and their counts stand in `accuracy.outcome`; a rule's
expectation is asked of that table, so that list and verdict cannot differ unnoticed. Expectations
on the core tables are made from data_schemas/tables and hold whatever schools send: where one
fails, the program is wrong. Answers are asked for without values.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)

from pipeline.accuracy.dialect import URL, engine_arguments
from pipeline.accuracy.rules import Rule
from pipeline.errors import Defect
from pipeline.warehouse.tables import Table, tables
from pipeline.warehouse.words import word_lists

WITHOUT_VALUES = {"result_format": "SUMMARY", "partial_unexpected_count": 0}
CODES = {
    **{name: word_lists()[name] for name in ("term", "year_group", "assessment_kind")},
    "kind": ("upn", "former_upn", "temporary_upn", "admission_number"),
}
JUDGED_TABLES = (
    "core.school",
    "core.pupil",
    "core.pupil_identifier",
    "core.pupil_merge",
    "core.enrolment",
    "core.result",
)


@dataclass(frozen=True)
class Judgement:
    """An expectation and whether it held; `rule_code` only where it is about a rule."""

    check_name: str
    table_name: str
    rule_code: str | None
    severity: str
    passed: bool


def judge(con: duckdb.DuckDBPyConnection, rules: Iterable[Rule]) -> list[Judgement]:
    """Ask every expectation of what is committed.

    Raises Defect where one of a core table does not hold, or cannot be asked.
    """
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    quiet = DataContextConfig(
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
        store_backend_defaults=InMemoryStoreBackendDefaults(),
    )
    context = gx.get_context(mode="ephemeral", project_config=quiet)
    asked: dict[str, list[tuple[Judgement, gxe.Expectation]]] = {
        name: list(_of_core_table(tables()[name])) for name in JUDGED_TABLES
    }
    asked["landing.export_file"] = [_of_files()]
    asked["accuracy.outcome"] = [_of_rule(rule) for rule in rules]
    judged: list[Judgement] = []
    with engine_arguments(con) as arguments:
        source = context.data_sources.add_sql(
            name="warehouse", connection_string=URL, create_temp_table=False, kwargs=arguments
        )
        for name, pairs in asked.items():
            judged += _validated(source, name, pairs)
    wrong = [j.check_name for j in judged if j.rule_code is None and not j.passed]
    if wrong:
        raise Defect(f"Great Expectations: does not hold: {'; '.join(wrong)}")
    return judged


def _validated(source, name: str, pairs: list[tuple[Judgement, gxe.Expectation]]):  # type: ignore[no-untyped-def]
    schema, table = name.split(".")
    asset = source.add_table_asset(name=name, schema_name=schema, table_name=table)
    batch = asset.add_batch_definition_whole_table("all").get_batch()
    for judgement, expectation in pairs:
        expectation.meta = {"check_name": judgement.check_name}
    # Given together: added one by one, each would be compared with all before it.
    suite = gx.ExpectationSuite(name=name, expectations=[e for _, e in pairs])
    answers = {
        answer.expectation_config.meta["check_name"]: answer
        for answer in batch.validate(suite, result_format=WITHOUT_VALUES).results
    }
    for judgement, _ in pairs:
        answer = answers[judgement.check_name]
        # An answer without a result is an expectation that raised; its text may quote values.
        if not answer.result:
            raise Defect(f"Great Expectations: '{judgement.check_name}' could not be asked")
        yield Judgement(
            judgement.check_name,
            judgement.table_name,
            judgement.rule_code,
            judgement.severity,
            bool(answer.success),
        )


def _of_rule(rule: Rule) -> tuple[Judgement, gxe.Expectation]:
    judgement = Judgement(
        f"rule {rule.code}", "accuracy.outcome", rule.code, rule.header.severity, True
    )
    return judgement, gxe.UnexpectedRowsExpectation(
        unexpected_rows_query=(
            "select rule_code, school_id, academic_year, term, rows_failed "
            f"from {{batch}} where rule_code = '{rule.code}' "
            f"and rows_failed - rows_accepted > {rule.header.tolerance} * rows_checked"
        ),
        description=rule.header.title,
    )


def _of_files() -> tuple[Judgement, gxe.Expectation]:
    name = "landing.export_file"
    return _core(f"{name}: rows read are loaded, rejected or skipped", name), (
        gxe.UnexpectedRowsExpectation(
            unexpected_rows_query=(
                "select file_id from {batch} where status = 'loaded' "
                "and rows_read <> rows_loaded + rows_rejected + rows_skipped"
            ),
            description="Each row read is loaded, rejected or skipped",
        )
    )


def _of_core_table(table: Table) -> Iterable[tuple[Judgement, gxe.Expectation]]:
    name, names = table.full_name, [c.name for c in table.columns]
    yield (
        _core(f"{name}: columns", name),
        gxe.ExpectTableColumnsToMatchOrderedList(column_list=names),
    )
    if len(table.key) == 1:
        yield _core(f"{name}: key", name), gxe.ExpectColumnValuesToBeUnique(column=table.key[0])
    elif table.key:
        yield (
            _core(f"{name}: key", name),
            gxe.ExpectCompoundColumnsToBeUnique(column_list=list(table.key)),
        )
    for column in table.columns:
        if column.required and column.name not in table.key:
            yield (
                _core(f"{name}: {column.name} given", name),
                gxe.ExpectColumnValuesToNotBeNull(column=column.name),
            )
        if column.name in CODES:
            yield (
                _core(f"{name}: {column.name} known", name),
                gxe.ExpectColumnValuesToBeInSet(
                    column=column.name, value_set=list(CODES[column.name])
                ),
            )


def _core(check_name: str, table_name: str) -> Judgement:
    return Judgement(check_name, table_name, None, "error", True)
