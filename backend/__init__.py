"""Bangfu 帮扶: the backend for China's hospital counterpart-support programmes."""
