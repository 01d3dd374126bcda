import { App, type AppProps } from 'aws-cdk-lib';
import { readSettings } from '../lib/settings/read-settings';
import { BlueGreenStack } from '../lib/stack/blue-green-stack';
import { stackNameOf } from '../lib/stack/stack-name';
import { type Context, freshContext } from './fresh-context';
import { madeOnce } from './run/templates';

export { type Context, freshContext } from './fresh-context';

export interface Resource {
  readonly Type: string;
  readonly Properties: any;
  readonly DependsOn?: readonly string[];
}

export interface TemplateJson {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** The app as `bin/app.ts` makes it, with some flags given on top. */
export function appOf(flags: Context = {}, props: AppProps = {}): { readonly app: App; readonly stack: BlueGreenStack } {
  const app = new App({ ...props, context: { ...freshContext, ...flags } });
  const settings = readSettings(app.node.getAllContext());
  const stack = new BlueGreenStack(app, stackNameOf(settings), { settings });
  return { app, stack };
}

/** The synthesized template of a fresh clone with some flags given on top. */
export function templateOf(flags: Context = {}): TemplateJson {
  return madeOnce('app', { ...freshContext, ...flags }, () => {
    const { app, stack } = appOf(flags);
    return app.synth().getStackByName(stack.stackName).template as TemplateJson;
  });
}

/** The resources of one type, by logical id. */
export function resourcesOf(template: TemplateJson, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** The only resource of a type. */
export function resourceOf(template: TemplateJson, type: string): Resource {
  const found = resourcesOf(template, type);
  expect(found).toHaveLength(1);
  return found[0]?.[1] as Resource;
}

/** What a template has as the value of the preview header of a slot: its label, and what nobody knows who does not see the stack. */
export function previewValueOf(label: string) {
  return { 'Fn::Join': ['', [`${label}-`, { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }]] };
}
