import { CloudFormationClient, DeleteStackCommand, UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { emulatorOfBlock } from './emulator-of-block';
import type { Resources } from './stacks';

const balancer = (protect: boolean): Resources => ({
  Balancer: {
    Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    Properties: {
      Type: 'application',
      LoadBalancerAttributes: [{ Key: 'deletion_protection.enabled', Value: `${protect}` }],
    },
  },
});

describe('what is protected is not deleted:', () => {
  const on = emulatorOfBlock();

  test('a load balancer, with its stack', async () => {
    await on.stacks.create('balanced', balancer(true));
    const { status, failures } = await on.stacks.delete('balanced');
    expect(status).toBe('DELETE_FAILED');
    expect(failures.Balancer).toMatch(/cannot be deleted because deletion protection is enabled .*OperationNotPermitted/);
  });

  test('a load balancer that leaves its template, until it is no longer protected', async () => {
    const other: Resources = { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } } };
    await on.stacks.create('leaving', { ...other, ...balancer(true) });
    expect(await on.stacks.update('leaving', other)).toMatchObject({
      status: 'UPDATE_COMPLETE',
      failures: { Balancer: expect.stringContaining('deletion protection is enabled') },
    });
  });

  test('a load balancer whose protection is taken away', async () => {
    await on.stacks.create('unprotected', balancer(true));
    await on.stacks.update('unprotected', balancer(false));
    expect(await on.stacks.delete('unprotected')).toMatchObject({ status: 'DELETE_COMPLETE', failures: {} });
  });

  test('a stack with termination protection', async () => {
    await on.stacks.create('kept', balancer(false));
    const client = new CloudFormationClient(on.emulator.client);
    const protect = (EnableTerminationProtection: boolean) =>
      client.send(new UpdateTerminationProtectionCommand({ StackName: 'kept', EnableTerminationProtection }));
    await protect(true);
    await expect(client.send(new DeleteStackCommand({ StackName: 'kept' }))).rejects.toThrow(/TerminationProtection is enabled/);
    expect(await on.stacks.status('kept')).toBe('CREATE_COMPLETE');
    await protect(false);
    expect(await on.stacks.delete('kept')).toMatchObject({ status: 'DELETE_COMPLETE' });
  });
});
