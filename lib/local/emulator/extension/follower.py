"""Whoever follows what CloudFormation makes: it is told of every change, and says what the API is to answer of services and targets.

A change goes out over a pipe of its own, one JSON object in a line, and the handler that made it waits for the answer with its number:

    {"change": 7, "verb": "update", "resource": {...}}
    {"answer": 7, "problem": "..."}

It is told of a task that somebody stops by the API too, of events of stacks and of alarms, and nobody waits for that:

    {"stop": {"task": "0123456789abcdef", "reason": "..."}}
    {"stackEvent": {...}}
    {"alarm": {"name": "...", "state": "ALARM", ...}}

Answers come in over standard input, and between them states, as ``follower.ts`` has them. Standard input is the leash too: when it ends,
nobody follows any more, and whoever waits goes on with a refusal.
"""

import json
import os
import sys
import threading
import traceback
from collections.abc import Callable
from itertools import count
from queue import SimpleQueue

from .refusal import Refusal


class GivenUp(Refusal):
    """Nobody wants to know any more what comes of a change; whoever follows is still at it."""

    def __init__(self, why: str):
        super().__init__("GeneralServiceException", why)


class _Waiting:
    def __init__(self, given_up_with: str | None = None):
        self.given_up_with = given_up_with
        self.answered = threading.Event()
        self.answer: dict = {}

    def go_on(self, answer: dict) -> None:
        self.answer = answer
        self.answered.set()


class _Told(_Waiting):
    def __init__(self, answered: Callable[[dict], None]):
        super().__init__()
        self._answered = answered

    def go_on(self, answer: dict) -> None:
        self._answered(answer)


class Follower:
    def __init__(self):
        self._lines: SimpleQueue[str] | None = None
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._waiting: dict[int, _Waiting] = {}
        self._left = False

    @property
    def is_there(self) -> bool:
        return self._lines is not None

    def attach(self, descriptor: int) -> None:
        """:param descriptor: where changes are written"""
        self._lines = SimpleQueue()
        pipe = os.fdopen(descriptor, "w", encoding="utf-8")
        # A thread of its own: who tells something on the event loop must not wait until it is read.
        threading.Thread(target=self._write_lines, args=(pipe, self._lines), daemon=True).start()

    def ask(
        self, verb: str, resource: dict, secrets: dict | None = None, why_not_wait: Callable[[str], str | None] | None = None
    ) -> dict:
        """Tells of a change and waits for what came of it.

        :param why_not_wait: says whether nobody wants to wait for the stack any more; without it, the waiting is not given up
        :raises Refusal: with the words of the follower when it could not follow
        :raises GivenUp: when the waiting was given up
        """
        stack = resource["stack"]
        waiting = _Waiting(stack if why_not_wait else None)
        self._write(verb, resource, secrets, waiting)
        if why_not_wait and why_not_wait(stack):
            self.give_up(stack, why_not_wait(stack))
        waiting.answered.wait()
        if "given up" in waiting.answer:
            raise GivenUp(waiting.answer["given up"])
        if waiting.answer.get("problem"):
            raise Refusal("GeneralServiceException", waiting.answer["problem"])
        return waiting.answer

    def tell(self, verb: str, resource: dict, secrets: dict | None = None, answered: Callable[[dict], None] | None = None) -> None:
        """Tells of a change, and does not wait.

        :param answered: told of the answer
        """
        self._write(verb, resource, secrets, _Told(answered) if answered else None)

    def give_up(self, stack: str, why: str) -> None:
        """Ends the waiting for services of a stack."""
        with self._lock:
            waiting = {number: one for number, one in self._waiting.items() if one.given_up_with == stack}
            for number, one in waiting.items():
                del self._waiting[number]
                one.go_on({"given up": why})

    def stop_task(self, task: str, reason: str) -> None:
        with self._lock:
            if self._left:
                raise _nobody()
            self._write_line({"stop": {"task": task, "reason": reason}})

    def announce(self, news: dict) -> None:
        """Tells what nobody waits for, and never fails: nothing is told when nobody follows."""
        with self._lock:
            if self.is_there and not self._left:
                self._write_line(news)

    def listen(self, states: dict) -> None:
        """Reads standard input until it ends.

        :param states: what takes the states, by the name under which they come
        """
        try:
            for line in sys.stdin.buffer:
                self._take(json.loads(line), states)
        finally:
            self._leave()

    def _write(self, verb: str, resource: dict, secrets: dict | None, waiting: _Waiting | None) -> None:
        with self._lock:
            if self._left:
                raise _nobody()
            number = next(self._numbers)
            if waiting:
                self._waiting[number] = waiting
            self._write_line({"change": number, "verb": verb, "resource": resource, **({"secrets": secrets} if secrets else {})})

    def _write_line(self, message: dict) -> None:
        self._lines.put(json.dumps(message, default=str) + "\n")

    def _write_lines(self, pipe, lines: SimpleQueue) -> None:
        try:
            while True:
                pipe.write(lines.get())
                pipe.flush()
        except OSError:
            self._leave()

    def _take(self, message: dict, states: dict) -> None:
        if "answer" in message:
            waiting = self._waiting.pop(message["answer"], None)
            if waiting:
                _safely(waiting.go_on, message)
        for name, take in states.items():
            if name in message:
                _safely(take, message[name])

    def _leave(self) -> None:
        with self._lock:
            self._left = True
            waiting = list(self._waiting.values())
            self._waiting.clear()
        for one in waiting:
            _safely(one.go_on, {"problem": str(_nobody())})


def _safely(take, message) -> None:
    # The leash must go on being read, and the answers of others with it.
    try:
        take(message)
    except Exception:
        traceback.print_exc()


def _nobody() -> Refusal:
    return Refusal("ServiceInternalError", "nobody follows the emulator any more")


follower = Follower()
