"""Puts the extension into MiniStack's table, and has every handler of the table write into the journal."""

from ministack.services.cloudformation import provisioners, stacks

from . import (
    alarm_evaluation,
    alarm_history,
    alarm_news,
    alarms,
    app_mesh,
    application_auto_scaling,
    busy_stacks,
    by_hand,
    cbor,
    custom_resources,
    domain_names,
    drift,
    ecs,
    ecs_requests,
    followed,
    giving_up,
    load_balancing,
    log_filter_patterns,
    log_groups,
    measured_minutes,
    metric_data,
    metric_filters,
    metric_store,
    order,
    outputs,
    parameters,
    prefix_lists,
    refused_data,
    replacement,
    resource_events,
    rollback_configuration,
    rollback_triggers,
    security_groups,
    service_roles,
    service_states,
    stack_events,
    taken_names,
    target_states,
    task_definitions,
    vpc,
    vpc_lattice,
)
from .follower import follower
from .journal import journal
from .refusal import Refusal
from .tags import check_tags

_GUARDED = {
    vpc.VPC: vpc.guarded_vpc,
    security_groups.GROUP: security_groups.guarded_group,
    load_balancing.LISTENER: load_balancing.guarded_listener,
    load_balancing.RULE: load_balancing.guarded_rule,
    load_balancing.LOAD_BALANCER: load_balancing.guarded_load_balancer,
    load_balancing.TARGET_GROUP: load_balancing.guarded_target_group,
    domain_names.CERTIFICATE: domain_names.guarded_certificate,
    domain_names.RECORD: domain_names.guarded_record,
    ecs.SERVICE: ecs.guarded_service,
    ecs.TASK_DEFINITION: ecs.guarded_task_definition,
    ecs.CLUSTER: ecs.guarded_cluster,
    ecs.CLOUD_MAP_SERVICE: ecs.guarded_cloud_map_service,
    log_groups.LOG_GROUP: log_groups.guarded_log_group,
}


def install() -> None:
    # Before others are put around what it changes.
    resource_events.install()
    table = provisioners._RESOURCE_HANDLERS
    for resource_type, guarded in _GUARDED.items():
        table[resource_type] = guarded(table[resource_type])
    taken_names.install(table)
    for module in (app_mesh, application_auto_scaling, vpc_lattice, security_groups, ecs):
        table.update(module.HANDLERS)
    for module in (alarms, app_mesh, application_auto_scaling, domain_names, vpc_lattice, security_groups, load_balancing, ecs):
        provisioners._REPLACING_PROPERTIES.update(module.CREATE_ONLY)
    replacement.install()
    if follower.is_there:
        for module in (service_states, target_states, ecs_requests, measured_minutes, stack_events):
            module.install()
        for resource_type in followed.TYPES:
            table[resource_type] = followed.followed(resource_type, table[resource_type])
    by_hand.install(table)
    for resource_type in table:
        table[resource_type] = _written_down(resource_type, table[resource_type])
    table[alarm_news.ALARM] = alarms.told(table[alarm_news.ALARM])
    custom_resources.install(_written_down)
    for module in (cbor, metric_store, metric_data, refused_data, alarms, alarm_evaluation, alarm_history):
        module.install()
    for module in (log_filter_patterns, metric_filters):
        module.install()
    load_balancing.install()
    task_definitions.install()
    giving_up.install()
    rollback_configuration.install()
    rollback_triggers.install()
    drift.install()
    busy_stacks.install()
    service_roles.install()
    order.install()
    outputs.install()
    parameters.install()
    prefix_lists.install()
    _wait_off_the_event_loop()


def _wait_off_the_event_loop() -> None:
    on_worker_thread = stacks._runs_on_worker_thread
    waiting = {ecs.SERVICE, *(followed.TYPES if follower.is_there else ())}
    stacks._runs_on_worker_thread = lambda resource_type: resource_type in waiting or on_worker_thread(resource_type)


def _written_down(resource_type: str, handler: dict, within: str = "") -> dict:
    """The same handler, whose calls stand in the journal and which obeys the order to fail.

    :param within: where a physical id of this type is unique; everywhere, if empty
    """

    def run(verb, stack, logical_id, physical_id, properties, call):
        try:
            if resource_type != ecs.SERVICE:
                failing = journal.intervention("fail", verb, resource_type, logical_id, properties)
                if failing:
                    failing.met += 1
                    raise Refusal("InternalFailure", failing.reason)
            result = call()
        except Exception as problem:
            journal.add_event(verb, resource_type, stack, logical_id, physical_id, str(problem))
            raise
        return result

    def create(logical_id, properties, stack, *rest):
        def checked_create():
            check_tags(properties)
            return handler["create"](logical_id, properties, stack, *rest)

        physical_id, attributes = run("create", stack, logical_id, "", properties, checked_create)
        # A second resource under one logical id takes the place of the first.
        verb = "replace" if (stack, logical_id) in journal.live.values() else "create"
        journal.live[resource_type, physical_id, within] = (stack, logical_id)
        journal.add_event(verb, resource_type, stack, logical_id, physical_id)
        return physical_id, attributes

    def update(physical_id, old, new, stack, logical_id=None):
        _, known = journal.live.get((resource_type, physical_id, within), (stack, logical_id or ""))
        arguments = (physical_id, old, new, stack) + ((logical_id,) if handler.get("update_with_logical_id") else ())

        def checked_update():
            check_tags(new)
            return handler["update"](*arguments)

        result = run("update", stack, known, physical_id, new, checked_update)
        replaced = result[0] != physical_id
        if replaced:
            journal.live[resource_type, result[0], within] = (stack, known)
        journal.add_event("replace" if replaced else "update", resource_type, stack, known, result[0])
        return result

    def delete(physical_id, properties, *logical_id):
        stack, known = journal.live.get((resource_type, physical_id, within), ("", ""))
        run("delete", stack, known, physical_id, properties, lambda: handler["delete"](physical_id, properties, *logical_id))
        journal.live.pop((resource_type, physical_id, within), None)
        journal.add_event("delete", resource_type, stack, known, physical_id)

    # A type that MiniStack knows keeps the verbs that it has: without an update it is created anew, without a delete it stays.
    verbs = {"create": create, "update": update, "delete": delete}
    return {**handler, **{verb: function for verb, function in verbs.items() if verb in handler}}
