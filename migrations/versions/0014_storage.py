"""Move what is in attachments out of their rows into the storage.

Run again after an interruption it moves everything once more: until the column is gone, the rows are what counts.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.foundation.storage import current_storage

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TABLE = sa.table("attachments", sa.column("id", sa.Uuid), sa.column("content", sa.LargeBinary))


def key_of(attachment_id: object) -> str:
    """Return under what key the storage has a file: as it was decided then, whatever the code does later."""
    name = str(attachment_id).replace("-", "")
    return f"attachments/{name[-2:]}/{name}"


def upgrade() -> None:
    connection = op.get_bind()
    for attachment_id in connection.scalars(sa.select(_TABLE.c.id)).all():
        content = connection.scalar(sa.select(_TABLE.c.content).where(_TABLE.c.id == attachment_id))
        current_storage().put(key_of(attachment_id), bytes(content))
    op.drop_column("attachments", "content")


def downgrade() -> None:
    connection = op.get_bind()
    op.add_column("attachments", sa.Column("content", sa.LargeBinary))
    for attachment_id in connection.scalars(sa.select(_TABLE.c.id)).all():
        content = current_storage().get(key_of(attachment_id))
        connection.execute(sa.update(_TABLE).where(_TABLE.c.id == attachment_id).values(content=content))
    op.alter_column("attachments", "content", nullable=False)
