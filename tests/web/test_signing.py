"""The task that signs, begun and ended as this server leads or does not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.served_ledger import Served, run

from buckstop.ledger.checkpointing import Checkpointer
from buckstop.ledger.record.checkpoint_folder import CheckpointFolder
from buckstop.ledger.record.note import new_key
from buckstop.ledger.store import StoreReader
from buckstop.ledger.writer import Commit
from buckstop.servers import await_until
from buckstop.web.checkpoints import Signing

SECONDS = 20


def test_a_server_that_often_takes_the_lead_listens_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was begun with a lead ends with it: no commit tells a task that is long over."""
    folder = tmp_path / "signed"
    folder.mkdir()

    async def scenario(served: Served) -> int:
        listening = 0
        listen = served.site.ledger.listen

        def counted(listener: Callable[[Commit], None]) -> Callable[[], None]:
            nonlocal listening
            listening += 1
            end = listen(listener)

            def ended() -> None:
                nonlocal listening
                listening -= 1
                end()

            return ended

        monkeypatch.setattr(served.site.ledger, "listen", counted)
        key = new_key("acme.example/ledger")
        reader = StoreReader(tmp_path / "ledger.db")
        signing = Signing(Checkpointer(reader, key, CheckpointFolder(folder)))
        for number in range(3):
            await served.fire(model=f"model-{number}")
            task = asyncio.create_task(signing.run(served.site))
            signed = lambda wanted=number + 1: len(list(folder.glob("*.checkpoint"))) == wanted  # noqa: E731
            await asyncio.to_thread(await_until, signed, SECONDS, "a checkpoint")
            assert listening == 1
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        reader.close()
        return listening

    assert run(tmp_path, scenario) == 0
