import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../bin/docs/pages';
import { synthesize } from '../../../lib/stack/synthesize';

const page = readFileSync(join(root, 'docs/stages.md'), 'utf8');
const [json, state] = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => JSON.parse(text));
const files = { ...state, ...json.context };

test.each([
  ['dev', { desiredCount: 1, protect: false, slots: { blue: { weight: 0 }, green: { weight: 1, taskCpu: 256 } } }],
  ['prod', { desiredCount: 4, protect: true, slots: { green: { active: false, taskCpu: 512, taskMemory: 1024 } } }],
])('the files of the page about stages are those of %s, too', (stage, expected) => {
  const { settings, template } = synthesize({ ...files, stage }, { files });
  expect(settings).toMatchObject({ appName: `shop-${stage}`, notices: [], ...expected });
  expect(JSON.stringify(template)).toContain(`shop-${stage}-blue`);
});

test('the page shows the files of two stages', () => {
  expect(Object.keys(files).filter((key) => key.endsWith('Active'))).toHaveLength(4);
});
