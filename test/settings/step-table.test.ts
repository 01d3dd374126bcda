import { release } from '../../lib/release/release';
import { stepCommandTable, stepTable } from '../../lib/settings/step-table';

test('a row for what the file says at each step, with what changes', () => {
  expect(stepTable(release().slice(0, 3)).split('\n')).toEqual([
    '| step | `blueActive` | `blueWeight` | `greenActive` | `greenWeight` | what it does |',
    '|---|---|---|---|---|---|',
    '|  | true | 1 | false | 0 | before the release: blue answers everything |',
    '| 1 | true | 1 | **true** | 0 | **green at 0**: starts green beside blue; no request reaches it yet |',
    '| 2 | true | 1 | true | **1** | **50/50**: green answers 50 % of the requests |',
  ]);
});

const deploy = (flags: string) => `\`npx cdk deploy ${flags}\``;
const blueOnly = deploy('-c blueActive=true -c blueWeight=1 -c greenActive=false -c greenWeight=0');
const greenAtNothing = deploy('-c blueActive=true -c blueWeight=1 -c greenActive=true -c greenWeight=0');
const half = deploy('-c blueActive=true -c blueWeight=1 -c greenActive=true -c greenWeight=1');

test('a row for each deploy, with the deploy that undoes it', () => {
  expect(stepCommandTable(release().slice(0, 3)).split('\n')).toEqual([
    '| step | | deploy | go back |',
    '|---|---|---|---|',
    `| 1 | green at 0 | ${greenAtNothing} | ${blueOnly} |`,
    `| 2 | 50/50 | ${half} | ${greenAtNothing} |`,
  ]);
});
