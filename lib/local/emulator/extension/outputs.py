"""Outputs of stacks, as far as this machine differs from AWS."""

import re

from ministack.services.cloudformation import stacks

_resolve = stacks._resolve_stack_outputs


def install() -> None:
    """What VPC Lattice answers by HTTPS, with a certificate that it makes itself, is plain HTTP here."""

    def resolve(*args, **kwargs):
        outputs, exports = _resolve(*args, **kwargs)
        for output in outputs:
            output["OutputValue"] = re.sub(r"^https(?=://[^/]*\.vpc-lattice-svcs\.)", "http", output["OutputValue"])
        return outputs, exports

    stacks._resolve_stack_outputs = resolve
