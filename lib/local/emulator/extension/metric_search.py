"""Search expressions: which metrics there are with some dimensions and names.

Of their grammar here is what one dashboard of this app needs: a namespace with dimensions, and what some of them are.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
"""

import re

from ministack.services import cloudwatch

_SEARCH = re.compile(r"\s*\{\s*(?P<schema>[^{}]+?)\s*\}\s*(?P<terms>.*)", re.DOTALL)
_TERM = re.compile(r"(?:AND\s+)?(?P<name>\w+)\s*=\s*(?:\"(?P<exact>[^\"]*)\"|(?P<part>[^\s\"]+))\s*")


def metrics_found(search: str) -> list[dict]:
    """The metrics that a search finds, in the order of their dimensions' values.

    :raises ValueError: when it is no search, or one of a kind that is not known here
    """
    found = _SEARCH.fullmatch(search)
    if not found:
        raise ValueError(f"search: got {search}, expected a namespace and dimensions in braces, then terms")
    namespace, *dimensions = [name.strip().strip('"') for name in found["schema"].split(",")]
    terms = _terms(found["terms"])
    metrics = []
    for of_namespace, name, _ in sorted(cloudwatch._metrics.keys()):
        points = cloudwatch._metrics.get((of_namespace, name, _)) or [{"Dimensions": {}}]
        known = points[0]["Dimensions"]
        if of_namespace == namespace and set(known) == set(dimensions) and _meets({**known, "MetricName": name}, terms):
            pairs = [{"Name": key, "Value": value} for key, value in known.items()]
            metrics.append({"Namespace": namespace, "MetricName": name, "Dimensions": pairs})
    return metrics


def _terms(text: str) -> list[re.Match]:
    terms, at = [], 0
    while at < len(text):
        term = _TERM.match(text, at)
        if not term:
            raise ValueError(f'search: got {text[at:]}, expected terms such as MetricName="RequestCount"')
        terms.append(term)
        at = term.end()
    return terms


def _meets(properties: dict[str, str], terms: list[re.Match]) -> bool:
    for term in terms:
        value = properties.get(term["name"], "")
        holds = value == term["exact"] if term["exact"] is not None else term["part"].lower() in value.lower()
        if not holds:
            return False
    return True
