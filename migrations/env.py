"""Runs migrations as the owner of the schema, with the connection that `DATABASE_URL` names."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, pool

from backend import models  # noqa: F401  (every table is known to the metadata)
from backend.config import Settings
from backend.extensions import Base


def run_migrations() -> None:
    """Run each migration in one transaction of its own."""
    engine = create_engine(Settings.from_environment().database_url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Migrations need a database; offline mode is not supported.")
run_migrations()
