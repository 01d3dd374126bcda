"""Which task definitions there are.

MiniStack takes the name of a family for the beginning of one, and lists in the order in which they were registered.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html
"""

from ministack.core.responses import json_response
from ministack.services import ecs

_MOST_PER_PAGE = 100


def _list(data: dict):
    family = data.get("familyPrefix")
    status = data.get("status", "ACTIVE")
    found = [
        definition
        for definition in ecs._task_defs.values()
        if definition["status"] == status and family in (None, "", definition["family"])
    ]
    found.sort(key=lambda definition: (definition["family"], definition["revision"]), reverse=data.get("sort") == "DESC")
    start = int(data.get("nextToken") or 0)
    end = start + data.get("maxResults", _MOST_PER_PAGE)
    page = {"taskDefinitionArns": [definition["taskDefinitionArn"] for definition in found[start:end]]}
    return json_response({**page, "nextToken": str(end)} if end < len(found) else page)


def install() -> None:
    ecs._ACTION_MAP["ListTaskDefinitions"] = _list
