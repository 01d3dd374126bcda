import { planeNames } from '../../lib/release/plane-limits';
import { resourcesOf, templateOf } from '../app-template';

const account = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
const arn = {
  ArnLike: {
    'aws:SourceArn': {
      'Fn::Join': [
        '',
        ['arn:', { Ref: 'AWS::Partition' }, ':ecs:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':*'],
      ],
    },
  },
};

test.each(planeNames)(
  'on %s, ECS takes on the roles of the tasks for this account only, and the execution roles without a condition',
  (trafficPlane) => {
    const roles = resourcesOf(templateOf({ trafficPlane, greenActive: true }), 'AWS::IAM::Role').filter(
      ([, { Properties }]) => Properties.AssumeRolePolicyDocument.Statement[0].Principal.Service === 'ecs-tasks.amazonaws.com',
    );
    const conditions = roles.map(([id, { Properties }]) => [
      id.slice(0, -8),
      Properties.AssumeRolePolicyDocument.Statement[0].Condition,
    ]);
    const gateway =
      trafficPlane === 'app-mesh'
        ? { AppMeshGatewayExecutionRole: undefined, AppMeshGatewayTaskRole: { ...account, ...arn } }
        : {};
    expect(Object.fromEntries(conditions)).toEqual({
      AppExecutionRole: undefined,
      AppBlueTaskRole: { ...account, ...arn },
      AppGreenTaskRole: { ...account, ...arn },
      ...gateway,
    });
  },
);
