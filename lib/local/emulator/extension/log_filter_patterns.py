"""Filter patterns of CloudWatch Logs for events that are JSON. MiniStack takes them to match everything.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import json
import operator
import re
from collections.abc import Callable
from fnmatch import translate

from ministack.services import cloudwatch_logs

Event = dict | list | None
Test = Callable[[Event], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<sign>&&|\|\||!=|<=|>=|[=<>(){}])
    | (?P<selector>\$(?:\.[\w-]+|\['[^']*'\]|\[\d+\])+)
    | "(?P<quoted>(?:[^"\\]|\\.)*)"
    | (?P<word>[^\s"(){}=<>!&|]+))""",
    re.VERBOSE,
)
_STEP = re.compile(r"\.([\w-]+)|\['([^']*)'\]|\[(\d+)\]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}

ABSENT = object()
"""What a selector finds where there is nothing."""


def compile_pattern(pattern: str) -> Test:
    """
    :param pattern: in braces
    :raises ValueError: when it is none
    """
    parser = _Parser(pattern)
    test = parser.whole()
    return lambda event: event is not None and test(event)


def parse_event(message: str) -> Event:
    """The event of a line; None, if it is not JSON."""
    if not message.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(message)
    except ValueError:
        return None


def find(event: Event, selector: str):
    """What a selector such as ``$.request.status`` finds."""
    found = event
    for name, quoted, index in _STEP.findall(selector):
        if index:
            found = found[int(index)] if isinstance(found, list) and int(index) < len(found) else ABSENT
        else:
            found = found.get(name or quoted, ABSENT) if isinstance(found, dict) else ABSENT
    return found


class _Parser:
    def __init__(self, pattern: str):
        self._pattern = pattern.strip()
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(self._pattern):
            found = _TOKEN.match(self._pattern, at)
            if not found:
                raise self._wrong(self._pattern[at:])
            kind = str(found.lastgroup)
            self._tokens.append((kind, found[kind]))
            at = found.end()
        self._tokens.append(("end", "the end"))

    def whole(self) -> Test:
        self._take("{")
        test = self._either()
        self._take("}")
        if self._tokens[0][0] != "end":
            raise self._wrong(self._tokens[0][1])
        return test

    def _wrong(self, got: str) -> ValueError:
        return ValueError(f"Invalid metric filter pattern: got {got} in {self._pattern}, expected a test such as $.status >= 500")

    def _take(self, *words: str) -> str:
        _, word = self._tokens[0]
        if word not in words:
            raise self._wrong(word)
        self._tokens.pop(0)
        return word

    def _either(self) -> Test:
        tests = [self._both()]
        while self._tokens[0] == ("sign", "||"):
            self._tokens.pop(0)
            tests.append(self._both())
        return lambda event: any(test(event) for test in tests)

    def _both(self) -> Test:
        tests = [self._test()]
        while self._tokens[0] == ("sign", "&&"):
            self._tokens.pop(0)
            tests.append(self._test())
        return lambda event: all(test(event) for test in tests)

    def _test(self) -> Test:
        kind, word = self._tokens.pop(0)
        if (kind, word) == ("sign", "("):
            test = self._either()
            self._take(")")
            return test
        if kind != "selector":
            raise self._wrong(word)
        sign = self._take("=", "!=", *_COMPARISONS, "IS", "NOT")
        if sign == "NOT":
            self._take("EXISTS")
            return lambda event: find(event, word) is ABSENT
        if sign == "IS":
            value = {"NULL": None, "TRUE": True, "FALSE": False}[self._take("NULL", "TRUE", "FALSE")]
            return lambda event: find(event, word) is value
        return self._compared(word, sign)

    def _compared(self, selector: str, sign: str) -> Test:
        kind, word = self._tokens.pop(0)
        if kind not in ("quoted", "word"):
            raise self._wrong(word)
        if kind == "word" and _NUMBER.fullmatch(word):
            holds = _number_that(_COMPARISONS.get(sign, operator.eq), float(word))
        elif sign in _COMPARISONS:
            raise self._wrong(word)
        else:
            holds = _text_like(word)
        if sign == "!=":
            # What is not there is not different.
            return lambda event: (value := find(event, selector)) is not ABSENT and not holds(value)
        return lambda event: holds(find(event, selector))


def _number_that(compare: Callable, number: float) -> Callable[[object], bool]:
    return lambda value: isinstance(value, (int, float)) and not isinstance(value, bool) and compare(value, number)


def _text_like(pattern: str) -> Callable[[object], bool]:
    # Of the wildcards of file names only the asterisk is one here.
    text = re.compile(translate(pattern.replace("[", "[[]").replace("?", "[?]")))
    return lambda value: isinstance(value, str) and bool(text.match(value))


def install() -> None:
    compile_terms = cloudwatch_logs._compile_filter_pattern

    def compile_any(pattern: str):
        if not (pattern or "").strip().startswith("{"):
            return compile_terms(pattern)
        test = compile_pattern(pattern)
        return lambda message: test(parse_event(message))

    cloudwatch_logs._compile_filter_pattern = compile_any
