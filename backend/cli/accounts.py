"""flask accounts: a way in for whoever runs the server."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from backend.domain.accounts import service
from backend.foundation.actor import Actor
from backend.foundation.errors import BangfuError

accounts = AppGroup("accounts", help="People and their ways in.")
_ACTOR = Actor(channel="command")


@accounts.command("set-password")
@click.argument("organisation_code")
@click.argument("staff_number")
@click.option("--generate", is_flag=True, help="Print a one-time password, to be changed at the first log-in.")
def set_password(organisation_code: str, staff_number: str, generate: bool) -> None:
    """Give the person of this staff number (工号) in this organisation (机构代码) a password for the console."""
    try:
        person = service.get_person_by_staff_number(organisation_code, staff_number)
        if generate:
            click.echo(service.set_initial_password(_ACTOR, person.id))
            return
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        service.set_password(_ACTOR, person.id, password, must_change=False)
    except BangfuError as error:
        raise click.ClickException(error.text) from None
    click.echo("The password is set; open sessions in the console have ended.")
