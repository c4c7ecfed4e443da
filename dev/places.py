"""Where things are kept in this checkout; git ignores `.local/`, and it may be deleted while nothing runs."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PREVIEW = ROOT / "miniprogram_stub" / "preview"
