"""A setting of the course's own Jupyter server: what the kernel says reaches the page at once.

The server lets the network gather small messages (Nagle's algorithm): each waits up to 40 milliseconds until
the page has confirmed the one before. A frame of the film is several small messages: a third of the frames
was never shown.
"""

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's connection between kernel and page, without the gathering."""

    def connect(self) -> Any:
        """Switch the gathering off, then connect."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
