"""News for open pages, at once: written in the transaction of the change, streamed as Server-Sent Events at `/live`."""

from __future__ import annotations

from linli.platform.push.publish import publish, publish_all, read_token, topic_token

__all__ = ["publish", "publish_all", "read_token", "topic_token"]
