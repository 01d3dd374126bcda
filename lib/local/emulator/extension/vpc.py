"""The address range of a VPC as an attribute."""

VPC = "AWS::EC2::VPC"


def guarded_vpc(base: dict) -> dict:
    def create(logical_id, properties, stack):
        physical_id, attributes = base["create"](logical_id, properties, stack)
        return physical_id, {**attributes, "CidrBlock": properties.get("CidrBlock")}

    def update(physical_id, old, new, stack, logical_id=None):
        physical_id, attributes = base["update"](physical_id, old, new, stack, logical_id)
        return physical_id, {**attributes, "CidrBlock": new.get("CidrBlock")}

    return {**base, "create": create, "update": update}
