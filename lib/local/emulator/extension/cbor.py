"""CBOR, which the AWS command line speaks to CloudWatch. MiniStack has it from ``cbor2``, and answers nonsense without: this has its name there.

https://www.rfc-editor.org/rfc/rfc8949.html
"""

import struct
import sys
from dataclasses import dataclass

from botocore.parsers import BaseCBORParser


@dataclass(frozen=True)
class CBORTag:
    tag: int
    value: object


def loads(data: bytes):
    parser = BaseCBORParser()
    return parser.parse_data_item(parser.get_peekable_stream_from_bytes(data))


def dumps(value) -> bytes:
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        text = value.encode()
        return _head(3, len(text)) + text
    if isinstance(value, (list, tuple)):
        return _head(4, len(value)) + b"".join(map(dumps, value))
    if isinstance(value, dict):
        return _head(5, len(value)) + b"".join(dumps(key) + dumps(one) for key, one in value.items())
    if isinstance(value, CBORTag):
        return _head(6, value.tag) + dumps(value.value)
    raise TypeError(f"CBOR: got a {type(value).__name__}, expected what JSON has, bytes or a tag")


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    more, form = next((more, form) for more, form, most in _FORMS if number <= most)
    return bytes([kind << 5 | more]) + struct.pack(form, number)


_FORMS = ((24, ">B", 0xFF), (25, ">H", 0xFFFF), (26, ">I", 0xFFFFFFFF), (27, ">Q", 0xFFFFFFFFFFFFFFFF))


def install() -> None:
    sys.modules.setdefault("cbor2", sys.modules[__name__])
