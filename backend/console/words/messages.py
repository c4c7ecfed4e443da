"""What is called how of messages and files."""

from __future__ import annotations

from collections.abc import Mapping

ACTIONS: Mapping[str, str] = {
    "send_message_again": "重新发送消息",
    "upload_file": "上传附件",
}
