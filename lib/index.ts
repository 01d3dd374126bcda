/**
 * Blue/green and canary releases for Amazon ECS on Fargate, as constructs.
 *
 * `BlueGreenService` on a `LoadBalancerPlane`, a `ListenerPlane`, a `LatticePlane` or an `AppMeshPlane` is what most stacks want. `readSettings` and
 * `BlueGreenStack` bring the flags and the whole app along; `serviceProps` and `trafficPlaneOf` feed a service in a stack of one's own
 * from the same flags.
 *
 * @packageDocumentation
 */

export { type GuardedState, ReleaseGuard, type ReleaseGuardProps } from './guard/release-guard';
export type { HealthCheckNumbers, IngressName, NamedPlane, PlaneLimits, PlaneName, StopTimeout } from './release/plane-limits';
export { ingressNames, planeLimits, planeNames } from './release/plane-limits';
export type { ReleaseDirection, ReleaseState, ReleaseStep, SlotState } from './release/release';
export { canary, oldSlot, release, rollback, wayOut } from './release/release';
export type { SlotName } from './release/slots';
export { slotNames } from './release/slots';
export { UserError } from './release/user-error';
export type { AlarmTopicProps } from './service/alarm-topic';
export { BlueGreenService } from './service/blue-green-service';
export type { BlueGreenServiceProps, BlueGreenSlotProps, HealthCheckOptions } from './service/blue-green-service-props';
export { EmptySlotAlarm, type EmptySlotAlarmProps } from './service/empty-slot-alarm';
export { ErrorAlarm, type ErrorAlarmProps } from './service/error-alarm';
export { NamedImage } from './service/named-image';
export { NamedSecret } from './service/named-secret';
export { ReleaseDashboard, type ReleaseDashboardProps } from './service/release-dashboard';
export { ServiceAlarm, type ServiceAlarmProps } from './service/service-alarm';
export { Slot, type SlotProps, type SlotTaskProps } from './service/slot';
export { SlotDashboard, type SlotDashboardProps } from './service/slot-dashboard';
export type { SlotScaling } from './service/slot-scaling';
export type { Version } from './service/version';
export type { VersionProps } from './service/version-props';
export { type Context, readContextFiles } from './settings/context';
export { flagsOf } from './settings/flags';
export { type ReadSettingsOptions, readSettings } from './settings/read-settings';
export type { AppSettings, PerSlotSettings, ScalingSettings, Settings, SlotSettings, VersionSettings } from './settings/settings';
export { SettingsError } from './settings/settings-error';
export { BlueGreenStack, type BlueGreenStackProps } from './stack/blue-green-stack';
export { serviceProps } from './stack/service-props';
export { stackNameOf } from './stack/stack-name';
export { trafficPlaneOf } from './stack/traffic-plane-of';
export { AppMeshGateway, type AppMeshGatewayOptions, type AppMeshGatewayProps } from './traffic/app-mesh-gateway';
export { AppMeshPlane, type AppMeshPlaneProps } from './traffic/app-mesh-plane';
export { type LatticeAuthType, LatticePlane, type LatticePlaneProps, type LatticeProtocol } from './traffic/lattice-plane';
export { ListenerPlane, type ListenerPlaneProps } from './traffic/listener-plane';
export { type AccessLogs, LoadBalancerPlane, type LoadBalancerPlaneProps } from './traffic/load-balancer-plane';
export type { SidecarOverride, SidecarProps } from './traffic/sidecar';
export type {
  AliasTarget,
  RequestTarget,
  RoutedApp,
  RoutedSlot,
  ServiceMetrics,
  ServiceTraffic,
  SidecarResources,
  SlotMetrics,
  SlotTraffic,
  TrafficPlane,
} from './traffic/traffic-plane';
