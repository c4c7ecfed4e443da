"""A local WeChat: its paths, JSON, error codes and rules over HTTP, and control endpoints under /standin/.

Start it as a process (`flask wechat-standin --port N`) or inside one (`with StandinServer(…) as standin:`).
"""

from backend.wechat.standin.server import StandinServer

__all__ = ["StandinServer"]
