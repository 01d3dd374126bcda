"""Custom resources: a type with any name, and a function that creates, updates and deletes it.

MiniStack runs the function, in a Node process on this machine. Here custom resources are written into the journal and obey orders like
all others, a change set says that a changed property does not replace them, and one that is there keeps its function.
"""

from ministack.services.cloudformation import provisioners, stacks

from .refusal import invalid

_WITHOUT_A_NAME = "AWS::CloudFormation::CustomResource"


def is_custom(resource_type: str) -> bool:
    return resource_type.startswith("Custom::") or resource_type == _WITHOUT_A_NAME


def install(written_down) -> None:
    """:param written_down: makes of a type, its handler and the place where its ids are unique one that writes into the journal"""
    _write_down(written_down)
    _never_replaced()
    _keeps_its_function()


def _write_down(written_down) -> None:
    create, update, delete = (getattr(provisioners, f"_custom_resource_{verb}") for verb in ("create", "update", "delete"))

    def handler(resource_type, stack, logical_id):
        # A function may give the same physical id to every resource of its type.
        return written_down(
            resource_type,
            {
                "create": lambda *arguments: create(*arguments, resource_type),
                "update": lambda *arguments: update(*arguments, logical_id, resource_type),
                "delete": lambda *arguments: delete(*arguments, stack, logical_id, resource_type),
            },
            f"{stack}/{logical_id}",
        )

    def create_written_down(logical_id, properties, stack, resource_type=_WITHOUT_A_NAME):
        return handler(resource_type, stack, logical_id)["create"](logical_id, properties, stack)

    def update_written_down(physical_id, old, new, stack, logical_id=None, resource_type=_WITHOUT_A_NAME):
        return handler(resource_type, stack, logical_id)["update"](physical_id, old, new, stack, logical_id)

    def delete_written_down(physical_id, properties, stack_name=None, logical_id=None, resource_type=_WITHOUT_A_NAME):
        handler(resource_type, stack_name, logical_id)["delete"](physical_id, properties)

    # The names of custom types are not known before: instead of an entry in the table, they have these.
    provisioners._custom_resource_create = create_written_down
    provisioners._custom_resource_update = update_written_down
    provisioners._custom_resource_delete = delete_written_down
    provisioners._RESOURCE_HANDLERS[_WITHOUT_A_NAME] = {"create": create_written_down}


def _never_replaced() -> None:
    recreation = stacks._property_recreation

    def recreation_of_custom_types(resource_type, name):
        if is_custom(resource_type) and name != "ServiceToken":
            return "Never"
        return recreation(resource_type, name)

    stacks._property_recreation = recreation_of_custom_types


def _keeps_its_function() -> None:
    refusal = provisioners._custom_named_replacement_error

    def refusal_of_another_function(resource_type, old, new, physical_id=None):
        if is_custom(resource_type) and old.get("ServiceToken") != new.get("ServiceToken"):
            return str(invalid("Modifying service token is not allowed"))
        return refusal(resource_type, old, new, physical_id)

    # It is asked before the update, and by the update.
    stacks._custom_named_replacement_error = refusal_of_another_function
    provisioners._custom_named_replacement_error = refusal_of_another_function
