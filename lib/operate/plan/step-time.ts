import type { StackTemplate } from '../template/stack-template';

/** How long a change of weights needs until everybody follows it, in seconds, as the stack tells. */
export function settleSecondsOf({ Outputs: outputs = {} }: StackTemplate): number {
  const seconds = Number(outputs.SettleSeconds?.Value);
  return Number.isFinite(seconds) ? seconds : 0;
}

/** How long a target that leaves may end what it began, in seconds; 0 where the plane does not tell. */
export function deregistrationSecondsOf({ Resources: resources = {} }: StackTemplate, target: string | undefined): number {
  const attributes = (resources[target ?? '']?.Properties?.TargetGroupAttributes ?? []) as readonly {
    Key?: unknown;
    Value?: unknown;
  }[];
  const delay = attributes.find(({ Key }) => Key === 'deregistration_delay.timeout_seconds');
  return Number(delay?.Value ?? 0);
}
