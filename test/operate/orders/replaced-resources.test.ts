import { withOwnIds } from '../../../lib/operate/orders/replaced-resources';

it('what is replaced has a logical id of its own wherever it is named', () => {
  const template = {
    Resources: {
      Task: { Type: 'AWS::ECS::TaskDefinition', Properties: { Family: 'Task' } },
      Service: {
        Type: 'AWS::ECS::Service',
        DependsOn: ['Task', 'Role'],
        Properties: {
          TaskDefinition: { Ref: 'Task' },
          Texts: [
            { 'Fn::GetAtt': 'Task.Arn.Part' },
            { 'Fn::GetAtt': ['Task', 'Arn'] },
            { 'Fn::Sub': `\${Task} \${Task.Arn} \${Other} Task` },
            { 'Fn::Sub': [`\${Task}`, { Own: { Ref: 'Task' } }] },
          ],
        },
      },
    },
    Outputs: { Family: { Value: { Ref: 'Task' } } },
  };
  expect(withOwnIds(template, ['Task'])).toEqual({
    Resources: {
      'Task (new)': { Type: 'AWS::ECS::TaskDefinition', Properties: { Family: 'Task' } },
      Service: {
        Type: 'AWS::ECS::Service',
        DependsOn: ['Task (new)', 'Role'],
        Properties: {
          TaskDefinition: { Ref: 'Task (new)' },
          Texts: [
            { 'Fn::GetAtt': ['Task (new)', 'Arn.Part'] },
            { 'Fn::GetAtt': ['Task (new)', 'Arn'] },
            { 'Fn::Sub': `\${Task (new)} \${Task (new).Arn} \${Other} Task` },
            { 'Fn::Sub': [`\${Task (new)}`, { Own: { Ref: 'Task (new)' } }] },
          ],
        },
      },
    },
    Outputs: { Family: { Value: { Ref: 'Task (new)' } } },
  });
});

it('a template of which nothing is replaced is the same', () => {
  const template = { Resources: {} };
  expect(withOwnIds(template, [])).toBe(template);
});
