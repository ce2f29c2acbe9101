"""Runs the workflow engine, DBOS, loaded when there is the first thing to carry out.

Loading it takes about a second and keeping it costs a little all the time.
"""

import asyncio
import importlib
import logging
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from autosky_desktop.domain.publication import STEPS
from autosky_desktop.server.coordination.port import Coordination
from autosky_desktop.server.db.errors import StorageDamaged, StorageError
from autosky_desktop.server.publications.workflow.places import WorkflowPlace
from autosky_desktop.server.publications.workflow.steps import PublicationSteps

QUEUE = "publish"
POLL_SECONDS = 0.5
DEAD_AFTER = 1000
ALIVE = frozenset({"PENDING", "ENQUEUED", "DELAYED"})

# Constant on purpose: the default is a hash of the code, and a publication begun before an
# upgrade would wait for its old version for good.
VERSION = "1"
EXECUTOR = "embedded"
"""The executor of a workstation: the next process goes on with what it had begun."""

log = logging.getLogger(__name__)


class DurableEngine:
    """Carries publications out by DBOS. There is one per process, because DBOS is, too."""

    def __init__(
        self, place: WorkflowPlace, steps: PublicationSteps, coordination: Coordination
    ) -> None:
        self._place = place
        self._executor = EXECUTOR if coordination.alone else coordination.worker
        self._steps = steps
        self._workflow: Any = None
        self._running: set[asyncio.Task[Any]] = set()

    async def start(self, publication: str, environment: str) -> bool:
        if self._workflow is None:
            await self._launch()
        from dbos import DBOS, SetEnqueueOptions, SetWorkflowID

        workflow = await self._steps.workflow(publication)
        with SetWorkflowID(workflow), SetEnqueueOptions(queue_partition_key=environment):
            await DBOS.enqueue_workflow_async(QUEUE, self._workflow, publication)
        status = await DBOS.get_workflow_status_async(workflow)
        return status is not None and status.status in ALIVE

    async def stand_by(self) -> None:
        """Be ready to carry out what other workers have accepted. Raises StorageError."""
        if self._workflow is None:
            await self._launch()

    async def take_over(self, living: Collection[str]) -> int:
        """Let any worker go on with what those had begun that are not among the living, and return
        how many publications that are. Raises StorageError.
        """
        await self.stand_by()
        from dbos import DBOS

        begun = await DBOS.list_workflows_async(
            status="PENDING", queue_name=QUEUE, load_input=False, load_output=False
        )
        left = [it.workflow_id for it in begun if it.executor_id not in living]
        if left:
            await DBOS.resume_workflows_async(left, queue_name=QUEUE)
        return len(left)

    async def close(self) -> None:
        if self._workflow is None:
            return
        self._workflow = None
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._destroy()

    def _destroy(self) -> None:
        from dbos import DBOS

        DBOS.destroy(destroy_registry=True)
        # it had put its own in the place of the loop's, and has ended it
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        self._place.close()

    async def _launch(self) -> None:
        """Launch DBOS, in a new place when the old one is damaged. Raises StorageError.

        All that is lost then is which steps are over, and each does nothing twice.
        """
        await asyncio.to_thread(importlib.import_module, "dbos")
        try:
            await self._begin()
        except StorageDamaged as error:
            log.warning("%s is damaged and set aside: %s", self._place, error)
            self._place.set_aside()
            await self._begin()
        except StorageError as error:
            raise type(error)(f"{self._place}: {error}") from error

    async def _begin(self) -> None:
        """Launch DBOS whole or not at all: half launched, it would not begin again."""
        with ExitStack() as undo:
            undo.callback(self._destroy)
            self._workflow = await self._launched()
            undo.pop_all()

    async def _launched(self) -> Any:
        from dbos import DBOS, DBOSPortableJSONSerializer

        logging.getLogger("dbos").addHandler(logging.NullHandler())  # or it brings its own
        place = await self._place.prepare()
        DBOS(
            config={
                "name": "autosky",
                "executor_id": self._executor,
                "application_version": VERSION,
                **place,  # type: ignore[typeddict-item]
                "serializer": DBOSPortableJSONSerializer(),
                "log_level": "WARNING",
            }
        )

        async def publish(publication: str) -> bool:
            return await self._publish(publication)

        workflow = DBOS.workflow(name="publish", max_recovery_attempts=DEAD_AFTER)(publish)
        DBOS.launch()
        await DBOS.register_queue_async(
            QUEUE, partition_concurrency=1, polling_interval_sec=POLL_SECONDS
        )
        return workflow

    async def _publish(self, publication: str) -> bool:
        """Run the workflow, one recorded step after another, and return whether it published."""
        from dbos import DBOS

        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        found: dict[str, str] = {}
        for step in STEPS:
            more = await DBOS.run_step_async(
                {"name": step.value, "preemptible": True},
                self._steps.perform,
                publication,
                step.value,
                dict(found),
            )
            if more is None:
                return False
            found |= more
        return True
