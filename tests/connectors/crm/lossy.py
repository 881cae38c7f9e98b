"""A proxy on loopback that loses the answer to what it is told to: the write is done, unheard of.

It cuts the connection once the server has answered, so the server has certainly stored it.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class LossyProxy:
    """Loses one answer, that to the next request holding `loses`; then, if told so, is gone."""

    def __init__(self, port: int, loses: bytes, then_gone: bool = False) -> None:
        self._upstream, self._loses, self._then_gone = port, loses, then_gone
        self._armed = threading.Lock()  # taken by the connection whose answer is lost
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])

    @contextmanager
    def running(self) -> Iterator["LossyProxy"]:
        accepting = threading.Thread(target=self._accept, daemon=True)
        accepting.start()
        try:
            yield self
        finally:
            self._close(self._listener)
            accepting.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._upstream))
                doomed = threading.Event()
                for pump in (self._requests, self._answers):
                    threading.Thread(
                        target=pump, args=(client, server, doomed), daemon=True
                    ).start()

    def _requests(
        self, client: socket.socket, server: socket.socket, doomed: threading.Event
    ) -> None:
        with suppress(OSError):
            while chunk := client.recv(65536):
                if self._loses in chunk and self._armed.acquire(blocking=False):
                    doomed.set()
                server.sendall(chunk)
        self._close(client, server)

    def _answers(
        self, client: socket.socket, server: socket.socket, doomed: threading.Event
    ) -> None:
        with suppress(OSError):
            while (chunk := server.recv(65536)) and not doomed.is_set():
                client.sendall(chunk)
        if doomed.is_set() and self._then_gone:
            self._close(self._listener)
        self._close(client, server)

    def _close(self, *ends: socket.socket) -> None:
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
