"""How a file is named to a browser or a phone that saves it."""

from __future__ import annotations

import re
from urllib.parse import quote


def content_disposition(filename: str, *, inline: bool = False) -> str:
    """Return the header's value (RFC 6266): the name in UTF-8, and one in ASCII for whoever cannot read that.

    `inline` lets a browser show the file in place of saving it: for pictures only.
    """
    ending = re.search(r"\.[A-Za-z0-9]{1,8}$", filename)
    plain = f"file{ending.group() if ending else ''}"
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
