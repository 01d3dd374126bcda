import { release } from '../../lib/release/release';
import { stepTable } from '../../lib/settings/step-table';

const deploy = (flags: string) => `\`npx cdk deploy ${flags}\``;
const blueOnly = deploy('-c blueActive=true -c blueWeight=1 -c greenActive=false -c greenWeight=0');
const greenAtNothing = deploy('-c blueActive=true -c blueWeight=1 -c greenActive=true -c greenWeight=0');
const half = deploy('-c blueActive=true -c blueWeight=1 -c greenActive=true -c greenWeight=1');

test('a row for each deploy, with the deploy that undoes it', () => {
  expect(stepTable(release().slice(0, 3)).split('\n')).toEqual([
    '| step | what it does | deploy | go back |',
    '|---|---|---|---|',
    `| 1 | **green at 0**: starts green beside blue; no request reaches it yet | ${greenAtNothing} | ${blueOnly} |`,
    `| 2 | **50/50**: green answers 50 % of the requests | ${half} | ${greenAtNothing} |`,
  ]);
});
