import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stepTemplate } from '../../../lib/operate/declared/step-template';

test('what has to be looked up first is looked up by a command of the service that was asked for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'step-template-'));
  try {
    writeFileSync(join(folder, 'cdk.json'), JSON.stringify({ app: 'none', context: { vpcId: 'vpc-0a1b2c3d4e5f60718' } }));
    const asked = { folder, context: { appName: 'b' }, stage: undefined, stackName: 'b-blue-green' };
    const state = { blue: { active: true, weight: 1 }, green: { active: false, weight: 0 } };
    const made = () => stepTemplate(asked, state, { account: '123456789012', region: 'eu-central-1' });
    expect(made).toThrow('expected it there; run npx cdk diff -c appName=b once, and commit the file');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
