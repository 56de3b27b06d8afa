"""Warm kernels: each chapter gets a fresh process, forked from one that has imported the heavy libraries already.

A Jupyter kernel provisioner (the public hook of ``jupyter_client``) on top of the standard library's fork server. Where fork does
not exist, or ``UNIONSTATE_WARM=0`` asks for it, the same kernelspec starts ordinary kernels; outputs are the same.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import threading
from pathlib import Path

from jupyter_client.provisioning import LocalProvisioner

from unionstate.build.forked import possible, start

KERNELSPECS = Path(__file__).parent / "jupyter"


def kernel_name() -> str:
    """Make the book's kernelspec known to this process and those it starts; return its name."""
    known = os.environ.get("JUPYTER_PATH", "")
    if str(KERNELSPECS) not in known.split(os.pathsep):
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(KERNELSPECS), known]))
    return "unionstate"


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by forking the warm process; all else is as for a local kernel."""

    async def launch_kernel(self, cmd, **kwargs):
        if not possible():
            return await super().launch_kernel(cmd, **kwargs)
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        self.process = _Forked(arguments, kwargs["env"], kwargs.get("cwd") or os.getcwd())
        self.pid, self.pgid = self.process.pid, None
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel and wait for its end, a few milliseconds; who asks would look again only after a tenth of a second."""
        await super().kill(restart)
        while await self.poll() is None:
            await asyncio.sleep(0.002)


class _Forked:
    """A forked kernel with the part of ``subprocess.Popen`` that the local provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, arguments: list[str], environment: dict[str, str], folder: str):
        self._process = start(_kernel, arguments, environment, folder)
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int | None:
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


def _kernel(arguments: list[str], environment: dict[str, str], folder: str) -> None:
    """Be a kernel, in the forked process."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # Named so that the kernel knows it is not alone and keeps quiet on how to stop it.
    sys.argv = ["ipykernel_launcher", *arguments, f"--IPKernelApp.parent_handle={os.getppid()}"]
    sys.path[:] = ["", *(place for place in sys.path if place)]
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()


def _end_with_parent() -> None:
    """No kernel outlives the process that asked for it, however that ended. (Its parent by number, the fork server, waits for it.)"""
    multiprocessing.parent_process().join()
    os._exit(1)
