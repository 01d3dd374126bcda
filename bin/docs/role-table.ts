import type { PlaneName } from '../../lib/release/plane-limits';
import { bothSlots, type PathedResource } from './step-templates';

/** The roles that the stack makes on every plane: who takes them on, what they may do, and on what. */
export function roleTable(): string {
  const rows = new Map<string, PlaneName[]>();
  for (const [plane, { resources }] of bothSlots()) {
    for (const row of new Set(roleRows(resources))) {
      rows.set(row, [...(rows.get(row) ?? []), plane]);
    }
  }
  return [
    '| role | taken on by | may | planes |',
    '|---|---|---|---|',
    ...[...rows].map(([row, planes]) => `${row} ${planes.map((plane) => `\`${plane}\``).join(', ')} |`),
  ].join('\n');
}

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };

  /** The roles that it belongs to, when it is a resource of its own. */
  readonly Roles?: readonly { readonly Ref: string }[];
}

interface Role {
  readonly AssumeRolePolicyDocument: { readonly Statement: readonly { readonly Principal: { readonly Service: string } }[] };
  readonly Policies?: readonly Policy[];
  readonly ManagedPolicyArns?: readonly unknown[];
}

function roleRows(resources: Readonly<Record<string, PathedResource>>): string[] {
  const all = Object.entries(resources);
  return all
    .filter(([, { type }]) => type === 'AWS::IAM::Role')
    .map(([id, { path, properties }]) => {
      const role = properties as unknown as Role;
      const policies = all
        .filter(([, { type }]) => type === 'AWS::IAM::Policy')
        .map(([, policy]) => policy.properties as unknown as Policy)
        .filter(({ Roles = [] }) => Roles.some(({ Ref }) => Ref === id));
      const grants = [...(role.Policies ?? []), ...policies]
        .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
        .map(
          ({ Action, Resource }) =>
            `${code([Action].flat())} on ${[Resource]
              .flat()
              .map((each) => named(each, resources))
              .join(', ')}`,
        );
      const managed = (role.ManagedPolicyArns ?? []).map((arn) => `managed policy ${JSON.stringify(arn)}`);
      const principals = role.AssumeRolePolicyDocument.Statement.map(({ Principal }) => Principal.Service);
      const may = [...grants, ...managed].join('; ') || 'nothing, until you grant it something';
      return `| \`${anySlot(path)}\` | ${code(principals)} | ${may} |`;
    });
}

function code(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

function named(resource: unknown, resources: Readonly<Record<string, PathedResource>>): string {
  const { Ref, 'Fn::GetAtt': attribute } = resource as { readonly Ref?: string; readonly 'Fn::GetAtt'?: readonly string[] };
  const path = resources[Ref ?? attribute?.[0] ?? '']?.path;
  return `\`${path === undefined ? (typeof resource === 'string' ? resource : JSON.stringify(resource)) : anySlot(path)}\``;
}

// Both slots have the same roles.
function anySlot(path: string): string {
  return path.replace(/^App\/(Blue|Green)\//, 'App/SLOT/');
}
