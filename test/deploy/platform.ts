// A CDK app with what an example of the docs takes for granted: networks, clusters, zones, secrets and who is told. What to put in place of
// the ids of the example is in its outputs, by the names of the keys.

import {
  App,
  aws_certificatemanager as acm,
  CfnOutput,
  aws_ec2 as ec2,
  aws_ecs as ecs,
  aws_iam as iam,
  aws_vpclattice as lattice,
  aws_route53 as route53,
  SecretValue,
  Stack,
  aws_s3 as s3,
  aws_secretsmanager as secretsmanager,
  aws_sns as sns,
  aws_ssm as ssm,
  Tags,
} from 'aws-cdk-lib';
import type { Context } from '../fresh-context';
import { productionExamples, stages } from '../production-examples';
import { outputOf } from './platform-outputs';

function define(stack: Stack, plane: string): Record<string, string> {
  const settings: Context = productionExamples().find((example) => example.plane === plane)?.settings ?? {};
  const made: Record<string, string> = {};
  const put = (key: string, value: string) => {
    if (settings[key] !== undefined) {
      made[key] = value;
    }
  };
  const topic = new sns.Topic(stack, 'Topic');
  const bucket = new s3.Bucket(stack, 'AccessLogs');
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('*')],
    }),
  );
  const secrets = stages.flatMap((stage) => Object.values(settings[`${stage}:appSecrets`] as Record<string, string>));
  for (const source of secrets) {
    if (source.startsWith('/')) {
      new ssm.StringParameter(stack, `Parameter${source}`, { parameterName: source, stringValue: 'secret' });
    } else {
      const [secretName, field = ''] = source.split(':');
      const secretObjectValue = { [field]: SecretValue.unsafePlainText('secret') };
      new secretsmanager.Secret(stack, `Secret${source}`, { secretName, secretObjectValue });
    }
  }
  for (const stage of stages) {
    const vpc = new ec2.Vpc(stack, `${stage}Vpc`, {
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
        { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
    });
    // A way out by endpoints, as the CDK is told by this tag.
    for (const subnet of vpc.isolatedSubnets) {
      Tags.of(subnet).add('aws-cdk:subnet-type', 'Private', { priority: 1000 });
    }
    new ecs.Cluster(stack, `${stage}Cluster`, {
      vpc,
      clusterName: `${settings[`${stage}:clusterName`]}`,
      enableFargateCapacityProviders: true,
    });
    const domain = `${settings[`${stage}:domainName`]}`;
    const zoneName = domain.slice(domain.indexOf('.') + 1);
    const zone = new route53.PublicHostedZone(stack, `${stage}Zone`, { zoneName });
    if (settings[`${stage}:certificateArn`]) {
      const validation = acm.CertificateValidation.fromDns(zone);
      put(
        `${stage}:certificateArn`,
        new acm.Certificate(stack, `${stage}Certificate`, { domainName: domain, validation }).certificateArn,
      );
    }
    if (settings[`${stage}:serviceNetworkId`]) {
      const network = new lattice.CfnServiceNetwork(stack, `${stage}Network`, { authType: 'NONE' });
      new lattice.CfnServiceNetworkVpcAssociation(stack, `${stage}Association`, {
        serviceNetworkIdentifier: network.attrId,
        vpcIdentifier: vpc.vpcId,
      });
      put(`${stage}:serviceNetworkId`, network.attrId);
    }
    put(`${stage}:vpcId`, vpc.vpcId);
    put(`${stage}:hostedZone`, zone.hostedZoneId);
    put(`${stage}:alarmTopicArn`, topic.topicArn);
    put(`${stage}:accessLogBucket`, bucket.bucketName);
  }
  return made;
}

const app = new App();
const stack = new Stack(app, 'platform');
for (const [key, value] of Object.entries(define(stack, app.node.tryGetContext('plane')))) {
  new CfnOutput(stack, outputOf(key), { value });
}
