"""`flask wechat-standin`: the stand-in as a process of its own, for development and tests."""

from __future__ import annotations

import errno
import signal
import threading
from types import FrameType

import click

from backend.config import ConfigurationError, Settings
from backend.wechat.standin.server import StandinServer


@click.command("wechat-standin")
@click.option("--port", type=click.IntRange(0, 65535), default=8002, show_default=True, help="0: a free one.")
@click.option("--push-url", default="", help="Where pushed events go, e.g. …/api/v1/wechat/events.")
def wechat_standin(port: int, push_url: str) -> None:
    """Run a local WeChat for development and tests."""
    try:
        settings = Settings.from_environment()
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from None
    if settings.is_production:
        raise click.ClickException("the stand-in does not run in production")
    try:
        server = StandinServer(
            app_id=settings.wechat_app_id,
            secret=settings.wechat_app_secret,
            port=port,
            push_url=push_url,
            push_token=settings.wechat_push_token,
            templates={
                template.id: "long_term" if template.standing else "one_time"
                for template in settings.wechat_templates.values()
            },
        )
    except OSError as error:
        busy = error.errno == errno.EADDRINUSE
        raise click.ClickException(f"port {port} is {'busy' if busy else 'not to be had'}") from None

    def stop(_signal: int, _frame: FrameType | None) -> None:
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    click.echo(f"WeChat stand-in on {server.url}")
    server.serve_forever()
    server.server_close()
