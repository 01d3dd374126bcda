import type { TemplateResource } from './template-change';

type Properties = readonly string[];

// What only one resource can have at a time, by type: each line of names is taken together, and the last one must be there. A type
// that is not here has to be looked at before its change can be judged.
const taken: Readonly<Record<string, readonly Properties[]>> = {
  'AWS::AppMesh::GatewayRoute': [['MeshName', 'VirtualGatewayName', 'GatewayRouteName']],
  'AWS::AppMesh::Mesh': [['MeshName']],
  'AWS::AppMesh::Route': [['MeshName', 'VirtualRouterName', 'RouteName']],
  'AWS::AppMesh::VirtualGateway': [['MeshName', 'VirtualGatewayName']],
  'AWS::AppMesh::VirtualNode': [['MeshName', 'VirtualNodeName']],
  'AWS::AppMesh::VirtualRouter': [['MeshName', 'VirtualRouterName']],
  'AWS::AppMesh::VirtualService': [['MeshName', 'VirtualServiceName']],
  'AWS::ApplicationAutoScaling::ScalableTarget': [['ServiceNamespace', 'ScalableDimension', 'ResourceId']],
  'AWS::ApplicationAutoScaling::ScalingPolicy': [['ScalingTargetId', 'PolicyName']],
  'AWS::CDK::Metadata': [],
  'AWS::CertificateManager::Certificate': [],
  'AWS::CloudWatch::Alarm': [['AlarmName']],
  'AWS::CloudWatch::CompositeAlarm': [['AlarmName']],
  'AWS::CloudWatch::Dashboard': [['DashboardName']],
  'AWS::EC2::EIP': [],
  'AWS::EC2::InternetGateway': [],
  'AWS::EC2::NatGateway': [],
  'AWS::EC2::Route': [['RouteTableId', 'DestinationCidrBlock']],
  'AWS::EC2::RouteTable': [],
  'AWS::EC2::SecurityGroup': [['VpcId', 'GroupName']],
  'AWS::EC2::SecurityGroupEgress': [
    ['GroupId', 'FromPort', 'ToPort', 'IpProtocol', 'CidrIp'],
    ['GroupId', 'FromPort', 'ToPort', 'IpProtocol', 'DestinationSecurityGroupId'],
    ['GroupId', 'FromPort', 'ToPort', 'IpProtocol', 'DestinationPrefixListId'],
  ],
  'AWS::EC2::SecurityGroupIngress': [
    ['GroupId', 'FromPort', 'ToPort', 'IpProtocol', 'CidrIp'],
    ['GroupId', 'FromPort', 'ToPort', 'IpProtocol', 'SourceSecurityGroupId'],
    ['GroupId', 'FromPort', 'ToPort', 'IpProtocol', 'SourcePrefixListId'],
  ],
  'AWS::EC2::Subnet': [['VpcId', 'CidrBlock']],
  'AWS::EC2::SubnetRouteTableAssociation': [['SubnetId']],
  'AWS::EC2::VPC': [],
  'AWS::EC2::VPCGatewayAttachment': [['VpcId', 'InternetGatewayId']],
  'AWS::ECS::Cluster': [['ClusterName']],
  'AWS::ECS::ClusterCapacityProviderAssociations': [['Cluster']],
  'AWS::ECS::Service': [['Cluster', 'ServiceName']],
  // A family has many revisions.
  'AWS::ECS::TaskDefinition': [],
  'AWS::ElasticLoadBalancingV2::Listener': [['LoadBalancerArn', 'Port']],
  'AWS::ElasticLoadBalancingV2::ListenerRule': [['ListenerArn', 'Priority']],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [['Name']],
  'AWS::ElasticLoadBalancingV2::TargetGroup': [['Name']],
  'AWS::IAM::Policy': [],
  'AWS::IAM::Role': [['RoleName']],
  'AWS::Lambda::Function': [['FunctionName']],
  'AWS::Logs::LogGroup': [['LogGroupName']],
  'AWS::Logs::MetricFilter': [['LogGroupName', 'FilterName']],
  'AWS::Route53::RecordSet': [['HostedZoneId', 'Type', 'Name']],
  'AWS::ServiceDiscovery::PrivateDnsNamespace': [['Vpc', 'Name']],
  'AWS::ServiceDiscovery::Service': [['NamespaceId', 'Name']],
  'AWS::VpcLattice::AccessLogSubscription': [['ResourceIdentifier']],
  'AWS::VpcLattice::AuthPolicy': [['ResourceIdentifier']],
  'AWS::VpcLattice::Listener': [
    ['ServiceIdentifier', 'Port'],
    ['ServiceIdentifier', 'Name'],
  ],
  'AWS::VpcLattice::Rule': [
    ['ListenerIdentifier', 'Priority'],
    ['ListenerIdentifier', 'Name'],
  ],
  'AWS::VpcLattice::Service': [['Name'], ['CustomDomainName']],
  'AWS::VpcLattice::ServiceNetwork': [['Name']],
  'AWS::VpcLattice::ServiceNetworkServiceAssociation': [['ServiceNetworkIdentifier', 'ServiceIdentifier']],
  // "You can connect a VPC to only one service network": https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-networks.html
  'AWS::VpcLattice::ServiceNetworkVpcAssociation': [['VpcIdentifier']],
  'AWS::VpcLattice::TargetGroup': [['Name']],
  'Custom::ReleaseGuard': [],
};

/** What a resource has that no other one can have at the same time, one line each; `undefined`: its type is not known here. */
export function claimsOf({ Type, Properties = {} }: TemplateResource): readonly string[] | undefined {
  return taken[Type]?.flatMap((names) =>
    Properties[names.at(-1) ?? ''] === undefined
      ? []
      : [`${Type} ${names.map((name) => `${name} ${JSON.stringify(Properties[name])}`).join(', ')}`],
  );
}
