"""`flask audit`: the trail's seals."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from backend.domain.audit.service import BrokenSeal, seal_events, verify_seals

audit = AppGroup("audit", help="Seal the audit trail, and prove that nobody has changed it.")


@audit.command("seal")
def seal() -> None:
    """Seal what was written since the last seal, and print the head to keep elsewhere."""
    sealed = seal_events()
    click.echo(sealed.digest.hex() if sealed else "nothing new to seal")


@audit.command("verify")
@click.option("--head", default="", help="A head that was kept elsewhere, in hex: it must be among the seals.")
def verify(head: str) -> None:
    """Compute every seal again from the events; exit 1 if one does not hold."""
    try:
        seals, last = verify_seals(kept_head=bytes.fromhex(head))
    except ValueError:
        raise click.BadParameter("not hexadecimal", param_hint="--head") from None
    except BrokenSeal as broken:
        raise click.ClickException(str(broken)) from None
    click.echo(f"{seals} seals hold, head {last.hex()}")
