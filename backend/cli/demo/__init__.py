"""`flask demo load` and `flask demo show`: an invented county to try everything with."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from backend.cli.demo.county import PASSWORD, load_county
from backend.cli.demo.days import catch_up
from backend.cli.demo.phones import UNBOUND, phone_addresses
from backend.cli.demo.story import tell_story
from backend.config import Settings
from backend.domain.attendance.service.closing import close_days
from backend.foundation import clock
from backend.foundation.errors import BangfuError
from backend.foundation.transaction import transaction

demo = AppGroup("demo", help="An invented county to try everything with.")


@demo.command("load")
def load() -> None:
    """Load the demo county and its story, once; each time, add the check-ins since."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.is_production:
        raise click.ClickException("Demo data never goes into production.")
    try:
        with transaction():  # all of it or nothing: the story is told once
            made = load_county(settings.wechat_app_id)
            added = tell_story() if made else catch_up()
            close_days(clock.today())
    except BangfuError as error:
        raise click.ClickException(error.text) from error
    click.echo(f"{'Demo county loaded' if made else 'The demo county is there'}; {added} check-ins added.")


@demo.command("show")
def show() -> None:
    """Print the demo log-ins."""
    click.echo(
        f"office, password {PASSWORD}: M0001 (医务科) D0001 (院长) F0001 (财务科) B0001 (卫健局) "
        "U0001 (行政总值班) T0001 (受援院长) T0002 (分诊台、授权代签) admin (管理员); "
        f"phones: {' , '.join(phone_addresses())}; to be bound, in the preview as it opens: {UNBOUND}"
    )
