"""The commands in the "containers" of the API server's stand-in: programs of this machine, over a WebSocket."""

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import termios
import threading
from collections import defaultdict
from contextlib import suppress

import simple_websocket

from quizapp.sandboxes.engine.terminal_mark import KILL_TERMINALS

OUTPUT, ERRORS, STATUS, SIZE, CLOSE = 1, 2, 3, 4, 255
READ_BYTES = 16 * 1024


class PodCommands:
    """Runs commands, each in a session of its own, and kills those of a Pod that goes."""

    def __init__(self) -> None:
        self._running: defaultdict[str, dict[int, str]] = defaultdict(dict)  # by Pod: process ids with their marks
        self.sizes: list[tuple[int, int]] = []

    def run(self, socket: simple_websocket.Server, pod: str, words: list[str], *, tty: bool) -> None:
        """Run a command to its end; what comes over the socket is its input, and its end is said in a status."""
        if KILL_TERMINALS in words:
            self._kill(pod, words[-1])
            words = ["true"]
        mark = next((word for word in words if word.startswith("SANDBOX_TERMINAL=")), "")
        ours, theirs = pty.openpty() if tty else (-1, subprocess.PIPE)
        try:
            process = subprocess.Popen(
                words, stdin=theirs, stdout=theirs, stderr=theirs if tty else subprocess.PIPE, start_new_session=True
            )
        except OSError as error:
            said = {"status": "Failure", "reason": "InternalError", "message": f"OCI runtime exec failed: {error}"}
            self._end(socket, said)
            return
        self._running[pod][process.pid] = mark
        if tty:
            os.close(theirs)
            outputs = {OUTPUT: ours}
            stdin = ours
        else:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stderr is not None
            outputs = {OUTPUT: process.stdout.fileno(), ERRORS: process.stderr.fileno()}
            stdin = process.stdin.fileno()
        readers = [
            threading.Thread(target=self._show, args=(socket, channel, file), daemon=True)
            for channel, file in outputs.items()
        ]
        threading.Thread(target=self._listen, args=(socket, process, stdin, tty), daemon=True).start()
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        code = process.wait()
        self._running[pod].pop(process.pid, None)
        cause = {"reason": "ExitCode", "message": str(code)}
        failed = {"status": "Failure", "reason": "NonZeroExitCode", "details": {"causes": [cause]}}
        self._end(socket, failed if code else {"status": "Success"})
        if tty:
            os.close(ours)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def end_all(self, pod: str) -> None:
        """Kill every command of the Pod."""
        self._kill(pod, "")

    def _kill(self, pod: str, mark: str) -> None:
        for pid, its in list(self._running[pod].items()):
            if its.startswith(mark):
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)

    @staticmethod
    def _show(socket: simple_websocket.Server, channel: int, file: int) -> None:
        with suppress(OSError, simple_websocket.ConnectionClosed):  # a terminal without processes is an error to read
            socket.send(bytes([channel]))  # each channel begins with an empty message
            while piece := os.read(file, READ_BYTES):
                socket.send(bytes([channel]) + piece)

    def _listen(
        self, socket: simple_websocket.Server, process: "subprocess.Popen[bytes]", stdin: int, tty: bool
    ) -> None:
        """Pass on what comes. The end of the connection does not end the command, as with a real one."""
        with suppress(OSError, simple_websocket.ConnectionClosed):
            while True:
                message = socket.receive()
                assert isinstance(message, bytes)
                match message[0]:
                    case 0:
                        left = message[1:]
                        while left:
                            left = left[os.write(stdin, left) :]
                    case 4:
                        said = json.loads(message[1:])
                        self.sizes.append((said["Height"], said["Width"]))
                        fcntl.ioctl(stdin, termios.TIOCSWINSZ, struct.pack("HHHH", said["Height"], said["Width"], 0, 0))
                    case 255 if not tty and process.stdin is not None:
                        process.stdin.close()

    @staticmethod
    def _end(socket: simple_websocket.Server, status: dict[str, object]) -> None:
        with suppress(OSError, simple_websocket.ConnectionClosed):
            socket.send(bytes([STATUS]) + json.dumps(status).encode())
            socket.close(1000)
