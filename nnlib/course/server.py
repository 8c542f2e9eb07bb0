"""The course's own Jupyter server: what the kernel says reaches the page at once; a slow page is waited for.

The server lets the network gather small messages (Nagle's algorithm): each waits up to 40 milliseconds until
the page has confirmed the one before. A frame of the film is several small messages: a third of the frames
was never shown.

The server also closes the connection to a page that has not answered for 90 seconds, and a notebook that runs
then never shows its end. Where many share a processor a page may need longer, so the settings beside this
file (jupyter/jupyter_server_config.json) allow it ten minutes.
"""

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's connection between kernel and page, without the gathering."""

    def connect(self) -> Any:
        """Switch the gathering off, then connect."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()

    def handle_incoming_message(self, incoming_msg: str) -> None:
        """Pass on what the page says, but for what is left of a connection that is closed.

        Jupyter would misread that, and take more than three gigabytes for it.
        """
        if self.websocket_handler.ws_connection is not None:
            super().handle_incoming_message(incoming_msg)
