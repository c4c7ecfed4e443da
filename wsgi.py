"""What the WSGI server imports."""

from backend.app import create_app

app = create_app()
