import { guardCode } from '../../lib/guard/guard-code';
import { DeployedText } from './deployed-text';

const state = (slots: object) => ({ shape: '1', routeWaits: 'true', wayIn: { plane: 'load-balancer' }, slots });
const both = { State: state({ blue: { weight: '1', image: 'shop:1' }, green: { weight: '1', image: 'shop:2' } }) };
const blueOnly = { State: state({ blue: { weight: '1', image: 'shop:1' } }) };
const greenLeaves =
  'active of green: got false, expected true, since green answers requests (weight 1): ' +
  'keep active of green true and weight of green 1, or deploy weight of green 0 first';

describe('the text of the guard, run as it is deployed', () => {
  let guard: DeployedText;

  beforeEach(() => {
    guard = new DeployedText(guardCode());
  });

  afterEach(() => guard.close());

  test('it is one file that imports nothing but the AWS SDK', () => {
    expect([...guardCode().matchAll(/require\((.*)\)/g)].map(([, what]) => what)).toEqual(["'@aws-sdk/client-cloudformation'"]);
  });

  test.each<{ what: string; request: Parameters<DeployedText['call']>[0]; refused?: string; stack?: DeployedText['stack'] }>([
    { what: 'to create', request: { RequestType: 'Create', ResourceProperties: both } },
    { what: 'to delete', request: { RequestType: 'Delete', ResourceProperties: both } },
    { what: 'a safe step', request: { RequestType: 'Update', OldResourceProperties: blueOnly, ResourceProperties: both } },
    {
      what: 'the first step after a guard of another kind',
      request: { RequestType: 'Update', OldResourceProperties: {}, ResourceProperties: both },
    },
    {
      what: 'an unsafe step',
      request: { RequestType: 'Update', OldResourceProperties: both, ResourceProperties: blueOnly },
      refused: `release guard: ${greenLeaves}`,
    },
    {
      what: 'an unsafe step of one of several services',
      request: { RequestType: 'Update', OldResourceProperties: both, ResourceProperties: { ...blueOnly, Service: 'shop' } },
      refused: `release guard: shop: ${greenLeaves}`,
    },
    {
      what: 'an unsafe step in the words of the app',
      request: {
        RequestType: 'Update',
        OldResourceProperties: both,
        ResourceProperties: {
          State: state({ blue: { weight: '0', image: 'shop:3' } }),
          SettingNames: { active: '{slot}Active', weight: '{slot}Weight', image: '{slot}Image' },
        },
      },
      refused:
        'release guard: greenActive: got false, expected true, since green answers requests (weight 1): keep greenActive true and greenWeight 1; ' +
        'blueImage: got "shop:3", expected "shop:1", since blue answers requests (weight 1): keep it, and put the new one into a slot without requests',
    },
    {
      what: 'an unsafe step with a reason',
      request: {
        RequestType: 'Update',
        OldResourceProperties: both,
        ResourceProperties: { ...blueOnly, AllowUnsafe: 'green is broken' },
      },
    },
    {
      what: 'the step after that one',
      request: {
        RequestType: 'Update',
        OldResourceProperties: { ...both, AllowUnsafe: 'green is broken' },
        ResourceProperties: blueOnly,
      },
      refused: `release guard: ${greenLeaves}`,
    },
    {
      what: 'the same way while CloudFormation goes back',
      request: { RequestType: 'Update', OldResourceProperties: both, ResourceProperties: blueOnly },
      stack: ['UPDATE_ROLLBACK_IN_PROGRESS'],
    },
    {
      what: 'the same way while CloudFormation goes back, when it does not tell at once',
      request: { RequestType: 'Update', OldResourceProperties: both, ResourceProperties: blueOnly },
      stack: [403, 403, 'UPDATE_ROLLBACK_IN_PROGRESS'],
    },
    {
      what: 'an unsafe step after a deploy that was rolled back',
      request: { RequestType: 'Update', OldResourceProperties: both, ResourceProperties: blueOnly },
      stack: ['UPDATE_IN_PROGRESS'],
      refused: `release guard: ${greenLeaves}`,
    },
    {
      what: 'states that cannot be compared',
      request: { RequestType: 'Update', OldResourceProperties: { State: { slots: null } }, ResourceProperties: blueOnly },
      refused: 'release guard: could not compare the new state with the old one: ',
    },
  ])('$what', async ({ request, refused, stack }) => {
    guard.stack = [...(stack ?? guard.stack)];
    const { answer, log } = await guard.call(request);

    expect(answer).toMatchObject({
      Status: refused ? 'FAILED' : 'SUCCESS',
      RequestId: 'request-1',
      LogicalResourceId: 'AppGuard',
    });
    expect(answer.Reason ?? '').toMatch(new RegExp(`^${(refused ?? '').replace(/[().]/g, '\\$&')}`));
    expect(answer.PhysicalResourceId).toBe('AppGuard');
    expect(guard.contentTypes).toEqual(['']);
    expect(log).toContain(refused ? `${request.RequestType} refused: ` : `${request.RequestType} let through`);
    // A safe step costs no call, and a look is a look at the own stack.
    const looked = refused || stack ? (stack ?? ['']).length : 0;
    expect(guard.looks).toEqual(Array(looked).fill('arn:aws:cloudformation:us-east-1:123456789012:stack/sample/1'));
  });

  test('CloudFormation does not tell whether it goes back: it says so, and what is wrong', async () => {
    guard.stack = [403];
    const { answer } = await guard.call({ RequestType: 'Update', OldResourceProperties: both, ResourceProperties: blueOnly });
    expect(answer).toMatchObject({
      Status: 'FAILED',
      Reason: `release guard: could not ask CloudFormation whether this is a rollback: not allowed; ${greenLeaves}`,
    });
    expect(guard.looks).toHaveLength(5);
  });

  test('an answer that does not arrive is given again', async () => {
    guard.putStatuses = [503, 500];
    const { answer } = await guard.call({ RequestType: 'Create', ResourceProperties: both, PhysicalResourceId: 'as before' });
    expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'as before' });
  });

  test('many problems fit into what CloudFormation takes', async () => {
    const environment = Array.from({ length: 100 }, (_, index) => `VARIABLE_${index}=ä${index}`);
    const { answer } = await guard.call({
      RequestType: 'Update',
      OldResourceProperties: { State: state({ blue: { weight: '1', environment } }) },
      ResourceProperties: { State: state({ blue: { weight: '1', environment: [] } }) },
    });
    expect(answer.Status).toBe('FAILED');
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(4096);
  });
});
