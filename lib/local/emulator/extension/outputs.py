"""Outputs of stacks, as far as this machine differs from AWS."""

import re

from ministack.services.cloudformation import stacks

_resolve = stacks._resolve_stack_outputs


def install() -> None:
    """A URL of this machine, or of VPC Lattice, is plain HTTP; a port behind the one of this machine is that of a listener on AWS."""

    def resolve(*args, **kwargs):
        outputs, exports = _resolve(*args, **kwargs)
        for output in outputs:
            value = re.sub(r"^https(?=://(127\.0\.0\.1:\d+(?!\d)|[^/]*\.vpc-lattice-svcs\.))", "http", output["OutputValue"])
            output["OutputValue"] = re.sub(r"^(http://127\.0\.0\.1:\d+):\d+", r"\1", value)
        return outputs, exports

    stacks._resolve_stack_outputs = resolve
