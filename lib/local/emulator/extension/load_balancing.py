"""Weights in the rules and listeners of an Application Load Balancer, and what it refuses.

MiniStack keeps only the first target group of a weighted forward action.
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ForwardActionConfig.html
"""

from uuid import uuid4

from ministack.services import alb, ec2
from ministack.services.cloudformation import provisioners

from . import access_logs, domain_names, health_checks
from .refusal import Refusal, invalid, not_found
from .weights import check_weights, whole

LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
RULE = "AWS::ElasticLoadBalancingV2::ListenerRule"
TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"
LOAD_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"

# So that a change set says of a listener and a rule what AWS says.
CREATE_ONLY = {LISTENER: ("LoadBalancerArn",), RULE: ("ListenerArn",)}

_LONGEST_NAME = 32

# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
_MOST_CONDITION_VALUES = 5


def _forward_targets(action: dict) -> list[dict]:
    """The weighted target groups of an action of a template or of the store; one group alone has weight 1."""
    targets = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
    if targets:
        return targets
    return [{"TargetGroupArn": action["TargetGroupArn"], "Weight": 1}] if action.get("TargetGroupArn") else []


def users_of(target_group: str) -> list[dict]:
    """The rules, default ones too, that send requests to a target group."""
    return [
        rule
        for rule in alb._rules.values()
        if any(target["TargetGroupArn"] == target_group for action in rule["Actions"] for target in _forward_targets(action))
    ]


def _check_actions(actions: list[dict], load_balancer: str, where: str) -> None:
    for action in actions:
        targets = _forward_targets(action)
        if action.get("Type") != "forward":
            continue
        check_weights(
            [whole(target.get("Weight", 1)) for target in targets], where=where, most_targets=5, highest=999
        )
        for target in targets:
            group = alb._tgs.get(target["TargetGroupArn"])
            if group is None:
                raise not_found(f"target group {target['TargetGroupArn']}")
            others = [arn for arn in group["LoadBalancerArns"] if arn != load_balancer]
            if others:
                message = f"The following target groups cannot be associated with more than one load balancer: {group['TargetGroupArn']}"
                raise Refusal("ServiceLimitExceeded", message, "TargetGroupAssociationLimit")


def _attach() -> None:
    """Writes down at each target group which load balancers reach it."""
    for arn, group in alb._tgs.items():
        group["LoadBalancerArns"] = sorted(
            {alb._listeners[rule["ListenerArn"]]["LoadBalancerArn"] for rule in users_of(arn)}
        )


def _keep_forward_configs() -> None:
    parse = provisioners._elbv2_listener_actions
    render = alb._action_xml

    def actions_with_weights(properties, load_balancer, prop="DefaultActions"):
        actions = parse(properties, load_balancer, prop)
        for action, given in zip(actions, properties.get(prop) or []):
            if given.get("ForwardConfig"):
                action["ForwardConfig"] = given["ForwardConfig"]
        return actions

    def xml_with_weights(action):
        config = action.get("ForwardConfig")
        if not config:
            return render(action)
        members = "".join(
            f"<member><TargetGroupArn>{target['TargetGroupArn']}</TargetGroupArn><Weight>{target.get('Weight', 1)}</Weight></member>"
            for target in config["TargetGroups"]
        )
        # A weighted action of several groups has no TargetGroupArn of its own.
        single = action if len(config["TargetGroups"]) == 1 else {k: v for k, v in action.items() if k != "TargetGroupArn"}
        forward = f"<ForwardConfig><TargetGroups>{members}</TargetGroups></ForwardConfig>"
        return render(single).removesuffix("</member>") + forward + "</member>"

    provisioners._elbv2_listener_actions = actions_with_weights
    alb._action_xml = xml_with_weights


def guarded_listener(base: dict) -> dict:
    def check(properties, own_arn=None):
        where = f"listener on port {properties.get('Port')}"
        _check_actions(properties.get("DefaultActions") or [], properties["LoadBalancerArn"], where)
        _check_certificates(properties, where)
        for listener in alb._listeners.values():
            if (
                listener["ListenerArn"] != own_arn
                and listener["LoadBalancerArn"] == properties["LoadBalancerArn"]
                and listener["Port"] == int(properties.get("Port", 80))
            ):
                message = f"A listener already exists on this port for this load balancer '{listener['LoadBalancerArn']}'"
                raise Refusal("AlreadyExists", message, "DuplicateListener")

    return _attaching(base, check)


def _check_certificates(properties: dict, where: str) -> None:
    certificates = properties.get("Certificates") or []
    if properties.get("Protocol") == "HTTPS" and not certificates:
        raise invalid(f"{where}: A certificate must be specified for HTTPS listeners", "ValidationError")
    for certificate in certificates:
        domain_names.certificate_of(certificate["CertificateArn"])


def _values_of(condition: dict) -> list:
    # As it stands in a template: beside the field its values, or one object that holds them.
    configs = [config for key, config in condition.items() if key.endswith("Config")]
    return [*(condition.get("Values") or []), *(value for config in configs for value in config.get("Values") or [])]


# Of each rule, by its ARN, as they stood in the template: what MiniStack keeps has another form.
_rule_properties: dict[str, dict] = {}


def properties_of_rule(arn: str) -> dict:
    return _rule_properties[arn]


def guarded_rule(base: dict) -> dict:
    def create(logical_id, properties, stack):
        arn, attributes = base["create"](logical_id, properties, stack)
        _rule_properties[arn] = properties
        return arn, attributes

    def update(physical_id, old, new, stack, logical_id=None):
        arn, attributes = base["update"](physical_id, old, new, stack, logical_id)
        _rule_properties[arn] = new
        return arn, attributes

    def delete(physical_id, properties):
        base["delete"](physical_id, properties)
        _rule_properties.pop(physical_id, None)

    def check(properties, own_arn=None):
        listener = alb._listeners.get(properties.get("ListenerArn"))
        if listener is None:
            raise not_found(f"listener {properties.get('ListenerArn')}")
        priority = whole(properties.get("Priority"))
        where = f"rule with priority {priority}"
        if not isinstance(priority, int) or not 1 <= priority <= 50000:
            raise invalid(f"{where}: expected a priority from 1 to 50000")
        if not properties.get("Conditions"):
            raise invalid(f"{where}: got no condition, expected at least one")
        values = sum(len(_values_of(condition)) for condition in properties["Conditions"])
        if values > _MOST_CONDITION_VALUES:
            raise invalid(f"{where}: got {values} condition values, a rule can have up to '{_MOST_CONDITION_VALUES}'", "TooManyConditionValues")
        _check_actions(properties.get("Actions") or [], listener["LoadBalancerArn"], where)
        for rule in alb._rules.values():
            same = rule["ListenerArn"] == properties["ListenerArn"] and rule["Priority"] == str(priority)
            if same and rule["RuleArn"] != own_arn:
                raise Refusal("AlreadyExists", f"Priority '{priority}' is currently in use", "PriorityInUse")

    return _attaching({**base, "create": create, "update": update, "delete": delete}, check)


def _attaching(base: dict, check) -> dict:
    def create(logical_id, properties, stack):
        check(properties)
        created = base["create"](logical_id, properties, stack)
        _attach()
        return created

    def update(physical_id, old, new, stack, logical_id=None):
        check(new, physical_id)
        updated = base["update"](physical_id, old, new, stack, logical_id)
        _attach()
        return updated

    def delete(physical_id, properties):
        base["delete"](physical_id, properties)
        _attach()

    return {**base, "create": create, "update": update, "delete": delete}


def guarded_target_group(base: dict) -> dict:
    def with_full_name(result):
        # MiniStack leaves out how it begins: targetgroup/NAME/ID.
        arn, attributes = result
        return arn, {**attributes, "TargetGroupFullName": arn.rsplit(":", 1)[-1]}

    def create(logical_id, properties, stack):
        _check_name("Target group", properties.get("Name"), [group["TargetGroupName"] for group in alb._tgs.values()], "DuplicateTargetGroupName")
        health_checks.check_target_group(properties)
        return with_full_name(base["create"](logical_id, properties, stack))

    def update(physical_id, old, new, stack, logical_id=None):
        health_checks.check_target_group(new)
        return with_full_name(base["update"](physical_id, old, new, stack, logical_id))

    def delete(physical_id, properties):
        if users_of(physical_id):
            message = f"Target group '{physical_id}' is currently in use by a listener or a rule"
            raise Refusal("ResourceConflict", message, "ResourceInUse")
        base["delete"](physical_id, properties)

    return {**base, "create": create, "update": update, "delete": delete}


def guarded_load_balancer(base: dict) -> dict:
    def create(logical_id, properties, stack):
        _check_name("Load balancer", properties.get("Name"), [balancer["LoadBalancerName"] for balancer in alb._lbs.values()], "DuplicateLoadBalancerName")
        access_logs.check(properties.get("LoadBalancerAttributes"))
        created = base["create"](logical_id, properties, stack)
        # MiniStack has every load balancer in its default VPC.
        for subnet in properties.get("Subnets") or []:
            if subnet in ec2._subnets:
                alb._lbs[created[0]]["VpcId"] = ec2._subnets[subnet]["VpcId"]
        return created

    def update(physical_id, old, new, stack, logical_id=None):
        access_logs.check(new.get("LoadBalancerAttributes"))
        return base["update"](physical_id, old, new, stack, logical_id)

    def delete(physical_id, properties):
        if {"Key": "deletion_protection.enabled", "Value": "true"} in alb._lb_attrs.get(physical_id, []):
            message = f"Load balancer '{physical_id}' cannot be deleted because deletion protection is enabled"
            raise Refusal("InvalidRequest", message, "OperationNotPermitted")
        base["delete"](physical_id, properties)
        _attach()

    return {**base, "create": create, "update": update, "delete": delete}


def give_address(physical_id: str, address: str) -> dict:
    """Has a load balancer answer under an address, and gives the attribute that says so."""
    alb._lbs[physical_id]["DNSName"] = address
    return {"DNSName": address}


def _check_name(what: str, name: str | None, taken: list[str], code: str) -> None:
    if name and len(name) > _LONGEST_NAME:
        raise invalid(f"{what} name '{name}' cannot be longer than '{_LONGEST_NAME}' characters", "ValidationError")
    if name in taken:
        message = f"A {what.lower()} with the same name '{name}' exists, but with different settings"
        raise Refusal("AlreadyExists", message, code)


def install() -> None:
    _keep_forward_configs()
    # As in every ARN of AWS, by which somebody may tell that it is one: MiniStack takes other letters, too.
    alb._short_id = lambda: uuid4().hex[:16]
