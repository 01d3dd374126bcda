"""The prefix lists of AWS's own, as Cloud Control lists them: by that the CDK looks one up."""

import json

from ministack.core.responses import json_response
from ministack.services import cloudcontrol, ec2

PREFIX_LIST = "AWS::EC2::PrefixList"


def install() -> None:
    list_resources = cloudcontrol._list_resources

    def listed(data):
        return _lists() if data.get("TypeName") == PREFIX_LIST else list_resources(data)

    cloudcontrol._list_resources = listed


def _lists():
    descriptions = [
        {
            "Identifier": each["PrefixListId"],
            "Properties": json.dumps(
                {name: each[name] for name in ("PrefixListId", "PrefixListName", "AddressFamily", "MaxEntries", "OwnerId")}
            ),
        }
        for each in ec2._get_aws_managed_prefix_lists()
    ]
    return json_response({"TypeName": PREFIX_LIST, "ResourceDescriptions": descriptions})
