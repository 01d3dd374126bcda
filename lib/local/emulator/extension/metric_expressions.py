"""The grammar of metric math: an expression as a tree.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# From the loosest to the tightest.
_LEVELS = (("OR", "||"), ("AND", "&&"), ("==", "!=", "<", ">", "<=", ">="), ("+", "-"), ("*", "/"))
_WORDS = {"OR", "AND"}

_LONGEST = 2048
"""Characters: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html"""

_DEEPEST = 50
"""Parts within each other. What takes them apart calls itself, and may do so only so often."""

_TOKEN = re.compile(
    r"""(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)
    | (?P<text>'[^']*'|"[^"]*")
    | (?P<name>[A-Za-z_]\w*)
    | (?P<sign>==|!=|<=|>=|&&|\|\||[-+*/^<>(),\[\]])""",
    re.VERBOSE,
)


class MathError(ValueError):
    """An expression that CloudWatch refuses."""

    def __init__(self, problem: str, expression: str, position: int):
        super().__init__(f"{problem}, at character {position + 1} of '{expression}'")


@dataclass(frozen=True)
class Node:
    kind: str
    """``number``, ``text``, ``name``, ``call``, ``array``, ``negative`` or ``operation``."""

    value: str
    """The number, text or name, or the operator."""

    position: int
    parts: tuple["Node", ...] = ()

    def all(self) -> Iterator["Node"]:
        yield self
        for part in self.parts:
            yield from part.all()


def parse(expression: str) -> Node:
    """:raises MathError: when it is no expression"""
    if len(expression) > _LONGEST:
        problem = f"got an expression of {len(expression)} characters, expected {_LONGEST} or fewer"
        raise MathError(problem, f"{expression[:20]}...", _LONGEST)
    return _Parser(expression).whole()


class _Parser:
    def __init__(self, expression: str):
        self._expression = expression
        self._tokens = list(self._split())
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._operation(0)
        if self._kind != "end":
            raise self._unexpected("an operator")
        return node

    def _split(self) -> Iterator[tuple[str, str, int]]:
        at, end = 0, len(self._expression)
        while at < end:
            if self._expression[at].isspace():
                at += 1
                continue
            found = _TOKEN.match(self._expression, at)
            if not found:
                raise MathError(f"got {self._expression[at]}, expected an expression", self._expression, at)
            yield "sign" if found[0] in _WORDS else str(found.lastgroup), found[0], at
            at = found.end()
        yield "end", "the end", end

    @property
    def _kind(self) -> str:
        return self._tokens[self._next][0]

    @property
    def _word(self) -> str:
        return self._tokens[self._next][1]

    @property
    def _position(self) -> int:
        return self._tokens[self._next][2]

    def _is(self, *signs: str) -> bool:
        return self._kind == "sign" and self._word in signs

    def _take(self, sign: str) -> None:
        if not self._is(sign):
            raise self._unexpected(sign)
        self._next += 1

    def _unexpected(self, expected: str) -> MathError:
        return MathError(f"got {self._word}, expected {expected}", self._expression, self._position)

    def _operation(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._nested()
        left = self._operation(level + 1)
        while self._is(*_LEVELS[level]):
            _, operator, position = self._tokens[self._next]
            self._next += 1
            left = Node("operation", operator, position, (left, self._operation(level + 1)))
        return left

    def _nested(self) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            problem = f"got more than {_DEEPEST} parts within each other, expected fewer"
            raise MathError(problem, self._expression, self._position)
        node = self._negative()
        self._depth -= 1
        return node

    def _negative(self) -> Node:
        if not self._is("-"):
            return self._power()
        position = self._position
        self._next += 1
        return Node("negative", "-", position, (self._nested(),))

    def _power(self) -> Node:
        base, position = self._operand(), self._position
        if not self._is("^"):
            return base
        self._next += 1
        return Node("operation", "^", position, (base, self._nested()))

    def _operand(self) -> Node:
        kind, word, position = self._tokens[self._next]
        if self._is("("):
            self._next += 1
            node = self._operation(0)
            self._take(")")
            return node
        if self._is("["):
            return Node("array", word, position, self._list("[", "]"))
        if kind not in ("number", "text", "name"):
            raise self._unexpected("a metric, a number or a function")
        self._next += 1
        if kind == "name" and self._is("("):
            return Node("call", word, position, self._list("(", ")"))
        return Node(kind, word[1:-1] if kind == "text" else word, position)

    def _list(self, opening: str, closing: str) -> tuple[Node, ...]:
        self._take(opening)
        nodes = []
        while not self._is(closing):
            if nodes:
                self._take(",")
            nodes.append(self._operation(0))
        self._take(closing)
        return tuple(nodes)
