"""`flask import roster|activities|indicators FILE.xlsx [--dry-run]`: spreadsheets from the command line, no limits."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from tqdm import tqdm

from backend.domain.imports.rules.kinds import ImportKind
from backend.domain.imports.service import IMPORTERS, File, Report
from backend.foundation.actor import Actor
from backend.foundation.errors import BangfuError

COMMAND = Actor(channel="command")

imports = AppGroup("import", help="Import from spreadsheets.")

_FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
_DRY_RUN = click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
_ORGANISATION = click.option(
    "--organisation", default="", metavar="CODE", help="Whose people the ledger is about, where it does not say."
)


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    return _FILE(_DRY_RUN(command))


@imports.command("roster")
@_options
def import_roster(file: Path, dry_run: bool) -> None:
    """Import organisations, sites, people and dispatches; all of the file or nothing."""
    _import(ImportKind.ROSTER, file, dry_run=dry_run)


@imports.command("activities")
@_options
@_ORGANISATION
def import_activities(file: Path, dry_run: bool, organisation: str) -> None:
    """Import an old ledger of what was done; all of the file or nothing, and again without effect."""
    _import(ImportKind.LEDGER, file, dry_run=dry_run, organisation_code=organisation)


@imports.command("indicators")
@_options
def import_indicators(file: Path, dry_run: bool) -> None:
    """Import what organisations report of themselves by month; all of the file or nothing."""
    _import(ImportKind.INDICATORS, file, dry_run=dry_run)


def _import(kind: ImportKind, path: Path, *, dry_run: bool, organisation_code: str = "") -> None:
    file = File(COMMAND, path.read_bytes(), name=path.name, organisation_code=organisation_code)
    importer = IMPORTERS[kind]
    with tqdm(total=1, unit="行", desc="检查" if dry_run else "导入", disable=not sys.stderr.isatty()) as bar:

        def show(done: int, total: int) -> None:
            bar.total = max(total, 1)
            bar.update(done - bar.n)

        try:
            report = (importer.check if dry_run else importer.apply)(file, show)
        except BangfuError as error:
            raise click.ClickException(error.text) from error
    _print(report, dry_run=dry_run)
    if report.refused:
        sys.exit(1)


def _print(report: Report, *, dry_run: bool) -> None:
    findings = report.findings
    for finding in findings.warnings:
        click.echo(f"提醒 [{finding.code}] {finding.sentence()}")
    for finding in findings.errors:
        click.echo(f"错误 [{finding.code}] {finding.sentence()}", err=True)
    if report.refused:
        more = findings.error_count - len(findings.errors)
        rest = f"（另有{more}处未列出）" if more else ""
        click.echo(f"共{findings.error_count}处错误{rest}，没有导入任何内容。请改正后重新导入。", err=True)
        return
    for line in report.totals:
        reached = f"，{line['person_times']}" if line["person_times"] else ""
        click.echo(f"{line['label']} {line['rows']}行：{line['quantity']}{reached}")
    click.echo(report.summary())
    click.echo("检查通过，尚未导入。" if dry_run else "已导入。")
