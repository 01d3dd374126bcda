"""The weights of a route, as each service checks them."""

from .refusal import invalid


def check_weights(weights, *, where: str, most_targets: int, highest: int, highest_sum: int | None = None):
    """Refuses weights that are not whole numbers from 0 to ``highest``, and a route that reaches nobody.

    That all weights may not be 0 is stricter than what AWS documents: it takes such a route, and then no request gets through.
    """
    if not 1 <= len(weights) <= most_targets:
        raise invalid(f"{where}: got {len(weights)} targets, expected 1 to {most_targets}")
    for weight in weights:
        if isinstance(weight, bool) or not isinstance(weight, int) or not 0 <= weight <= highest:
            raise invalid(f"{where}: got weight {weight!r}, expected a whole number from 0 to {highest}")
    total = sum(weights)
    if total == 0:
        raise invalid(f"{where}: got weights that sum to 0, expected at least 1")
    if highest_sum is not None and total > highest_sum:
        raise invalid(f"{where}: got weights that sum to {total}, expected at most {highest_sum}")


def whole(value):
    """A weight as a template carries it: CloudFormation takes numbers as text too."""
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value
