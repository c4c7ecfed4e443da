"""`flask import roster FILE.xlsx [--dry-run]`: a roster from the command line, without limits."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup
from tqdm import tqdm

from backend.domain.imports import service
from backend.domain.imports.service import Report
from backend.foundation.actor import Actor
from backend.foundation.errors import BangfuError

COMMAND = Actor(channel="command")

imports = AppGroup("import", help="Import from spreadsheets.")


@imports.command("roster")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only tell what would be done.")
def import_roster(file: Path, dry_run: bool) -> None:
    """Import organisations, sites, people and dispatches; all of the file or nothing."""
    content = file.read_bytes()
    with tqdm(total=1, unit="行", desc="检查" if dry_run else "导入", disable=not sys.stderr.isatty()) as bar:

        def show(done: int, total: int) -> None:
            bar.total = max(total, 1)
            bar.update(done - bar.n)

        try:
            report = (service.check_roster if dry_run else service.apply_roster)(COMMAND, content, show)
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
    else:
        click.echo(report.summary())
        click.echo("检查通过，尚未导入。" if dry_run else "已导入。")
