"""`python -m backend.wechat.standin`: the same command without the application around it."""

from backend.wechat.standin.command import wechat_standin

wechat_standin()
