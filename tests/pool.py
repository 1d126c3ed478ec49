"""SymPy's process, kept from one test for the next: loading SymPy takes longer than most tests.

A client that is closed while its process waits for a question leaves it to the next client that
starts. One that was killed, or closed in the middle of a question, is gone, as in earnest.
"""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from autodiff_cli.symbolic.client import Client

#: What a client knows of its process.
Process = dict[str, Any]
OF_PROCESS = ("_pid", "_process", "_reader", "_writer", "_ready", "_received")

start, ask, close = Client.start, Client.ask, Client.close


@contextmanager
def pooled() -> Iterator[None]:
    """Keep processes while the context is open."""
    idle: list[Process] = []
    asking: set[int] = set()
    starters: list[Client] = []  # a process ends with the client that started it

    def started(client: Client) -> None:
        while client._reader < 0 and idle:
            process = idle.pop()
            vars(client).update(process)
            if gone(client):
                close(client)
        if client._reader < 0:
            starters.append(client)
        start(client)

    def asked(client: Client, *given: Any) -> dict[str, Any]:
        asking.add(id(client))
        try:
            return ask(client, *given)
        finally:
            asking.discard(id(client))

    def closed(client: Client) -> int | None:
        if client._reader < 0 or not client._ready or client._received or id(client) in asking:
            return close(client)
        idle.append({name: vars(client)[name] for name in OF_PROCESS})
        client._reader = client._writer = -1
        client._pid, client._ready, client._process = 0, False, None
        return None

    try:
        with mock.patch.multiple(Client, start=started, ask=asked, close=closed):
            yield
    finally:
        for process in idle:
            client = Client()
            vars(client).update(process)
            close(client)


def gone(client: Client) -> bool:
    """Tell whether a process that should wait has ended: its pipe has, or says something."""
    return bool(select.select([client._reader], [], [], 0)[0])


def alone() -> Any:
    """Return a context in which every client has a process of its own."""
    return mock.patch.multiple(Client, start=start, ask=ask, close=close)
