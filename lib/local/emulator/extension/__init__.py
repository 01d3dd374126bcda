"""What MiniStack lacks for the templates of this app.

MiniStack keeps a table of handlers, one per CloudFormation resource type: create, update, delete. This extension adds to it

- ``app_mesh``: AWS::AppMesh::*, with the reading half of its API;
- ``vpc_lattice``: AWS::VpcLattice::*, with the reading half of its API;
- ``replacement``: which change replaces a resource, and which of them is refused;
- ``load_balancing``: weights in the rules and listeners of an Application Load Balancer;
- ``ecs``: what a service says of its traffic, and the wait until it is stable;
- ``application_auto_scaling``: what scales the tasks of a service;
- ``alarms``: CloudWatch alarms on metric math, which ``alarm_evaluation`` evaluates at the end of a minute;
- ``metric_data``: the data of metrics, and what metric math makes of them;
- ``metric_filters``: metrics from log events;
- ``security_groups``: AWS::EC2::SecurityGroupIngress and SecurityGroupEgress;
- ``vpc``: the address range of a VPC as an attribute;
- ``parameters``: the parameters that an account answers;
- ``custom_resources``: custom resources of any type, whose functions MiniStack runs;
- ``by_hand``: weights that somebody changes with the API of a traffic plane;
- ``drift``: what is not as in the template any more, and change sets that have it be so again;
- ``service_roles``: the role with which CloudFormation works on a stack, as it says it;
- ``rollback_configuration``, ``rollback_triggers``: alarms that have CloudFormation go back, and the time for which it watches them;
- ``resource_events``: events of resources, and reasons of rollbacks, in CloudFormation's words;
- ``busy_stacks``: one change of a stack at a time;
- ``giving_up``: who does not wait for a service any more.

All of them refuse what AWS refuses: a deploy that goes through here has kept those rules. Nothing carries traffic here, and no
task runs; only the functions of custom resources do, in Node processes that stay on this machine.

``journal`` writes down what happened, in order, and ``order`` lets CloudFormation work in the order that is worst for this app, so
that what comes out right does so because of a dependency and not by luck. ``control`` serves the journal, and takes orders to let an
operation fail or wait.

``follower`` is the line to whoever follows what is made here, and carries traffic and tasks for it: handlers tell it of every change and
wait for its answer (``followed``, ``followed_services``), it hears of the events of stacks (``stack_events``) and of alarms, and the API says
of tasks and targets what it has said last (``service_states``, ``target_states``). It measures what a minute brings, too
(``measured_minutes``).

The names that are patched are private to MiniStack: ``requirements.txt`` pins one release.
"""
